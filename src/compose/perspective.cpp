#include "vitrine/compose/perspective.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/thread_pool.h"
#include "compose/paint.h"
#include "compose/patch_rects.h"
#include "compose/template_parts.h"
#include "compose/warp.h"
#include "vitrine/base/log.h"

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
  if (region.shows == Shows::filled || region.shows == Shows::key) return prepared;
  if (const std::optional<SurfaceFit> fit = fit_surface(scene, region)) {
    prepared.light = light_on(*fit);
    prepared.matte = measure_cover(scene, region, *fit);
  }
  return prepared;
}

void require_placement(const Placement& placement, const Template& room) {
  if (placement.artwork.empty()) throw std::invalid_argument("The artwork is empty. Give an image with pixels.");
  if (!is_8bit(placement.artwork.format()))
    throw std::invalid_argument("The artwork holds floats. Give an 8-bit image: gray8, rgb8 or rgba8.");
  if (placement.region >= room.regions().size())
    throw std::invalid_argument("The placement names region " + std::to_string(placement.region) + "; the template has " +
                                std::to_string(room.regions().size()) + ", counted from 0.");
  if (!(placement.look.opacity >= 0 && placement.look.opacity <= 1))
    throw std::invalid_argument("The opacity is " + std::to_string(placement.look.opacity) + "; it must lie in [0, 1].");
}

// Where a placement lands and what is painted there.
struct Layout {
  PlacementGeometry geometry;
  bool whole_region;  // white is painted around the artwork
  Quad shown;
  Rect target;
};

Layout layout_of(const PreparedRegion& prepared, const Placement& placement, Size scene) {
  const PlacementGeometry geometry = place(prepared.region.quad, scene, placement.artwork.size(), placement.fit);
  // Around a contained artwork the surface shows, or nothing behind a hole; a placeholder's colour must not, so that
  // is painted white over the whole region.
  const bool contained = placement.fit == Fit::contain;
  const bool whole_region = contained && prepared.backing == Backing::placeholder;
  const bool bleeds = (prepared.backing == Backing::hole || prepared.matte) && (!contained || whole_region);
  const Quad filled = whole_region ? prepared.region.quad : geometry.shown;
  const Quad shown = bleeds ? grown(filled, kBleed) : filled;
  return {geometry, whole_region, shown, bounds(shown, scene)};
}

class PerspectiveCompositor final : public Compositor {
 public:
  using Compositor::prepare;
  using Compositor::render;

  Template prepare(const Image& scene, const std::vector<Region>& regions, Context& context) const override {
    if (scene.empty() || !is_8bit(scene.format()))
      throw std::invalid_argument("A scene must be an 8-bit image with pixels.");
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
      const PreparedRegion& prepared = room.parts().prepared[placements[i].region];
      paint(mockup.edit(), prepared, layout_of(prepared, placements[i], scene.size()), placements[i], options, part);
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
      layouts.push_back(layout_of(room.parts().prepared[placement.region], placement, scene.size()));
      targets.push_back(layouts.back().target);
    }
    std::vector<JpegPatch> patches;
    for (const Rect& rect : patch_rects(scene, targets)) {
      context.check();
      patches.push_back(scene.patch(rect));
      Context part = context.part(0, 0.8);
      for (std::size_t i = 0; i < placements.size(); ++i)
        if (!targets[i].empty() && holds(rect, targets[i]))
          paint(in_scene(patches.back(), scene.size()), room.parts().prepared[placements[i].region], layouts[i],
                placements[i], options, part);
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
  void paint(const MutableImageView& mockup, const PreparedRegion& prepared, const Layout& layout,
             const Placement& placement, const RenderOptions& options, Context& context) const {
    if (layout.target.empty()) return;
    const ArtworkLevels levels(placement.artwork);
    const Warp warp(levels, layout.geometry, layout.shown, layout.target);
    const Coverage coverage(layout.shown);
    const Coverage artwork_coverage(layout.geometry.shown);
    Paint paint;
    paint.mockup = mockup;
    paint.shown = &coverage;
    paint.artwork = layout.whole_region ? &artwork_coverage : nullptr;
    paint.backing = prepared.backing;
    paint.light = placement.look.light == Light::natural && prepared.light ? &*prepared.light : nullptr;
    paint.matte = prepared.matte ? &*prepared.matte : nullptr;
    paint.shaded = placement.look.light == Light::natural && prepared.backing == Backing::placeholder;
    paint.opacity = static_cast<float>(placement.look.opacity);

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
        paint.tile(tiles[i].rect, scratch->rgba.data());
        context.report(static_cast<double>(++done) / static_cast<double>(tiles.size()));
      }
    });
  }

  mutable WarpScratchPool scratch_;
  mutable ThreadPool pool_;  // last: its threads end while the scratch is still there
};

}  // namespace

std::unique_ptr<Compositor> make_perspective_compositor() { return std::make_unique<PerspectiveCompositor>(); }

}  // namespace vitrine
