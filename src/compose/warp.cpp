#include "compose/warp.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vitrine {
namespace {

constexpr int kTileWidth = 64;
constexpr int kTileHeight = 32;
// 16 bytes a texel: a window of this size stays in a second-level cache of 512 KiB.
constexpr int kMostTexels = 24'000;
// Below it a level's own filter shows: averaging pairs blurs before the footprint does (measured: 48 dB at 3 texels and
// more, 31 dB at 2, on a zone plate).
constexpr double kLeastFootprint = 3;
// Footprints that lean less than this are filtered as if they were upright.
constexpr double kUprightLean = 0.2;

struct Extent {
  double least_u = std::numeric_limits<double>::infinity();
  double least_v = std::numeric_limits<double>::infinity();
};

bool leans_little(double along, double astray) { return std::abs(astray) <= std::max(kUprightLean * std::abs(along), 0.3); }

// Jacobian {u_x, u_y, v_x, v_y} in texels of a level.
Sampling sampling_for(const std::array<double, 4>& j) {
  const double largest = std::max({std::abs(j[0]), std::abs(j[1]), std::abs(j[2]), std::abs(j[3])});
  const bool upright = leans_little(j[0], j[1]) && leans_little(j[3], j[2]);
  const bool turned = leans_little(j[1], j[0]) && leans_little(j[2], j[3]);
  return largest < 1.2 || upright || turned ? Sampling::separable : Sampling::probes;
}

int halvings(double footprint) {
  if (!(footprint >= 2 * kLeastFootprint)) return 0;
  return std::min(14, static_cast<int>(std::floor(std::log2(footprint / kLeastFootprint))));
}

}  // namespace

Warp::Warp(ArtworkLevels& levels, const PlacementGeometry& geometry, const Quad& shown, Rect target)
    : levels_(levels),
      artwork_from_scene_(geometry.artwork_from_scene),
      source_(geometry.source),
      shown_(shown),
      coverage_(shown) {
  for (int y = target.y; y < target.y + target.height; y += kTileHeight)
    for (int x = target.x; x < target.x + target.width; x += kTileWidth)
      plan({x, y, std::min(kTileWidth, target.x + target.width - x), std::min(kTileHeight, target.y + target.height - y)});
  for (const WarpTile& tile : tiles_) levels_.require(tile.level);
}

void Warp::plan(Rect rect) {
  if (coverage_.all_outside(rect.x, rect.y, rect.x + rect.width, rect.y + rect.height)) return;
  WarpTile tile{rect, {}, {}, Sampling::separable};
  if (place_window(tile)) {
    tiles_.push_back(tile);
    return;
  }
  if (rect.width >= rect.height) {
    const int half = rect.width / 2;
    plan({rect.x, rect.y, half, rect.height});
    plan({rect.x + half, rect.y, rect.width - half, rect.height});
  } else {
    const int half = rect.height / 2;
    plan({rect.x, rect.y, rect.width, half});
    plan({rect.x, rect.y + half, rect.width, rect.height - half});
  }
}

// Chooses level, window and filter for the tile; false if the window is too large and the tile can still be split.
bool Warp::place_window(WarpTile& tile) const {
  const Rect rect = tile.rect;
  const Quad square = quad_of(rect);
  std::vector<Point> part = clip(square.corners, shown_.corners);
  if (part.empty()) part.assign(square.corners.begin(), square.corners.end());

  // What the part needs of the artwork, in artwork pixels, and the smallest footprint on it.
  const double width = distance(source_[0], source_[1]);
  const double height = distance(source_[0], source_[3]);
  double u0 = std::numeric_limits<double>::infinity();
  double v0 = u0;
  double u1 = -u0;
  double v1 = -u0;
  Extent extent;
  std::array<double, 4> steepest{};
  for (const Point p : part) {
    const Point q = artwork_from_scene_(p);
    const auto j = artwork_from_scene_.jacobian(p);
    // Half a pixel to each side of the part, as its footprint does, and no further than the artwork's own surroundings.
    const double reach_u = std::hypot(j[0], j[1]);
    const double reach_v = std::hypot(j[2], j[3]);
    if (!std::isfinite(q.x + q.y + reach_u + reach_v)) continue;
    u0 = std::min(u0, std::max(q.x - reach_u, source_[0].x - width));
    u1 = std::max(u1, std::min(q.x + reach_u, source_[2].x + width));
    v0 = std::min(v0, std::max(q.y - reach_v, source_[0].y - height));
    v1 = std::max(v1, std::min(q.y + reach_v, source_[2].y + height));
    if (reach_u < extent.least_u) extent.least_u = reach_u;
    if (reach_v < extent.least_v) extent.least_v = reach_v;
    for (std::size_t k = 0; k < 4; ++k) steepest[k] += j[k] / static_cast<double>(part.size());
  }
  if (!(u0 <= u1 && v0 <= v1)) u0 = v0 = 0, u1 = v1 = 1;

  tile.level = {halvings(extent.least_u), halvings(extent.least_v)};
  const auto scaled = [&](Level level) {
    const double su = std::ldexp(1.0, -level.x);
    const double sv = std::ldexp(1.0, -level.y);
    return std::array<double, 4>{steepest[0] * su, steepest[1] * su, steepest[2] * sv, steepest[3] * sv};
  };
  tile.sampling = sampling_for(scaled(tile.level));
  if (tile.sampling == Sampling::probes) {
    // Probes step in both axes at once, so both must be halved alike.
    const int both = std::min(tile.level.x, tile.level.y);
    tile.level = {both, both};
  }
  for (;;) {
    const double su = std::ldexp(1.0, -tile.level.x);
    const double sv = std::ldexp(1.0, -tile.level.y);
    const int x0 = static_cast<int>(std::floor(u0 * su)) - kWarpMargin;
    const int y0 = static_cast<int>(std::floor(v0 * sv)) - kWarpMargin;
    const int x1 = static_cast<int>(std::ceil(u1 * su)) + kWarpMargin;
    const int y1 = static_cast<int>(std::ceil(v1 * sv)) + kWarpMargin;
    tile.window = {x0, y0, x1 - x0, y1 - y0};
    const double texels = static_cast<double>(tile.window.width) * tile.window.height;
    if (texels <= kMostTexels) return true;
    if (std::max(rect.width, rect.height) > 8) return false;
    // Eight pixels that still need more: an extreme slant. A coarser level blurs what nobody can see there.
    if (texels <= 8 * kMostTexels) return true;
    ++(tile.window.width > tile.window.height ? tile.level.x : tile.level.y);
  }
}

void Warp::run(const WarpTile& tile, WarpScratch& scratch) const {
  scratch.window.rect = tile.window;
  levels_.load(tile.level, scratch.window);
  scratch.rgba.resize(static_cast<std::size_t>(tile.rect.width) * static_cast<std::size_t>(tile.rect.height) * 4);

  const double su = std::ldexp(1.0, -tile.level.x);
  const double sv = std::ldexp(1.0, -tile.level.y);
  const Homography window_from_artwork{{su, 0, -static_cast<double>(tile.window.x), 0, sv,
                                        -static_cast<double>(tile.window.y), 0, 0, 1}};
  WarpRun run;
  run.texels = scratch.window.texels.data();
  run.stride = static_cast<std::ptrdiff_t>(tile.window.width) * 4;
  run.width = tile.window.width;
  run.height = tile.window.height;
  run.window_from_scene = (window_from_artwork * artwork_from_scene_).m;
  run.x = tile.rect.x + 0.5;
  run.count = tile.rect.width;
  run.sampling = tile.sampling;
  for (int row = 0; row < tile.rect.height; ++row) {
    run.y = tile.rect.y + row + 0.5;
    warp_run(run, scratch.rgba.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(run.count) * 4);
  }
}

}  // namespace vitrine
