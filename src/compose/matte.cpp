#include "compose/matte.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "compose/coverage.h"
#include "compose/placement_geometry.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

using Color = std::array<float, 3>;  // encoded, 0 to 255

// JPEG and resampling mix the placeholder into this many pixels around it.
constexpr int kBand = 3;

Color color_at(ImageView scene, int x, int y) {
  const std::uint8_t* pixel = scene.row(y) + static_cast<std::ptrdiff_t>(x) * bytes_per_pixel(scene.format);
  if (scene.format == PixelFormat::gray8) return {static_cast<float>(*pixel), static_cast<float>(*pixel), static_cast<float>(*pixel)};
  return {static_cast<float>(pixel[0]), static_cast<float>(pixel[1]), static_cast<float>(pixel[2])};
}

float difference(const Color& a, const Color& b) {
  return std::max({std::abs(a[0] - b[0]), std::abs(a[1] - b[1]), std::abs(a[2] - b[2])});
}

// The placeholder's own colour, channel by channel the median over the inner part of the region.
std::optional<Color> placeholder_color(ImageView scene, const Quad& quad) {
  const Coverage inside(grown(quad, -std::max(2.0, 0.05 * std::sqrt(area(quad)))));
  const Rect box = bounds(quad, scene.size);
  std::array<std::array<int, 256>, 3> histogram{};
  int count = 0;
  for (int y = box.y; y < box.y + box.height; ++y)
    for (int x = box.x; x < box.x + box.width; ++x) {
      if (!inside.all_inside(x, y, x + 1, y + 1)) continue;
      const Color color = color_at(scene, x, y);
      for (std::size_t c = 0; c < 3; ++c) ++histogram[c][static_cast<std::size_t>(color[c])];
      ++count;
    }
  if (count < 16) return std::nullopt;
  Color median{};
  for (std::size_t c = 0; c < 3; ++c) {
    int below = 0;
    std::size_t value = 0;
    while (value < 255 && (below += histogram[c][value]) * 2 < count) ++value;
    median[c] = static_cast<float>(value);
  }
  return median;
}

Color linear_of(const Color& color) {
  const auto& linear = linear_from_srgb8();
  return {linear[static_cast<std::size_t>(color[0])], linear[static_cast<std::size_t>(color[1])],
          linear[static_cast<std::size_t>(color[2])]};
}

float dot(const Color& a, const Color& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

// A placeholder with a hue of its own is known even where a fold or a shadow darkens it.
class Shading {
 public:
  explicit Shading(const Color& key) : key_(linear_of(key)), size_(dot(key_, key_)) {
    const auto [least, most] = std::minmax({key[0], key[1], key[2]});
    usable_ = most - least > kLeastHue && size_ > 0.01F;
  }

  // How much of the placeholder's usual light `color` shows; empty if it is another colour, or hue cannot tell.
  std::optional<float> of(const Color& color) const {
    if (!usable_) return std::nullopt;
    const Color light = linear_of(color);
    const float share = dot(light, key_) / size_;
    if (share < 0.2F || share > 1.4F) return std::nullopt;
    float astray = 0;
    for (std::size_t c = 0; c < 3; ++c) astray += (light[c] - share * key_[c]) * (light[c] - share * key_[c]);
    return astray < kMostAstray * kMostAstray * size_ * share * share ? std::optional(share) : std::nullopt;
  }

 private:
  static constexpr float kLeastHue = 20;      // between the least and the greatest channel, of 255
  static constexpr float kMostAstray = 0.06F;  // share of the colour's length

  Color key_;
  float size_;
  bool usable_ = false;
};

class MatteMaker {
 public:
  MatteMaker(ImageView scene, Rect box, Color key) : scene_(scene), box_(box), key_(key) {
    const std::size_t count = static_cast<std::size_t>(box.width) * static_cast<std::size_t>(box.height);
    sure_.resize(count);
    shade_.assign(count, 1);
    const Shading shading(key);
    for (int y = 0; y < box.height; ++y)
      for (int x = 0; x < box.width; ++x) {
        const std::size_t i = index(x, y);
        sure_[i] = difference(color(x, y), key_) <= kTolerance;
        if (const std::optional<float> share = shading.of(color(x, y))) {
          sure_[i] = true;
          shade_[i] = *share;
        }
      }
    settle_shade();
    mark_near();
  }

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

  Image shade() const {
    Image image({box_.width, box_.height}, PixelFormat::gray8);
    const MutableImageView out = image.edit();
    for (int y = 0; y < box_.height; ++y)
      for (int x = 0; x < box_.width; ++x)
        out.row(y)[x] = static_cast<std::uint8_t>(std::lround(std::clamp(128 * shade_[index(x, y)], 0.0F, 255.0F)));
    return image;
  }

  Image make() const {
    Image image({box_.width, box_.height}, PixelFormat::rgba8);
    const MutableImageView out = image.edit();
    for (int y = 0; y < box_.height; ++y) {
      std::uint8_t* pixel = out.row(y);
      for (int x = 0; x < box_.width; ++x, pixel += 4) {
        const bool mixed = near_[index(x, y)] && !sure_[index(x, y)];
        const Color front = mixed ? front_near(x, y) : color(x, y);
        for (std::size_t c = 0; c < 3; ++c) pixel[c] = static_cast<std::uint8_t>(std::lround(front[c]));
        pixel[3] = static_cast<std::uint8_t>(std::lround(255 * share(x, y, front)));
      }
    }
    return image;
  }

 private:
  static constexpr float kShadeNoise = 0.03F;
  static constexpr float kTolerance = 10;  // JPEG at quality 85 moves a flat colour by up to about 6

  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(box_.width) + static_cast<std::size_t>(x);
  }
  Color color(int x, int y) const { return color_at(scene_, box_.x + x, box_.y + y); }
  bool holds(int x, int y) const { return x >= 0 && y >= 0 && x < box_.width && y < box_.height; }

  // Marks what lies within kBand pixels of the placeholder, in two passes along the axes.
  void mark_near() {
    std::vector<bool> across(sure_.size());
    near_.resize(sure_.size());
    const auto spread = [&](const std::vector<bool>& from, std::vector<bool>& to, int dx, int dy) {
      for (int y = 0; y < box_.height; ++y)
        for (int x = 0; x < box_.width; ++x)
          for (int i = -kBand; i <= kBand && !to[index(x, y)]; ++i)
            if (holds(x + i * dx, y + i * dy) && from[index(x + i * dx, y + i * dy)]) to[index(x, y)] = true;
    };
    spread(sure_, across, 1, 0);
    spread(across, near_, 0, 1);
  }

  // What the placeholder is mixed with at (x, y): the mean of the clean pixels around, nearer ones counting more, or
  // failing that the pixel around that is least like the placeholder.
  Color front_near(int x, int y) const {
    constexpr int kReach = kBand + 2;
    Color sum{};
    float total = 0;
    Color farthest = color(x, y);
    for (int dy = -kReach; dy <= kReach; ++dy)
      for (int dx = -kReach; dx <= kReach; ++dx) {
        if (!holds(x + dx, y + dy)) continue;
        const Color here = color(x + dx, y + dy);
        if (difference(here, key_) > difference(farthest, key_)) farthest = here;
        if (near_[index(x + dx, y + dy)]) continue;
        const float weight = 1 / static_cast<float>(dx * dx + dy * dy);
        for (std::size_t c = 0; c < 3; ++c) sum[c] += weight * here[c];
        total += weight;
      }
    if (total == 0) return farthest;
    for (float& value : sum) value /= total;
    return sum;
  }

  // The placeholder's share of the pixel, if it is mixed with `front` in encoded values, as editors mix.
  float share(int x, int y, const Color& front) const {
    if (sure_[index(x, y)]) return 1;
    if (!near_[index(x, y)]) return 0;
    const Color here = color(x, y);
    float along = 0;
    float length = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      along += (here[c] - front[c]) * (key_[c] - front[c]);
      length += (key_[c] - front[c]) * (key_[c] - front[c]);
    }
    return length < 1 ? 0 : std::clamp(along / length, 0.0F, 1.0F);
  }

  ImageView scene_;
  Rect box_;
  Color key_;
  std::vector<bool> sure_;
  std::vector<float> shade_;
  std::vector<bool> near_;
};

}  // namespace

std::optional<Matte> measure_matte(ImageView scene, const Region& region) {
  if (region.shows != Shows::key && region.shows != Shows::blank) return std::nullopt;
  const std::optional<Color> key = placeholder_color(scene, region.quad);
  if (!key) return std::nullopt;
  const Rect box = bounds(grown(region.quad, 2 * kBand), scene.size);
  const MatteMaker maker(scene, box, *key);
  if (maker.sure_share(Coverage(grown(region.quad, -2))) < 0.5) return std::nullopt;
  return Matte{box, maker.make(), maker.shade()};
}

}  // namespace vitrine
