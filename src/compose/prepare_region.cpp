#include "compose/prepare_region.h"

#include <cstdint>
#include <optional>

#include "compose/coverage.h"
#include "compose/filled_light.h"

namespace vitrine {
namespace {

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

}  // namespace

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
    if (region.shows == Shows::filled) prepared.light = light_on_print(scene, region);
    return prepared;
  }
  prepared.light = light_on(*fit);
  prepared.matte = measure_cover(scene, surface, *fit);
  return prepared;
}

}  // namespace vitrine
