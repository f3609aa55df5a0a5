#include "compose/surface_mask.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "compose/coverage.h"
#include "compose/placement_geometry.h"
#include "compose/surface_fit.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

using Cell = SurfaceMask::Cell;

// Cells along the geometric mean side: fine enough for leaves, coarse enough for noise.
constexpr double kCellsAlongSide = 360;
// Added to linear light before logarithms, so that the steps of dark 8-bit values do not pass for edges.
constexpr float kFloor = 0.006F;
// Light changes the logarithm by no more than this from cell to cell, noise apart.
constexpr float kSlowStep = 0.055F;
constexpr float kSlowHue = 0.03F;
constexpr float kJpegSteps = 2;  // of 8-bit values, that neighbours may differ by for JPEG's sake
// How far the hue of the clean surface strays, and how much more a shadow may shift it where it takes all light: if the
// scene's own soft shadows have not told how, and if they have.
constexpr float kCleanHue = 0.055F;
constexpr float kShadowHue = 0.30F;
constexpr float kKnownShadowHue = 0.10F;
constexpr float kWanderingHue = 0.35F;
constexpr float kDeepestShadow = 0.90F;
constexpr float kHardShadow = 0.75F;
constexpr float kSameHue = 0.015F;
// What is seen through a gap may differ so much from the surface nearest to it.
constexpr float kGapLight = 0.25F;
constexpr float kGapShade = 0.7F;
constexpr float kGapHue = 0.045F;
// A rim is sharp if so much of the contrast over nine cells lies within three.
constexpr float kSharp = 0.62F;
constexpr float kMostlySharp = 0.55F;

struct CellLook {  // what a cell looks like: logarithm of its light, and its hue as two logarithms of ratios
  float light = 0;
  float red = 0;
  float blue = 0;
  float step = 0;  // what one step of its 8-bit value makes of the logarithm
};

float hue_distance(const CellLook& a, const CellLook& b) { return std::max(std::abs(a.red - b.red), std::abs(a.blue - b.blue)); }

float median(std::vector<float> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

float upper(std::vector<float> values, double share) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

class SurfaceFinder {
 public:
  SurfaceFinder(ImageView scene, const Region& region) {
    mask_.box = bounds(region.quad, scene.size);
    mask_.step = std::clamp(static_cast<int>(std::lround(std::sqrt(area(region.quad)) / kCellsAlongSide)), 1, 16);
    mask_.columns = (mask_.box.width + mask_.step - 1) / mask_.step;
    mask_.rows = (mask_.box.height + mask_.step - 1) / mask_.step;
    const std::size_t count = static_cast<std::size_t>(mask_.columns) * static_cast<std::size_t>(mask_.rows);
    mask_.cells.assign(count, Cell::outside);
    looks_.resize(count);
    measure(scene, Coverage(grown(region.quad, -1.5)));
  }

  SurfaceMask find() {
    if (inside_.size() < 64) return accept_all();
    measure_noise();
    find_clean_colour();
    flood_from_seeds();
    learn_shadows();
    judge_pieces();
    return std::move(mask_);
  }

 private:
  std::size_t index(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(mask_.columns) + static_cast<std::size_t>(column);
  }
  bool holds(int column, int row) const {
    return column >= 0 && row >= 0 && column < mask_.columns && row < mask_.rows &&
           mask_.cells[index(column, row)] != Cell::outside;
  }

  template <typename Visit>
  void for_each_around(std::size_t i, int reach, Visit visit) const {
    const int column = static_cast<int>(i % static_cast<std::size_t>(mask_.columns));
    const int row = static_cast<int>(i / static_cast<std::size_t>(mask_.columns));
    for (int dy = -reach; dy <= reach; ++dy)
      for (int dx = -reach; dx <= reach; ++dx)
        if ((dx != 0 || dy != 0) && holds(column + dx, row + dy)) visit(index(column + dx, row + dy));
  }

  void measure(ImageView scene, const Coverage& inside) {
    const auto& linear = linear_from_srgb8();
    const int bytes = bytes_per_pixel(scene.format);
    const int green = scene.format == PixelFormat::gray8 ? 0 : 1;
    const int blue = scene.format == PixelFormat::gray8 ? 0 : 2;
    for (int row = 0; row < mask_.rows; ++row)
      for (int column = 0; column < mask_.columns; ++column) {
        const int x0 = mask_.box.x + column * mask_.step;
        const int y0 = mask_.box.y + row * mask_.step;
        if (!inside.all_inside(x0, y0, x0 + mask_.step, y0 + mask_.step)) continue;
        const int x1 = std::min(x0 + mask_.step, scene.size.width);
        const int y1 = std::min(y0 + mask_.step, scene.size.height);
        LinearColor sum{};
        for (int y = y0; y < y1; ++y) {
          const std::uint8_t* pixel = scene.row(y) + static_cast<std::ptrdiff_t>(x0) * bytes;
          for (int x = x0; x < x1; ++x, pixel += bytes)
            sum = {sum[0] + linear[pixel[0]], sum[1] + linear[pixel[green]], sum[2] + linear[pixel[blue]]};
        }
        const auto count = static_cast<float>((x1 - x0) * (y1 - y0));
        const LinearColor color{sum[0] / count, sum[1] / count, sum[2] / count};
        const std::size_t i = index(column, row);
        const float g = std::log(color[1] + kFloor);
        looks_[i] = {std::log(luminance(color) + kFloor), std::log(color[0] + kFloor) - g, std::log(color[2] + kFloor) - g,
                     2.2F / std::max(8.0F, static_cast<float>(srgb8_from_linear(luminance(color))))};
        mask_.cells[i] = Cell::other;
        inside_.push_back(i);
      }
  }

  // JPEG moves hue by blocks, more so in the dark.
  float hue_slack(const CellLook& look) const { return hue_noise_ + kJpegSteps * look.step; }
  float slow_light(const CellLook& look) const { return slow_light_ + kJpegSteps * look.step; }

  // The usual difference of neighbours; most pairs of a blank surface show nothing else.
  void measure_noise() {
    std::vector<float> light;
    std::vector<float> hue;
    for (const std::size_t i : inside_) {
      if (i + 1 >= looks_.size() || mask_.cells[i + 1] == Cell::outside) continue;
      light.push_back(std::abs(looks_[i].light - looks_[i + 1].light));
      hue.push_back(hue_distance(looks_[i], looks_[i + 1]));
    }
    if (light.empty()) return;
    slow_light_ = std::min(kSlowStep + 4 * median(std::move(light)), 0.15F);
    hue_noise_ = std::min(2 * median(std::move(hue)), 0.05F);
  }

  bool calm(std::size_t i) const {
    float least = looks_[i].light;
    float most = least;
    float hue = 0;
    for_each_around(i, 1, [&](std::size_t other) {
      least = std::min(least, looks_[other].light);
      most = std::max(most, looks_[other].light);
      hue = std::max(hue, hue_distance(looks_[i], looks_[other]));
    });
    return most - least <= 1.5F * slow_light(looks_[i]) && hue <= kCleanHue + hue_slack(looks_[i]);
  }

  // The hue that most calm cells in good light share, and the light of the brighter ones of them.
  void find_clean_colour() {
    calm_.resize(looks_.size());
    std::vector<std::size_t> calm_cells;
    for (const std::size_t i : inside_) {
      calm_[i] = calm(i);
      if (calm_[i]) calm_cells.push_back(i);
    }
    if (calm_cells.size() * 20 < inside_.size()) calm_cells = inside_;
    constexpr int kBins = 180;  // of every hue that kFloor leaves
    constexpr float kBin = 0.06F;
    static_assert(kBins * kBin > 10.4F);
    std::vector<float> histogram(static_cast<std::size_t>(kBins) * kBins);
    const auto cell = [](int red, int blue) { return static_cast<std::size_t>(red * kBins + blue); };
    const auto bin = [](float value) { return std::clamp(static_cast<int>(std::lround(value / kBin)) + kBins / 2, 1, kBins - 2); };
    // Brighter cells count more: a leaf is calm as well, and darker than paper.
    for (const std::size_t i : calm_cells)
      histogram[cell(bin(looks_[i].red), bin(looks_[i].blue))] += std::exp(0.5F * looks_[i].light);
    CellLook middle{};
    float best = -1;
    for (int r = 1; r + 1 < kBins; ++r)
      for (int b = 1; b + 1 < kBins; ++b) {
        float sum = 0;
        for (int dr = -1; dr <= 1; ++dr)
          for (int db = -1; db <= 1; ++db) sum += histogram[cell(r + dr, b + db)];
        if (sum <= best) continue;
        best = sum;
        middle = {0, static_cast<float>(r - kBins / 2) * kBin, static_cast<float>(b - kBins / 2) * kBin};
      }
    std::vector<float> light, red, blue;
    for (const std::size_t i : calm_cells) {
      if (hue_distance(looks_[i], middle) > 1.5F * kBin) continue;
      light.push_back(looks_[i].light), red.push_back(looks_[i].red), blue.push_back(looks_[i].blue);
    }
    clean_ = {upper(std::move(light), 0.75), median(std::move(red)), median(std::move(blue))};
  }

  // Share of the clean surface's light that a cell lacks.
  float depth(const CellLook& look) const { return std::clamp(1 - std::exp(look.light - clean_.light), 0.0F, 1.0F); }

  CellLook expected_at(float depth) const {
    return {0, clean_.red + depth * shadow_red_, clean_.blue + depth * shadow_blue_};
  }

  bool can_be_surface(const CellLook& look) const {
    const float lacking = depth(look);
    const float slack = knows_shadows_ ? kKnownShadowHue : kShadowHue;
    return lacking <= kDeepestShadow &&
           hue_distance(look, expected_at(lacking)) <= kCleanHue + hue_slack(look) + slack * lacking;
  }

  // Where nothing changes fast, the hue may wander far: from lamplight to daylight, say.
  bool leads_to(std::size_t i) const {
    if (can_be_surface(looks_[i])) return true;
    const float lacking = depth(looks_[i]);
    return calm_[i] && lacking <= kDeepestShadow && hue_distance(looks_[i], expected_at(lacking)) <= kWanderingHue;
  }

  std::vector<std::size_t> seeds() const {
    std::vector<std::size_t> found;
    for (const std::size_t i : inside_)
      if (calm_[i] && depth(looks_[i]) < 0.5F && hue_distance(looks_[i], clean_) <= kCleanHue + hue_slack(looks_[i])) found.push_back(i);
    return found;
  }

  // The largest part that hangs together is the surface; so are others that look as the surface does next to them, as in
  // gaps between leaves.
  void flood_from_seeds() {
    std::vector<bool> reached(looks_.size());
    std::vector<std::vector<std::size_t>> parts;
    std::size_t largest = 0;
    for (const std::size_t seed : seeds()) {
      if (reached[seed]) continue;
      parts.push_back(flood(seed, reached));
      if (parts.back().size() > parts[largest].size()) largest = parts.size() - 1;
    }
    if (parts.empty()) return;
    for (const std::size_t i : parts[largest]) mask_.cells[i] = Cell::surface;
    const std::vector<std::size_t> nearest = nearest_of(parts[largest]);
    std::vector<float> light;
    for (const std::size_t i : parts[largest]) light.push_back(looks_[i].light);
    brightest_ = upper(std::move(light), 0.9) + kGapLight;
    for (const auto& part : parts)
      if (looks_like(part, nearest))
        for (const std::size_t i : part) mask_.cells[i] = Cell::surface;
  }

  // For every cell, the calm one of `sources` that the fewest steps lead to.
  std::vector<std::size_t> nearest_of(const std::vector<std::size_t>& sources) const {
    std::vector<std::size_t> nearest(looks_.size(), looks_.size());
    std::vector<std::size_t> open;
    std::copy_if(sources.begin(), sources.end(), std::back_inserter(open), [&](std::size_t i) { return calm_[i]; });
    for (const std::size_t i : open) nearest[i] = i;
    for (std::size_t next = 0; next < open.size(); ++next)
      for_each_around(open[next], 1, [&](std::size_t other) {
        if (nearest[other] != looks_.size()) return;
        nearest[other] = nearest[open[next]];
        open.push_back(other);
      });
    return nearest;
  }

  // True if most of the part has the colour of the surface nearest to it.
  bool looks_like(const std::vector<std::size_t>& part, const std::vector<std::size_t>& nearest) const {
    // Among leaves it is dark; a pot is dark as well, but large.
    const float shade = part.size() * 200 < inside_.size() ? kGapShade : kGapLight;
    std::size_t alike = 0;
    for (const std::size_t i : part) {
      if (nearest[i] == looks_.size()) continue;
      const CellLook& other = looks_[nearest[i]];
      const float darker = std::max(0.0F, other.light - looks_[i].light);
      const bool lit = darker <= shade && looks_[i].light <= brightest_;
      const bool same = lit && hue_distance(looks_[i], other) <= kGapHue + hue_slack(looks_[i]) + kKnownShadowHue * darker;
      alike += same ? 1U : 0U;
    }
    return alike * 2 > part.size();
  }

  std::vector<std::size_t> flood(std::size_t seed, std::vector<bool>& reached) const {
    std::vector<std::size_t> part{seed};
    reached[seed] = true;
    for (std::size_t next = 0; next < part.size(); ++next) {
      const std::size_t i = part[next];
      // Two things that look alike meet at a rim of little contrast, but a sharp one.
      if (!calm_[i] && is_sharp(i)) continue;
      for_each_around(i, 1, [&](std::size_t other) {
        if (reached[other]) return;
        const bool slow = std::abs(looks_[other].light - looks_[i].light) <= slow_light(looks_[i]) &&
                          hue_distance(looks_[other], looks_[i]) <= kSlowHue + hue_slack(looks_[i]);
        if (!slow || !leads_to(other)) return;
        reached[other] = true;
        part.push_back(other);
      });
    }
    return part;
  }

  // How the hue goes with the depth of the shadows that the flood walked into.
  void learn_shadows() {
    double weight = 0, red = 0, blue = 0;
    std::size_t shaded = 0;
    for (const std::size_t i : inside_) {
      if (mask_.cells[i] != Cell::surface || !calm_[i]) continue;
      const auto lacking = static_cast<double>(depth(looks_[i]));
      shaded += lacking > 0.25 ? 1U : 0U;
      weight += lacking * lacking;
      red += lacking * static_cast<double>(looks_[i].red - clean_.red);
      blue += lacking * static_cast<double>(looks_[i].blue - clean_.blue);
    }
    if (shaded * 50 < inside_.size() || weight <= 0) return;
    shadow_red_ = static_cast<float>(red / weight);
    shadow_blue_ = static_cast<float>(blue / weight);
    knows_shadows_ = true;
  }

  void judge_pieces() {
    std::vector<bool> seen(looks_.size());
    std::vector<std::size_t> accepted;
    for (const std::size_t start : inside_) {
      if (mask_.cells[start] != Cell::other || seen[start]) continue;
      const std::vector<std::size_t> piece = piece_at(start, seen);
      if (is_surface(piece)) accepted.insert(accepted.end(), piece.begin(), piece.end());
    }
    for (const std::size_t i : accepted) mask_.cells[i] = Cell::surface;
  }

  // Cells that hang together and look alike from one to the next.
  std::vector<std::size_t> piece_at(std::size_t start, std::vector<bool>& seen) const {
    std::vector<std::size_t> piece{start};
    seen[start] = true;
    const bool explained = can_be_surface(looks_[start]);
    for (std::size_t next = 0; next < piece.size(); ++next) {
      const std::size_t i = piece[next];
      for_each_around(i, 1, [&](std::size_t other) {
        if (seen[other] || mask_.cells[other] != Cell::other || can_be_surface(looks_[other]) != explained) return;
        seen[other] = true;
        piece.push_back(other);
      });
    }
    return piece;
  }

  bool is_surface(const std::vector<std::size_t>& piece) const {
    std::size_t rim = 0, sharp = 0, foreign = 0, same_hue = 0;
    float deepest = 0;
    for (const std::size_t i : piece) {
      if (!can_be_surface(looks_[i]) || looks_[i].light > brightest_) return false;
      const float lacking = depth(looks_[i]);
      deepest = std::max(deepest, lacking);
      same_hue += hue_distance(looks_[i], expected_at(lacking)) <= kSameHue + hue_slack(looks_[i]) ? 1U : 0U;
      bool at_surface = false, at_foreign = false;
      for_each_around(i, 1, [&](std::size_t other) {
        at_surface |= mask_.cells[other] == Cell::surface;
        at_foreign |= mask_.cells[other] == Cell::other && !can_be_surface(looks_[other]);
      });
      foreign += at_foreign ? 1U : 0U;
      if (!at_surface) continue;
      ++rim;
      sharp += is_sharp(i) ? 1U : 0U;
    }
    // A narrow band between the surface and something else is mixed of both.
    if (foreign > 0 && piece.size() < 2 * foreign) return deepest < 0.12F;
    if (rim == 0) return deepest < 0.5F;  // a gap between things
    // The sun's shadows are sharp, but have no colour of their own.
    if (same_hue * 10 > piece.size() * 9 && deepest < kHardShadow) return true;
    return static_cast<float>(sharp) < kMostlySharp * static_cast<float>(rim);
  }

  bool is_sharp(std::size_t i) const {
    const auto contrast = [&](int reach) {
      float least = looks_[i].light;
      float most = least;
      for_each_around(i, reach, [&](std::size_t other) {
        least = std::min(least, looks_[other].light);
        most = std::max(most, looks_[other].light);
      });
      return most - least;
    };
    return contrast(1) > kSharp * contrast(4);
  }

  SurfaceMask accept_all() {
    for (const std::size_t i : inside_) mask_.cells[i] = Cell::surface;
    return std::move(mask_);
  }

  SurfaceMask mask_;
  std::vector<CellLook> looks_;
  std::vector<std::size_t> inside_;
  std::vector<bool> calm_;
  CellLook clean_{};
  float slow_light_ = kSlowStep;
  float hue_noise_ = 0;
  float brightest_ = 0;  // light of what may still be the surface
  float shadow_red_ = 0;
  float shadow_blue_ = 0;
  bool knows_shadows_ = false;
};

}  // namespace

SurfaceMask::Cell SurfaceMask::at_pixel(int x, int y) const {
  return at(std::clamp((x - box.x) / step, 0, columns - 1), std::clamp((y - box.y) / step, 0, rows - 1));
}

bool SurfaceMask::near_pixel(int x, int y, int reach, Cell kind) const {
  const int column = std::clamp((x - box.x) / step, 0, columns - 1);
  const int row = std::clamp((y - box.y) / step, 0, rows - 1);
  for (int r = std::max(0, row - reach); r <= std::min(rows - 1, row + reach); ++r)
    for (int c = std::max(0, column - reach); c <= std::min(columns - 1, column + reach); ++c)
      if (at(c, r) == kind) return true;
  return false;
}

SurfaceMask find_surface(ImageView scene, const Region& region) { return SurfaceFinder(scene, region).find(); }

}  // namespace vitrine
