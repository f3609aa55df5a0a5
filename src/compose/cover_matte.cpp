#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "compose/coverage.h"
#include "compose/matte.h"
#include "compose/placement_geometry.h"
#include "compose/unmix.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

// A pixel this near to the fitted colour is the surface, by noise alone; one must differ by more to be something else.
constexpr float kSame = 12;
constexpr float kOther = 24;
// What is mixed at the sides tells its shares only if it differs from the surface by this much; below, area must do.
constexpr float kTellingContrast = 60;
constexpr float kMutedContrast = 15;
// Corners are good to about a pixel: in this band a darker pixel is rather mixed with the frame than in its shadow.
constexpr double kSideBand = 1.5;
// Lips and shadow lines of frames lie no deeper than this.
constexpr double kLipDepth = 6;
// In cells of the mask: how far from the surface that it knows a gap may lie, and how long a stem may be.
constexpr int kGapReach = 4;
constexpr int kStemReach = 10;
// Half the length of a break in a stem that is bridged, as a share of the region's diagonal.
constexpr double kStemGap = 0.01;

EncodedColor encoded(const LinearColor& color) {
  return {static_cast<float>(srgb8_from_linear(color[0])), static_cast<float>(srgb8_from_linear(color[1])),
          static_cast<float>(srgb8_from_linear(color[2]))};
}

LinearColor decoded(const EncodedColor& color) {
  const auto& linear = linear_from_srgb8();
  return {linear[static_cast<std::size_t>(color[0])], linear[static_cast<std::size_t>(color[1])],
          linear[static_cast<std::size_t>(color[2])]};
}

class CoverMaker {
 public:
  CoverMaker(ImageView scene, const Region& region, const SurfaceFit& fit)
      : scene_(scene),
        fit_(fit),
        box_(bounds(grown(region.quad, 2 * kMixedBand), scene.size)),
        quad_(region.quad),
        inner_(grown(region.quad, -kSideBand)),
        deep_(grown(region.quad, -kLipDepth)) {
    sure_.resize(static_cast<std::size_t>(box_.width) * static_cast<std::size_t>(box_.height));
    for (int y = 0; y < box_.height; ++y)
      for (int x = 0; x < box_.width; ++x) sure_[index(x, y)] = is_surface(box_.x + x, box_.y + y);
    remove_specks();
    keep_only_what_reaches_in();
  }

  // Share of the inner pixels that something else covers.
  double covered_share() const {
    int count = 0;
    int covered = 0;
    for (int y = 0; y < box_.height; ++y)
      for (int x = 0; x < box_.width; ++x) {
        if (!whole_in(inner_, box_.x + x, box_.y + y)) continue;
        ++count;
        covered += sure_[index(x, y)] ? 0 : 1;
      }
    return count == 0 ? 1 : static_cast<double>(covered) / count;
  }

  Matte make() const {
    const Unmixer unmixer(scene_, box_, sure_, [this](int x, int y) { return encoded(fit_.color.at(x, y)); });
    Matte matte{box_, unmixer.matte(), {}};
    settle_sides(matte.image);
    steady_sides(matte.image);
    return matte;
  }

 private:
  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(box_.width) + static_cast<std::size_t>(x);
  }
  static bool whole_in(const Coverage& area, int x, int y) { return area.all_inside(x, y, x + 1, y + 1); }

  // Pixels that the quad does not wholly hold are never sure: beside a frame the mixture tells their share, and on a wall
  // that goes on unchanged the exact area must.
  bool is_surface(int x, int y) const {
    if (!whole_in(quad_, x, y)) return false;
    const LinearColor expected = fit_.color.at(x, y);
    const EncodedColor color = encoded_at(scene_, x, y);
    const float apart = difference(color, encoded(expected));
    const SurfaceMask& mask = fit_.mask;
    if (apart <= kSame) return mask.near_pixel(x, y, kGapReach, SurfaceMask::Cell::surface);
    if (!whole_in(inner_, x, y) || mask.at_pixel(x, y) != SurfaceMask::Cell::surface) return false;
    const bool explained = fit_.explains(decoded(color), expected);
    if (mask.near_pixel(x, y, 1, SurfaceMask::Cell::other)) return apart <= kOther || (explained && !much_darker(color, expected));
    // Stems are too thin for the mask; they lead to things that are not.
    return explained || apart <= 2 * kOther || !mask.near_pixel(x, y, kStemReach, SurfaceMask::Cell::other);
  }

  // As a pixel is that is mixed with a dark thing.
  static bool much_darker(const EncodedColor& color, const LinearColor& expected) {
    return luminance(decoded(color)) < 0.7F * luminance(expected);
  }

  // Single pixels that differ are grain, not things.
  void remove_specks() {
    const std::vector<bool> before = sure_;
    for (int y = 1; y + 1 < box_.height; ++y)
      for (int x = 1; x + 1 < box_.width; ++x) {
        if (before[index(x, y)] || !whole_in(inner_, box_.x + x, box_.y + y)) continue;
        int around = 0;
        for (int dy = -1; dy <= 1; ++dy)
          for (int dx = -1; dx <= 1; ++dx) around += before[index(x + dx, y + dy)] ? 1 : 0;
        if (around >= 6) sure_[index(x, y)] = true;
      }
  }

  // What stands in front of a surface comes in over one of its sides and reaches well into it. What lies free inside is
  // printed there, and a line along a side is the frame's own shadow or lip: both go.
  void keep_only_what_reaches_in() {
    const auto at_side = [&](int x, int y) { return !whole_in(inner_, x, y); };
    const std::vector<bool> from_sides = grow_over(bridged(not_sure()), at_side, std::numeric_limits<int>::max());
    // From the depth back to the side, but not along it.
    const auto in_depth = [&](int x, int y) { return whole_in(deep_, x, y); };
    const std::vector<bool> kept = grow_over(from_sides, in_depth, static_cast<int>(2 * kLipDepth));
    for (int y = 0; y < box_.height; ++y)
      for (int x = 0; x < box_.width; ++x)
        if (!kept[index(x, y)] && whole_in(inner_, box_.x + x, box_.y + y)) sure_[index(x, y)] = true;
  }

  // Stems break where they are thinner than a pixel.
  std::vector<bool> bridged(std::vector<bool> things) const {
    const int reach = std::clamp(static_cast<int>(std::lround(kStemGap * std::hypot(box_.width, box_.height))), 2, 8);
    for (const auto& [dx, dy] : {std::pair{1, 0}, std::pair{0, 1}}) {
      const std::vector<bool> before = things;
      for (int y = 0; y < box_.height; ++y)
        for (int x = 0; x < box_.width; ++x)
          for (int i = -reach; i <= reach && !things[index(x, y)]; ++i) {
            const int nx = x + i * dx;
            const int ny = y + i * dy;
            if (nx >= 0 && ny >= 0 && nx < box_.width && ny < box_.height && before[index(nx, ny)]) things[index(x, y)] = true;
          }
    }
    return things;
  }

  std::vector<bool> not_sure() const {
    std::vector<bool> inverse = sure_;
    inverse.flip();
    return inverse;
  }

  // The pixels of `allowed` that hang together with one of them that `is_seed` accepts, at most `steps` away from it.
  template <typename IsSeed>
  std::vector<bool> grow_over(const std::vector<bool>& allowed, IsSeed is_seed, int steps) const {
    std::vector<bool> reached(allowed.size());
    std::vector<std::size_t> rim;
    std::vector<std::size_t> open;
    const auto visit = [&](int x, int y) {
      const std::size_t i = index(x, y);
      if (reached[i] || !allowed[i]) return;
      reached[i] = true;
      open.push_back(i);
    };
    for (int y = 0; y < box_.height; ++y)
      for (int x = 0; x < box_.width; ++x)
        if (is_seed(box_.x + x, box_.y + y)) visit(x, y);
    for (int step = 0; step < steps && !open.empty(); ++step) {
      rim.swap(open);
      open.clear();
      for (const std::size_t i : rim) {
        const int x = static_cast<int>(i % static_cast<std::size_t>(box_.width));
        const int y = static_cast<int>(i / static_cast<std::size_t>(box_.width));
        for (int ny = std::max(0, y - 1); ny <= std::min(box_.height - 1, y + 1); ++ny)
          for (int nx = std::max(0, x - 1); nx <= std::min(box_.width - 1, x + 1); ++nx) visit(nx, ny);
      }
    }
    return reached;
  }

  // Where the frame is nearly the colour of the surface, shares cannot be read off the pixel: the area inside the quad is
  // taken instead.
  void settle_sides(Image& image) const {
    const MutableImageView view = image.edit();
    for (int y = 0; y < box_.height; ++y)
      for (int x = 0; x < box_.width; ++x) {
        const int px = box_.x + x;
        const int py = box_.y + y;
        if (sure_[index(x, y)] || whole_in(inner_, px, py)) continue;
        std::uint8_t* pixel = view.row(y) + 4 * static_cast<std::ptrdiff_t>(x);
        const EncodedColor front{static_cast<float>(pixel[0]), static_cast<float>(pixel[1]), static_cast<float>(pixel[2])};
        const float contrast = difference(front, encoded(fit_.color.at(px, py)));
        const float trust = std::clamp((contrast - kMutedContrast) / (kTellingContrast - kMutedContrast), 0.0F, 1.0F);
        const float share = trust * static_cast<float>(pixel[3]) + (1 - trust) * 255 * quad_.at(px, py);
        pixel[3] = static_cast<std::uint8_t>(std::lround(share));
      }
  }

  // Single pixels and hairlines along a side are the frame's grain and its shadow, which would show as dots and dashes at
  // the artwork's edge: the median of the shares around goes by what most of them say.
  void steady_sides(Image& image) const {
    const Image before(image.view());
    const MutableImageView view = image.edit();
    for (int y = 1; y + 1 < box_.height; ++y)
      for (int x = 1; x + 1 < box_.width; ++x) {
        const int px = box_.x + x;
        const int py = box_.y + y;
        if (quad_.at(px, py) <= 0 || whole_in(deep_, px, py)) continue;
        // The pixel counts twice, and of two middle shares the larger one: corners keep theirs.
        std::array<std::uint8_t, 10> shares{};
        for (int i = 0; i < 9; ++i)
          shares[static_cast<std::size_t>(i)] = before.row(y + i / 3 - 1)[4 * static_cast<std::ptrdiff_t>(x + i % 3 - 1) + 3];
        shares[9] = before.row(y)[4 * static_cast<std::ptrdiff_t>(x) + 3];
        std::nth_element(shares.begin(), shares.begin() + 5, shares.end());
        view.row(y)[4 * static_cast<std::ptrdiff_t>(x) + 3] = shares[5];
      }
  }

  ImageView scene_;
  const SurfaceFit& fit_;
  Rect box_;
  Coverage quad_;
  Coverage inner_;
  Coverage deep_;
  std::vector<bool> sure_;
};

}  // namespace

std::optional<Matte> measure_cover(ImageView scene, const Region& region, const SurfaceFit& fit) {
  // Unless a detector has looked, what differs may be print, which must not stay in front of the artwork.
  if (region.shows != Shows::plain && !fit.is_bare()) return std::nullopt;
  const CoverMaker maker(scene, region, fit);
  if (maker.covered_share() > (region.shows == Shows::plain ? 0.85 : 0.6)) return std::nullopt;
  return maker.make();
}

}  // namespace vitrine
