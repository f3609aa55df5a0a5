#include "compose/warp.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "compose/row_pairs.h"
#include "compose/window_rows.h"

namespace vitrine {
namespace {

// Long rows of an upright artwork are read in one go; tiles of a turned one must be compact, or their windows are large.
constexpr Size kUprightTile{256, 16};
constexpr Size kTurnedTile{64, 64};
// 8 bytes a texel: a window of this size stays in a second-level cache of 1 MiB.
constexpr int kMostTexels = 130'000;
// Pairs of rows of which the same columns are read.
constexpr int kPairsAlike = 4;
// Texels that filters reach beyond a footprint.
constexpr int kMargin = 3;
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
  return largest < 1.2 || upright || turned ? Sampling::separable : Sampling::area;
}

int halvings(double footprint) {
  if (!(footprint >= 2 * kLeastFootprint)) return 0;
  return std::min(kMostHalvings, static_cast<int>(std::floor(std::log2(footprint / kLeastFootprint))));
}

}  // namespace

Warp::Warp(const ArtworkLevels& levels, const PlacementGeometry& geometry, const Quad& shown, Rect target)
    : levels_(levels),
      artwork_from_scene_(geometry.artwork_from_scene),
      source_(geometry.source),
      shown_(shown),
      coverage_(shown) {
  Point middle;
  for (const Point p : shown.corners) middle = {middle.x + p.x / 4, middle.y + p.y / 4};
  const bool turned = sampling_for(artwork_from_scene_.jacobian(middle)) == Sampling::area;
  const Size tile = turned ? kTurnedTile : kUprightTile;
  for (int y = target.y; y < target.y + target.height; y += tile.height)
    for (int x = target.x; x < target.x + target.width; x += tile.width)
      plan({x, y, std::min(tile.width, target.x + target.width - x), std::min(tile.height, target.y + target.height - y)});
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
  for (;;) {
    const double su = std::ldexp(1.0, -tile.level.x);
    const double sv = std::ldexp(1.0, -tile.level.y);
    const int x0 = static_cast<int>(std::floor(u0 * su)) - kMargin;
    const int y0 = static_cast<int>(std::floor(v0 * sv)) - kMargin;
    const int x1 = static_cast<int>(std::ceil(u1 * su)) + kMargin;
    const int y1 = static_cast<int>(std::ceil(v1 * sv)) + kMargin;
    tile.window = {x0, y0, std::max(x1 - x0, kLeastWindow), std::max((y1 - y0 + 1) / 2 * 2, kLeastWindow)};
    const double texels = static_cast<double>(tile.window.width) * tile.window.height;
    if (texels <= kMostTexels) return true;
    if (std::max(rect.width, rect.height) > 8) return false;
    // Eight pixels that still need more: an extreme slant. A coarser level blurs what nobody can see there.
    if (texels <= 8 * kMostTexels) return true;
    const bool wide = tile.window.width > tile.window.height;
    if ((wide ? tile.level.x : tile.level.y) == kMostHalvings) return true;
    ++(wide ? tile.level.x : tile.level.y);
  }
}

Homography Warp::window_from_scene(const WarpTile& tile) const {
  const double su = std::ldexp(1.0, -tile.level.x);
  const double sv = std::ldexp(1.0, -tile.level.y);
  const Homography window_from_artwork{{su, 0, -static_cast<double>(tile.window.x), 0, sv,
                                        -static_cast<double>(tile.window.y), 0, 0, 1}};
  return window_from_artwork * artwork_from_scene_;
}

void Warp::run(const WarpTile& tile, WarpScratch& scratch, const WarpTile* next) const {
  const Homography map = window_from_scene(tile);
  // Rows an odd number of cache lines apart do not fall on each other in the cache.
  const std::ptrdiff_t lines = (tile.window.width + kSlackTexels + 3) / 4 | 1;
  WarpRun run;
  run.stride = lines * 4 * kPairValues;
  run.texels = load_window(tile, map, run.stride, scratch);
  run.width = tile.window.width;
  run.height = tile.window.height;
  run.window_from_scene = map.m;
  run.sampling = tile.sampling;
  scratch.ahead.clear();
  if (next != nullptr) expect(*next, scratch.ahead);
  run.ahead = &scratch.ahead;
  const std::size_t row_floats = static_cast<std::size_t>(tile.rect.width) * 4;
  scratch.rgba.resize(row_floats * static_cast<std::size_t>(tile.rect.height));
  for (int row = 0; row < tile.rect.height; ++row) {
    const int y = tile.rect.y + row;
    const Coverage::Run seen = coverage_.touched_pixels(y, tile.rect.x, tile.rect.x + tile.rect.width);
    run.x = seen.begin + 0.5;
    run.y = y + 0.5;
    run.count = seen.end - seen.begin;
    run.block_y = tile.rect.y + row / kSameArea * kSameArea + std::min(kSameArea, tile.rect.height) / 2.0;
    const std::size_t before = static_cast<std::size_t>(seen.begin - tile.rect.x) * 4;
    if (run.count > 0) warp_run(run, scratch.tables, scratch.rgba.data() + static_cast<std::size_t>(row) * row_floats + before);
  }
}

std::int16_t* Warp::load_window(const WarpTile& tile, const Homography& map, std::ptrdiff_t stride,
                                WarpScratch& scratch) const {
  const Rect window = tile.window;
  const int pairs = window.height / 2;
  std::int16_t* texels = scratch.texels(static_cast<std::size_t>(pairs + kSlackPairs + 1) * static_cast<std::size_t>(stride));
  const WindowRows rows(tile.rect, map, window.width, kMargin);
  Columns columns;
  for (int pair = 0; pair < pairs; ++pair) {
    if (pair % kPairsAlike == 0) columns = rows.columns(2 * pair, 2 * (pair + kPairsAlike));
    const int count = columns.end - columns.begin;
    if (count > 0)
      levels_.load_pair(tile.level, window.y + 2 * pair, window.x + columns.begin, count, scratch.levels,
                        texels + pair * stride + columns.begin * kPairValues);
  }
  return texels;
}

// Lists what the tile's window is made of.
void Warp::expect(const WarpTile& tile, RowFetch& ahead) const {
  const Rect window = tile.window;
  const WindowRows rows(tile.rect, window_from_scene(tile), window.width, kMargin);
  constexpr int kRowsAlike = 2 * kPairsAlike;
  for (int row = 0; row < window.height; row += kRowsAlike) {
    const Columns columns = rows.columns(row, row + kRowsAlike);
    for (int y = row; y < std::min(row + kRowsAlike, window.height); ++y)
      levels_.expect(tile.level, window.y + y, window.x + columns.begin, columns.end - columns.begin, ahead);
  }
}

}  // namespace vitrine
