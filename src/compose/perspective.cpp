#include "vitrine/compose/perspective.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>

#include "base/thread_pool.h"
#include "compose/bent_warp.h"
#include "compose/paint.h"
#include "compose/layout.h"
#include "compose/patch_rects.h"
#include "compose/placement_rules.h"
#include "compose/prepare_region.h"
#include "compose/sheet.h"
#include "compose/template_parts.h"
#include "compose/warp.h"
#include "vitrine/base/log.h"

namespace vitrine {
namespace {

class PerspectiveCompositor final : public Compositor {
 public:
  using Compositor::prepare;
  using Compositor::render;

  Template prepare(const Image& scene, const std::vector<Region>& regions, Context& context) const override {
    require_scene(scene);
    return measured(scene, ScenePicture(scene), regions, context);
  }

  Template prepare_encoded(ByteView scene, const std::vector<Region>& regions, const DecodeOptions& decoding,
                           Context& context) const override {
    if (sniff_format(scene) != FileFormat::jpeg || decoding.at_least)
      return Compositor::prepare_encoded(scene, regions, decoding, context);
    PatchableJpeg::Made made = PatchableJpeg::from(scene, decoding);
    if (made.jpeg) return measured(made.jpeg->decode(), ScenePicture(made.jpeg), regions, context);
    log(LogLevel::info, "compose", "Mockups in this scene are decoded and encoded whole. " + made.obstacle);
    const Image pixels = decode_image(scene, decoding);
    return measured(pixels, ScenePicture(pixels, std::move(made.obstacle)), regions, context);
  }

  Image render(const Template& room, const std::vector<Placement>& placements, const RenderOptions& options,
               Context& context) const override {
    for (const Placement& placement : placements) require_placement(placement, room);
    const Image& scene = room.scene();
    Image mockup = scene.format() == PixelFormat::gray8 ? convert(scene, PixelFormat::rgb8) : scene;
    for (std::size_t i = 0; i < placements.size(); ++i) {
      const auto share = [&](std::size_t done) { return static_cast<double>(done) / static_cast<double>(placements.size()); };
      Context part = context.part(share(i), share(i + 1));
      const Layout layout(room, placements[i]);
      paint(mockup.edit(), layout, placements[i], options, part);
    }
    const bool opaque_again = mockup.format() == PixelFormat::rgba8 && !has_transparency(mockup);
    return opaque_again ? convert(mockup, PixelFormat::rgb8) : mockup;
  }

  Bytes render_encoded(const Template& room, const std::vector<Placement>& placements, const EncodeOptions& encoding,
                       const RenderOptions& options, Context& context) const override {
    if (const std::string obstacle = patch_obstacle(room, encoding); !obstacle.empty()) {
      if (log_enabled(LogLevel::debug)) log(LogLevel::debug, "compose", "A mockup is encoded whole. " + obstacle);
      return Compositor::render_encoded(room, placements, encoding, options, context);
    }
    for (const Placement& placement : placements) require_placement(placement, room);
    const PatchableJpeg& scene = *room.parts().scene.jpeg();
    std::vector<Layout> layouts;
    std::vector<Rect> targets;
    for (const Placement& placement : placements) {
      layouts.emplace_back(room, placement);
      targets.push_back(layouts.back().target());
    }
    std::vector<JpegPatch> patches;
    for (const Rect& rect : patch_rects(scene, targets)) {
      context.check();
      patches.push_back(scene.patch(rect));
      Context part = context.part(0, 0.8);
      for (std::size_t i = 0; i < placements.size(); ++i)
        if (!targets[i].empty() && holds(rect, targets[i]))
          paint(in_scene(patches.back(), scene.size()), layouts[i], placements[i], options, part);
    }
    context.check();
    return scene.with(patches);
  }

 private:
  static Template measured(const Image& pixels, ScenePicture scene, const std::vector<Region>& regions,
                           Context& context) {
    auto parts = std::make_shared<TemplateParts>();
    parts->scene = std::move(scene);
    parts->regions = regions;
    for (const Region& region : regions) {
      context.check();
      require_usable(region.quad, pixels.size());
      parts->prepared.push_back(prepare_region(pixels, region));
    }
    context.report(1);
    return Template(std::move(parts));
  }

  // `mockup` is addressed by scene pixels; only those of the layout's target are touched.
  void paint(const MutableImageView& mockup, const Layout& layout, const Placement& placement, const RenderOptions& options,
             Context& context) const {
    if (layout.target().empty()) return;
    const ArtworkLevels levels(placement.artwork);
    Paint paint = layout.paint(placement.look);
    paint.mockup = mockup;
    if (layout.bend()) return paint_bent(paint, levels, layout, placement, options, context);
    const Warp warp(levels, layout.geometry(), layout.shown(), layout.target());
    const Coverage coverage(layout.shown());
    const Coverage artwork_coverage(layout.geometry().shown);
    const Sheet sheet(layout.region().quad, mockup.size, layout.geometry(), placement.fit, placement.look);
    paint.shown = &coverage;
    paint.artwork = layout.whole_region() ? &artwork_coverage : nullptr;

    // Neighbours stay together: while one is filtered, what the next one reads is fetched.
    constexpr std::size_t kNeighbours = 4;
    const std::vector<WarpTile>& tiles = warp.tiles();
    std::atomic<std::size_t> done = 0;
    pool_.for_each((tiles.size() + kNeighbours - 1) / kNeighbours, options.threads, context, [&](std::size_t piece) {
      const WarpScratchPool::Loan scratch(scratch_);
      const std::size_t end = std::min((piece + 1) * kNeighbours, tiles.size());
      for (std::size_t i = piece * kNeighbours; i < end; ++i) {
        context.check();
        warp.run(tiles[i], *scratch, i + 1 < tiles.size() ? &tiles[i + 1] : nullptr);
        if (!sheet.plain()) sheet.finish(tiles[i].rect, scratch->rgba.data());
        paint.tile(tiles[i].rect, scratch->rgba.data());
        context.report(static_cast<double>(++done) / static_cast<double>(tiles.size()));
      }
    });
  }

  void paint_bent(Paint paint, const ArtworkLevels& levels, const Layout& layout, const Placement& placement,
                  const RenderOptions& options, Context& context) const {
    const BentWarp warp(levels, *layout.bend(), layout.unit(), placement.artwork.size(), layout.target());
    const Coverage everywhere(quad_of({-1, -1, paint.mockup.size.width + 2, paint.mockup.size.height + 2}));
    paint.shown = &everywhere;  // the cells are cut to the surface themselves
    std::atomic<std::size_t> done = 0;
    pool_.for_each(warp.cells().size(), options.threads, context, [&](std::size_t i) {
      const WarpScratchPool::Loan scratch(scratch_);
      const BentWarp::Cell& cell = *warp.cells()[i];
      for (const WarpTile& tile : cell.warp.tiles()) {
        cell.warp.run(tile, *scratch);
        BentWarp::cut(cell, tile.rect, scratch->rgba.data());
        paint.tile(tile.rect, scratch->rgba.data());
      }
      context.report(static_cast<double>(++done) / static_cast<double>(warp.cells().size()));
    });
  }

  mutable WarpScratchPool scratch_;
  mutable ThreadPool pool_;  // last: its threads end while the scratch is still there
};

}  // namespace

std::unique_ptr<Compositor> make_perspective_compositor() { return std::make_unique<PerspectiveCompositor>(); }

}  // namespace vitrine
