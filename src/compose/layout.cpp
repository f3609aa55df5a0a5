#include "compose/layout.h"

#include <algorithm>

namespace vitrine {
namespace {

// The artwork reaches this far under what frames a hole or a placeholder, so that no line of ground shows between them.
constexpr double kBleed = 2;

Rect united(Rect a, Rect b) {
  const int x = std::min(a.x, b.x);
  const int y = std::min(a.y, b.y);
  return {x, y, std::max(a.x + a.width, b.x + b.width) - x, std::max(a.y + a.height, b.y + b.height) - y};
}

Rect cut_to(Rect rect, Size size) {
  const int x = std::clamp(rect.x, 0, size.width);
  const int y = std::clamp(rect.y, 0, size.height);
  return {x, y, std::clamp(rect.x + rect.width, 0, size.width) - x, std::clamp(rect.y + rect.height, 0, size.height) - y};
}

// Only ink asks for the scene's own pixels; those of a JPEG that is patched are not decoded for anything else.
ImageView pixels_for(const Template& room, const Look& look) { return look.ink ? room.scene().view() : ImageView{}; }

}  // namespace

Layout::Layout(const Template& room, const Placement& placement)
    : prepared_(&room.parts().prepared[placement.region]),
      mixing_(std::make_unique<const Mixing>(pixels_for(room, placement.look), *prepared_, placement.look)),
      bend_(bend_of(prepared_->region, placement, *mixing_)) {
  const Quad& quad = prepared_->region.quad;
  const Size scene = room.parts().scene.size();
  const double surface = aspect_ratio(quad, scene) * (bend_ ? bend_->stretch() : 1);
  unit_ = fit_in_unit(surface, placement.artwork.size(), placement.fit, placement.look.mat.width);
  geometry_ = place(quad, scene, placement.artwork.size(), placement.fit, placement.look.mat.width);
  // Around a contained artwork the surface shows, or nothing behind a hole; a placeholder's colour must not, so that
  // is painted white over the whole region. A mat fills the region by itself.
  const bool contained = placement.fit == Fit::contain;
  const bool placeholder = prepared_->backing == Backing::placeholder;
  whole_region_ = contained && placeholder;
  const bool bleeds = (prepared_->backing == Backing::hole || prepared_->matte) && (!contained || whole_region_);
  const Quad filled = whole_region_ || placement.fit == Fit::mat ? quad : geometry_.shown;
  shown_ = bleeds ? grown(filled, kBleed) : filled;
  target_ = bounds(shown_, scene);
  // A placeholder goes on beside a bent artwork, and nothing of its colour may stay.
  if (bend_) target_ = cut_to(placeholder ? united(bend_->reach(), prepared_->matte->box) : bend_->reach(), scene);
}

Paint Layout::paint(const Look& look) const {
  const bool natural = look.light == Light::natural;
  Paint paint;
  paint.backing = prepared_->backing;
  paint.light = natural && prepared_->light ? &*prepared_->light : nullptr;
  paint.matte = prepared_->matte ? &*prepared_->matte : nullptr;
  paint.shaded = natural && prepared_->backing == Backing::placeholder;
  paint.opacity = static_cast<float>(look.opacity);
  paint.mixer = mixing_->mixer();
  return paint;
}

}  // namespace vitrine
