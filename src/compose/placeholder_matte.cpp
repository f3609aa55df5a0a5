#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "compose/coverage.h"
#include "compose/matte.h"
#include "compose/placement_geometry.h"
#include "compose/unmix.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

// The placeholder's own colour, channel by channel the median over the inner part of the region.
std::optional<EncodedColor> placeholder_color(ImageView scene, const Quad& quad) {
  const Coverage inside(grown(quad, -std::max(2.0, 0.05 * std::sqrt(area(quad)))));
  const Rect box = bounds(quad, scene.size);
  std::array<std::array<int, 256>, 3> histogram{};
  int count = 0;
  for (int y = box.y; y < box.y + box.height; ++y)
    for (int x = box.x; x < box.x + box.width; ++x) {
      if (!inside.all_inside(x, y, x + 1, y + 1)) continue;
      const EncodedColor color = encoded_at(scene, x, y);
      for (std::size_t c = 0; c < 3; ++c) ++histogram[c][static_cast<std::size_t>(color[c])];
      ++count;
    }
  if (count < 16) return std::nullopt;
  EncodedColor median{};
  for (std::size_t c = 0; c < 3; ++c) {
    int below = 0;
    std::size_t value = 0;
    while (value < 255 && (below += histogram[c][value]) * 2 < count) ++value;
    median[c] = static_cast<float>(value);
  }
  return median;
}

// Keys of more hue than this, between red and blue, are nobody's paper.
constexpr float kVivid = 80;

LinearColor linear_of(const EncodedColor& color) {
  const auto& linear = linear_from_srgb8();
  return {linear[static_cast<std::size_t>(color[0])], linear[static_cast<std::size_t>(color[1])],
          linear[static_cast<std::size_t>(color[2])]};
}

float dot(const LinearColor& a, const LinearColor& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

// A placeholder with a hue of its own is known even where a fold or a shadow darkens it.
class Shading {
 public:
  explicit Shading(const EncodedColor& key) : key_(linear_of(key)), size_(dot(key_, key_)) {
    const auto [least, most] = std::minmax({key[0], key[1], key[2]});
    usable_ = most - least > kLeastHue && size_ > 0.01F;
  }

  // How much of the placeholder's usual light `color` shows; empty if it is another colour, or hue cannot tell.
  std::optional<float> of(const EncodedColor& color) const {
    if (!usable_) return std::nullopt;
    const LinearColor light = linear_of(color);
    const float share = dot(light, key_) / size_;
    if (share < 0.2F || share > 1.4F) return std::nullopt;
    float astray = 0;
    for (std::size_t c = 0; c < 3; ++c) astray += (light[c] - share * key_[c]) * (light[c] - share * key_[c]);
    return astray < kMostAstray * kMostAstray * size_ * share * share ? std::optional(share) : std::nullopt;
  }

 private:
  static constexpr float kLeastHue = 20;      // between the least and the greatest channel, of 255
  static constexpr float kMostAstray = 0.05F;  // share of the colour's length

  LinearColor key_;
  float size_;
  bool usable_ = false;
};

// The pixels of the box that are placeholder, and how much of its light each has.
class PlaceholderPixels {
 public:
  PlaceholderPixels(ImageView scene, Rect box, const EncodedColor& key) : box_(box) {
    const std::size_t count = static_cast<std::size_t>(box.width) * static_cast<std::size_t>(box.height);
    sure_.resize(count);
    shaded_.resize(count);
    shade_.assign(count, 1);
    const Shading shading(key);
    for (int y = 0; y < box.height; ++y)
      for (int x = 0; x < box.width; ++x) {
        const std::size_t i = index(x, y);
        const EncodedColor color = encoded_at(scene, box.x + x, box.y + y);
        sure_[i] = difference(color, key) <= kTolerance;
        if (const std::optional<float> share = shading.of(color)) {
          shaded_[i] = true;
          shade_[i] = *share;
        }
      }
    accept_shaded();
    settle_shade();
  }

  const std::vector<bool>& sure() const { return sure_; }

  double sure_share(const Coverage& inside) const {
    int count = 0;
    int sure = 0;
    for (int y = 0; y < box_.height; ++y)
      for (int x = 0; x < box_.width; ++x) {
        if (!inside.all_inside(box_.x + x, box_.y + y, box_.x + x + 1, box_.y + y + 1)) continue;
        ++count;
        sure += sure_[index(x, y)] ? 1 : 0;
      }
    return count == 0 ? 0 : static_cast<double>(sure) / count;
  }

  Image shade() const {
    Image image({box_.width, box_.height}, PixelFormat::gray8);
    const MutableImageView out = image.edit();
    for (int y = 0; y < box_.height; ++y)
      for (int x = 0; x < box_.width; ++x)
        out.row(y)[x] = static_cast<std::uint8_t>(std::lround(std::clamp(128 * shade_[index(x, y)], 0.0F, 255.0F)));
    return image;
  }

 private:
  static constexpr float kTolerance = 10;  // JPEG at quality 85 moves a flat colour by up to about 6
  static constexpr float kShadeNoise = 0.03F;

  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(box_.width) + static_cast<std::size_t>(x);
  }
  bool holds(int x, int y) const { return x >= 0 && y >= 0 && x < box_.width && y < box_.height; }

  // Beside another colour, what looks like shade is a mixture with it.
  void accept_shaded() {
    const auto foreign_near = [&](int x, int y) {
      for (int dy = -2; dy <= 2; ++dy)
        for (int dx = -2; dx <= 2; ++dx)
          if (holds(x + dx, y + dy) && !sure_[index(x + dx, y + dy)] && !shaded_[index(x + dx, y + dy)]) return true;
      return false;
    };
    std::vector<std::size_t> accepted;
    for (int y = 0; y < box_.height; ++y)
      for (int x = 0; x < box_.width; ++x) {
        const std::size_t i = index(x, y);
        if (sure_[i] || !shaded_[i]) continue;
        if (foreign_near(x, y))
          shade_[i] = 1;
        else
          accepted.push_back(i);
      }
    for (const std::size_t i : accepted) sure_[i] = true;
  }

  // The brightest part counts as full light, so that nothing of the artwork is blown out; JPEG noise is no shade.
  void settle_shade() {
    std::vector<float> shares;
    for (std::size_t i = 0; i < sure_.size(); ++i)
      if (sure_[i]) shares.push_back(shade_[i]);
    if (shares.empty()) return;
    const auto at = static_cast<std::ptrdiff_t>(shares.size() - 1 - shares.size() / 20);
    std::nth_element(shares.begin(), shares.begin() + at, shares.end());
    const float brightest = std::max(1.0F, shares[static_cast<std::size_t>(at)]);
    for (float& share : shade_) {
      const float change = std::min(share / brightest, 1.0F) - 1;
      share = 1 + std::min(0.0F, change + kShadeNoise);
    }
  }

  Rect box_;
  std::vector<bool> sure_;
  std::vector<bool> shaded_;  // its hue, in another light
  std::vector<float> shade_;
};

// Takes the placeholder's hue out of what is beside it, where it goes beyond that of the surroundings: the dark rim of a
// purple mug is purple too.
class SpillCleaner {
 public:
  SpillCleaner(const EncodedColor& key, Image& matte) : matte_(matte) {
    const LinearColor light = linear_of(key);
    const float grey = luminance(light);
    for (std::size_t c = 0; c < 3; ++c) hue_[c] = light[c] - grey;
    size_ = dot(hue_, hue_);
  }

  void clean() {
    if (size_ < 1e-3F) return;  // grey has no hue to spill
    const Image before(matte_.view());
    const MutableImageView view = matte_.edit();
    for (int y = 0; y < matte_.height(); ++y)
      for (int x = 0; x < matte_.width(); ++x) {
        std::uint8_t* pixel = view.row(y) + 4 * static_cast<std::ptrdiff_t>(x);
        if (pixel[3] == 255 || !beside_placeholder(before, x, y, kMixedBand)) continue;
        const LinearColor front = front_at(before, x, y);
        const float spilled = spill(front) - std::max(0.0F, spill_around(before, x, y));
        if (spilled <= 0) continue;
        for (std::size_t c = 0; c < 3; ++c) pixel[c] = srgb8_from_linear(front[c] - spilled * hue_[c]);
      }
  }

 private:
  static bool beside_placeholder(ImageView matte, int x, int y, int reach) {
    for (int dy = -reach; dy <= reach; ++dy)
      for (int dx = -reach; dx <= reach; ++dx) {
        const int nx = x + dx, ny = y + dy;
        if (nx < 0 || ny < 0 || nx >= matte.size.width || ny >= matte.size.height) continue;
        if (matte.row(ny)[4 * static_cast<std::ptrdiff_t>(nx) + 3] == 255) return true;
      }
    return false;
  }
  static LinearColor front_at(ImageView matte, int x, int y) {
    const std::uint8_t* pixel = matte.row(y) + 4 * static_cast<std::ptrdiff_t>(x);
    const auto& linear = linear_from_srgb8();
    return {linear[pixel[0]], linear[pixel[1]], linear[pixel[2]]};
  }

  // How much of the placeholder's hue a colour has.
  float spill(const LinearColor& color) const {
    const float grey = luminance(color);
    return dot({color[0] - grey, color[1] - grey, color[2] - grey}, hue_) / size_;
  }

  float spill_around(ImageView matte, int x, int y) const {
    constexpr int kReach = 2 * kMixedBand;
    float sum = 0;
    int count = 0;
    for (int dy = -kReach; dy <= kReach; ++dy)
      for (int dx = -kReach; dx <= kReach; ++dx) {
        const int nx = x + dx, ny = y + dy;
        if (nx < 0 || ny < 0 || nx >= matte.size.width || ny >= matte.size.height) continue;
        if (std::max(std::abs(dx), std::abs(dy)) <= 2 || beside_placeholder(matte, nx, ny, kMixedBand)) continue;
        sum += spill(front_at(matte, nx, ny));
        ++count;
      }
    return count == 0 ? 0 : sum / static_cast<float>(count);
  }

  Image& matte_;
  LinearColor hue_{};
  float size_ = 0;
};

}  // namespace

std::optional<Matte> measure_placeholder(ImageView scene, const Region& region) {
  if (region.shows != Shows::key && region.shows != Shows::blank) return std::nullopt;
  const std::optional<EncodedColor> key = placeholder_color(scene, region.quad);
  if (!key) return std::nullopt;
  const Rect box = bounds(grown(region.quad, 2 * kMixedBand), scene.size);
  const PlaceholderPixels pixels(scene, box, *key);
  // Cream may be paper in warm light, which a detector takes for a key; but then it is hardly ever so even.
  const bool cream = region.shows == Shows::key && (*key)[0] >= (*key)[1] && (*key)[1] >= (*key)[2] && (*key)[0] - (*key)[2] < kVivid;
  if (pixels.sure_share(Coverage(grown(region.quad, -2))) < (cream ? 0.85 : 0.5)) return std::nullopt;
  const Unmixer unmixer(scene, box, pixels.sure(), [key](int, int) { return *key; });
  Matte matte{box, unmixer.matte(), pixels.shade()};
  SpillCleaner(*key, matte.image).clean();
  return matte;
}

}  // namespace vitrine
