#include "compose/unmix.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace vitrine {

EncodedColor encoded_at(ImageView scene, int x, int y) {
  const std::uint8_t* pixel = scene.row(y) + static_cast<std::ptrdiff_t>(x) * bytes_per_pixel(scene.format);
  const auto value = [&](int c) { return static_cast<float>(pixel[scene.format == PixelFormat::gray8 ? 0 : c]); };
  return {value(0), value(1), value(2)};
}

float difference(const EncodedColor& a, const EncodedColor& b) {
  return std::max({std::abs(a[0] - b[0]), std::abs(a[1] - b[1]), std::abs(a[2] - b[2])});
}

Unmixer::Unmixer(ImageView scene, Rect box, std::vector<bool> sure, Ground ground)
    : scene_(scene), box_(box), sure_(std::move(sure)), ground_(std::move(ground)) {
  mark_near();
}

std::size_t Unmixer::index(int x, int y) const {
  return static_cast<std::size_t>(y) * static_cast<std::size_t>(box_.width) + static_cast<std::size_t>(x);
}

bool Unmixer::holds(int x, int y) const { return x >= 0 && y >= 0 && x < box_.width && y < box_.height; }

EncodedColor Unmixer::color(int x, int y) const { return encoded_at(scene_, box_.x + x, box_.y + y); }

Image Unmixer::matte() const {
  Image image({box_.width, box_.height}, PixelFormat::rgba8);
  const MutableImageView out = image.edit();
  for (int y = 0; y < box_.height; ++y) {
    std::uint8_t* pixel = out.row(y);
    for (int x = 0; x < box_.width; ++x, pixel += 4) {
      const bool mixed = near_[index(x, y)] && !sure_[index(x, y)];
      const EncodedColor front = mixed ? front_near(x, y) : color(x, y);
      for (std::size_t c = 0; c < 3; ++c) pixel[c] = static_cast<std::uint8_t>(std::lround(front[c]));
      pixel[3] = static_cast<std::uint8_t>(std::lround(255 * share(x, y, front)));
    }
  }
  return image;
}

// Marks what lies within kMixedBand pixels of the ground, in two passes along the axes.
void Unmixer::mark_near() {
  std::vector<bool> across(sure_.size());
  near_.resize(sure_.size());
  const auto spread = [&](const std::vector<bool>& from, std::vector<bool>& to, int dx, int dy) {
    for (int y = 0; y < box_.height; ++y)
      for (int x = 0; x < box_.width; ++x)
        for (int i = -kMixedBand; i <= kMixedBand && !to[index(x, y)]; ++i)
          if (holds(x + i * dx, y + i * dy) && from[index(x + i * dx, y + i * dy)]) to[index(x, y)] = true;
  };
  spread(sure_, across, 1, 0);
  spread(across, near_, 0, 1);
}

// What the ground is mixed with at (x, y): the mean of the clean pixels around, nearer ones counting more, or failing
// that the pixel around that is least like the ground.
EncodedColor Unmixer::front_near(int x, int y) const {
  constexpr int kReach = kMixedBand + 2;
  const EncodedColor ground = ground_(box_.x + x, box_.y + y);
  EncodedColor sum{};
  float total = 0;
  EncodedColor farthest = color(x, y);
  for (int dy = -kReach; dy <= kReach; ++dy)
    for (int dx = -kReach; dx <= kReach; ++dx) {
      if (!holds(x + dx, y + dy)) continue;
      const EncodedColor here = color(x + dx, y + dy);
      const bool close = std::abs(dx) <= 2 && std::abs(dy) <= 2;
      if (close && difference(here, ground) > difference(farthest, ground)) farthest = here;
      if (near_[index(x + dx, y + dy)]) continue;
      const float weight = 1 / static_cast<float>(dx * dx + dy * dy);
      for (std::size_t c = 0; c < 3; ++c) sum[c] += weight * here[c];
      total += weight;
    }
  if (total == 0) return farthest;
  for (float& value : sum) value /= total;
  return sum;
}

// The ground's share of the pixel, if it is mixed with `front` in encoded values, as editors mix.
float Unmixer::share(int x, int y, const EncodedColor& front) const {
  if (sure_[index(x, y)]) return 1;
  if (!near_[index(x, y)]) return 0;
  const EncodedColor here = color(x, y);
  const EncodedColor ground = ground_(box_.x + x, box_.y + y);
  float along = 0;
  float length = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    along += (here[c] - front[c]) * (ground[c] - front[c]);
    length += (ground[c] - front[c]) * (ground[c] - front[c]);
  }
  return length < 1 ? 0 : std::clamp(along / length, 0.0F, 1.0F);
}

}  // namespace vitrine
