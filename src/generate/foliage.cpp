#include "generate/foliage.h"

#include <cmath>

#include "generate/noise.h"

namespace vitrine {
namespace {

// Projected half width: how far a leaf's edge is seen from its midrib.
double seen_width(const Camera& camera, const RoomLeaf& leaf, Point base, Point tip) {
  const Vec3 middle = (leaf.base + leaf.tip) * 0.5;
  const Point edge = camera.pixel(middle + leaf.across * leaf.half_width);
  const Point rib = camera.pixel(middle);
  const double size = std::max(std::hypot(tip.x - base.x, tip.y - base.y), 1e-6);
  const double off = std::abs((edge.x - rib.x) * (tip.y - base.y) - (edge.y - rib.y) * (tip.x - base.x)) / size;
  const double full = leaf.half_width * camera.focal / camera.depth(middle);
  return std::max(off, 0.22 * full);
}

}  // namespace

Foliage::Foliage(const Room& room) : room_(room) {
  for (const RoomLeaf& leaf : room.leaves) {
    const Vec3 middle = (leaf.base + leaf.tip) * 0.5;
    const double depth = room.camera.depth(middle);
    if (depth < 0.1 || room.camera.depth(leaf.base) < 0.05 || room.camera.depth(leaf.tip) < 0.05) continue;
    const Point base = room.camera.pixel(leaf.base);
    const Point tip = room.camera.pixel(leaf.tip);
    const Vec3 facing = unit(cross(leaf.across, leaf.tip - leaf.base));
    const Vec3 front = dot(facing, room.camera.pose.z) > 0 ? -facing : facing;
    // Thin leaves pass some of the light that falls on their back.
    const Rgb light = light_at(room.light, middle, front, {0.85F, 1, 1}) +
                      light_at(room.light, middle, -front, {0.85F, 1, 1}) * 0.35F;
    const Rgb lit = leaf.colour * light * leaf.tone;
    leaves_.push_back({{base, tip, seen_width(room.camera, leaf, base, tip), leaf.bend, leaf.profile},
                       depth,
                       lit,
                       mix(lit, light * 0.5F, 0.25F)});
  }
  std::stable_sort(leaves_.begin(), leaves_.end(), [](const Drawn& a, const Drawn& b) { return a.depth > b.depth; });
}

void Foliage::draw_leaf(const Drawn& leaf, int top, int rows, std::vector<Overlay>& band) const {
  const int width = room_.camera.size.width;
  const LeafBounds box = bounds(leaf.shape);
  const int first_x = static_cast<int>(std::clamp(box.left - 1, 0.0, static_cast<double>(width)));
  const int last_x = static_cast<int>(std::clamp(box.right + 2, 0.0, static_cast<double>(width)));
  const int first_y =
      static_cast<int>(std::clamp(box.top - 1, static_cast<double>(top), static_cast<double>(top + rows)));
  const int last_y =
      static_cast<int>(std::clamp(box.bottom + 2, static_cast<double>(top), static_cast<double>(top + rows)));
  const bool stem = leaf.shape.profile == LeafShape::Profile::stem;
  const float vein_share = leaf.shape.half_width > 5 ? 1.0F : 0.0F;
  for (int y = first_y; y < last_y; ++y)
    for (int x = first_x; x < last_x; ++x) {
      const LeafPoint at = leaf_point(leaf.shape, {x + 0.5, y + 0.5});
      const float cover = static_cast<float>(std::clamp(at.distance + 0.5, 0.0, 1.0));
      if (cover <= 0) continue;
      const float across = static_cast<float>(at.across);
      Rgb colour = leaf.lit;
      if (stem) {
        colour = colour * (1 - 0.35F * std::abs(across));
      } else {
        // Folded along the midrib: one half turns to the light; side veins run forward from it.
        const float fold = across > 0 ? 1.0F : 0.78F;
        const float ribs = std::cos(static_cast<float>(at.along * 60 - std::abs(at.across) * 9));
        const float rib = static_cast<float>(std::abs(at.across) * leaf.shape.half_width) < 0.9F ? 0.55F : 0.0F;
        colour = mix(colour * (fold * (1 + 0.05F * ribs * vein_share) * (0.82F + 0.18F * static_cast<float>(at.along))),
                     leaf.veins, rib * vein_share);
      }
      Overlay& pixel =
          band[static_cast<std::size_t>(y - top) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
      pixel.colour = pixel.colour * (1 - cover) + colour * cover;
      pixel.cover = pixel.cover * (1 - cover) + cover;
    }
}

std::vector<Overlay> Foliage::draw(int top, int rows) const {
  std::vector<Overlay> band(static_cast<std::size_t>(rows) * static_cast<std::size_t>(room_.camera.size.width));
  for (const Drawn& leaf : leaves_) draw_leaf(leaf, top, rows, band);
  return band;
}

}  // namespace vitrine
