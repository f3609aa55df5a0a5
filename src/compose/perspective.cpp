#include "vitrine/compose/perspective.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>

#include "base/thread_pool.h"
#include "compose/bent_warp.h"
#include "compose/filled_light.h"
#include "compose/mixing.h"
#include "compose/paint.h"
#include "compose/placement_rules.h"
#include "compose/sheet.h"
#include "compose/template_parts.h"
#include "compose/warp.h"

namespace vitrine {
namespace {

// The artwork reaches this far under what frames a hole or a placeholder, so that no line of ground shows between them.
constexpr double kBleed = 2;

// Somebody's quad on a scene with transparency means the hole, if most of it is one.
bool is_hole(ImageView scene, const Region& region) {
  if (scene.format != PixelFormat::rgba8) return false;
  if (region.shows == Shows::hole) return true;
  if (region.shows != Shows::given) return false;
  const Coverage inside(region.quad);
  const Rect box = bounds(region.quad, scene.size);
  std::int64_t count = 0;
  std::int64_t open = 0;
  for (int y = box.y; y < box.y + box.height; ++y)
    for (int x = box.x; x < box.x + box.width; ++x)
      if (inside.all_inside(x, y, x + 1, y + 1)) {
        ++count;
        open += scene.row(y)[4 * static_cast<std::ptrdiff_t>(x) + 3] < 128 ? 1 : 0;
      }
  return 2 * open > count;
}

PreparedRegion prepare_region(ImageView scene, const Region& region) {
  PreparedRegion prepared{region, Backing::surface, std::nullopt, std::nullopt};
  if (is_hole(scene, region)) {
    prepared.backing = Backing::hole;
    return prepared;
  }
  prepared.matte = measure_placeholder(scene, region);
  if (prepared.matte) {
    prepared.backing = Backing::placeholder;
    return prepared;
  }
  // What was taken for a flat key and is not flat is a tinted sheet with light on it.
  Region surface = region;
  if (region.shows == Shows::key) surface.shows = Shows::plain;
  const std::optional<SurfaceFit> fit = region.shows == Shows::filled ? std::nullopt : fit_surface(scene, surface);
  if (!fit) {
    if (region.shows != Shows::key) prepared.light = light_on_print(scene, region);
    return prepared;
  }
  prepared.light = light_on(*fit);
  prepared.matte = measure_cover(scene, surface, *fit);
  return prepared;
}

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

Paint paint_for(const PreparedRegion& prepared, const Look& look, const Mixing& mixing) {
  const bool natural = look.light == Light::natural;
  Paint paint;
  paint.backing = prepared.backing;
  paint.light = natural && prepared.light ? &*prepared.light : nullptr;
  paint.matte = prepared.matte ? &*prepared.matte : nullptr;
  paint.shaded = natural && prepared.backing == Backing::placeholder;
  paint.opacity = static_cast<float>(look.opacity);
  paint.mixer = mixing.mixer();
  return paint;
}

class PerspectiveCompositor final : public Compositor {
 public:
  using Compositor::prepare;
  using Compositor::render;

  Template prepare(const Image& scene, const std::vector<Region>& regions, Context& context) const override {
    require_scene(scene);
    auto parts = std::make_shared<TemplateParts>();
    parts->scene = scene;
    parts->regions = regions;
    for (const Region& region : regions) {
      context.check();
      require_usable(region.quad, scene.size());
      parts->prepared.push_back(prepare_region(scene, region));
    }
    context.report(1);
    return Template(std::move(parts));
  }

  Image render(const Template& room, const std::vector<Placement>& placements, const RenderOptions& options,
               Context& context) const override {
    for (const Placement& placement : placements) require_placement(placement, room);
    const Image& scene = room.scene();
    Image mockup = scene.format() == PixelFormat::gray8 ? convert(scene, PixelFormat::rgb8) : scene;
    for (std::size_t i = 0; i < placements.size(); ++i) {
      const auto share = [&](std::size_t done) { return static_cast<double>(done) / static_cast<double>(placements.size()); };
      Context part = context.part(share(i), share(i + 1));
      paint(mockup, scene, room.parts().prepared[placements[i].region], placements[i], options, part);
    }
    const bool opaque_again = mockup.format() == PixelFormat::rgba8 && !has_transparency(mockup);
    return opaque_again ? convert(mockup, PixelFormat::rgb8) : mockup;
  }

 private:
  void paint(Image& mockup, const Image& scene, const PreparedRegion& prepared, const Placement& placement,
             const RenderOptions& options, Context& context) const {
    const Look& look = placement.look;
    const PlacementGeometry geometry =
        place(prepared.region.quad, mockup.size(), placement.artwork.size(), placement.fit, look.mat.width);
    // Around a contained artwork the surface shows, or nothing behind a hole; a placeholder's colour must not, so that
    // is painted white over the whole region. A mat fills the region by itself.
    const bool contained = placement.fit == Fit::contain;
    const bool whole_region = contained && prepared.backing == Backing::placeholder;
    const bool bleeds = (prepared.backing == Backing::hole || prepared.matte) && (!contained || whole_region);
    const Quad filled = whole_region || placement.fit == Fit::mat ? prepared.region.quad : geometry.shown;
    const Quad shown = bleeds ? grown(filled, kBleed) : filled;
    const Rect target = bounds(shown, mockup.size());
    if (target.empty()) return;

    ArtworkLevels levels(placement.artwork);
    const Mixing mixing(scene, prepared, look);
    Paint paint = paint_for(prepared, look, mixing);
    if (const std::optional<Bend> bend = bend_of(prepared.region, placement, mixing)) {
      paint.mockup = mockup.edit();
      paint_bent(paint, levels, *bend, placement, options, context);
      return;
    }
    const Warp warp(levels, geometry, shown, target);
    const Coverage coverage(shown);
    const Coverage artwork_coverage(geometry.shown);
    const Sheet sheet(prepared.region.quad, mockup.size(), geometry, placement.fit, look);
    paint.mockup = mockup.edit();
    paint.shown = &coverage;
    paint.artwork = whole_region ? &artwork_coverage : nullptr;

    std::atomic<std::size_t> done = 0;
    pool_.for_each(warp.tiles().size(), options.threads, context, [&](std::size_t i) {
      thread_local WarpScratch scratch;
      const WarpTile& tile = warp.tiles()[i];
      warp.run(tile, scratch);
      if (!sheet.plain()) sheet.finish(tile.rect, scratch.rgba.data());
      paint.tile(tile.rect, scratch.rgba.data());
      context.report(static_cast<double>(++done) / static_cast<double>(warp.tiles().size()));
    });
  }

  void paint_bent(Paint paint, ArtworkLevels& levels, const Bend& bend, const Placement& placement,
                  const RenderOptions& options, Context& context) const {
    const Size scene = paint.mockup.size;
    const Size artwork = placement.artwork.size();
    const double surface = aspect_ratio(bend.quad(), scene) * bend.stretch();
    // A placeholder goes on beside the artwork, and nothing of its colour may stay.
    const Rect area = paint.backing == Backing::placeholder ? united(bend.reach(), paint.matte->box) : bend.reach();
    const BentWarp warp(levels, bend, fit_in_unit(surface, artwork, placement.fit), artwork, cut_to(area, scene));
    const Coverage everywhere(quad_of({-1, -1, scene.width + 2, scene.height + 2}));
    paint.shown = &everywhere;  // the cells are cut to the surface themselves
    std::atomic<std::size_t> done = 0;
    pool_.for_each(warp.cells().size(), options.threads, context, [&](std::size_t i) {
      thread_local WarpScratch scratch;
      const BentWarp::Cell& cell = *warp.cells()[i];
      for (const WarpTile& tile : cell.warp.tiles()) {
        cell.warp.run(tile, scratch);
        BentWarp::cut(cell, tile.rect, scratch.rgba.data());
        paint.tile(tile.rect, scratch.rgba.data());
      }
      context.report(static_cast<double>(++done) / static_cast<double>(warp.cells().size()));
    });
  }

  mutable ThreadPool pool_;
};

}  // namespace

std::unique_ptr<Compositor> make_perspective_compositor() { return std::make_unique<PerspectiveCompositor>(); }

}  // namespace vitrine
