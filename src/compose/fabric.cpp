#include "compose/fabric.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "compose/coverage.h"
#include "compose/placement_geometry.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

// What a black cloth's sheen and noise add to its light; without it their ratios would pass for deep folds.
constexpr float kFloor = 0.02F;
// From cloth as bright as the second on, white ink is as bright as the cloth; up to the first, the light is unknown, and
// this is taken.
constexpr float kDarkCloth = 0.30F;
constexpr float kWhiteCloth = 0.60F;
constexpr float kInkOnDark = 0.82F;

float luminance_at(ImageView scene, int x, int y) {
  const auto& linear = linear_from_srgb8();
  const std::uint8_t* pixel = scene.row(y) + static_cast<std::ptrdiff_t>(x) * bytes_per_pixel(scene.format);
  if (scene.format == PixelFormat::gray8) return linear[*pixel];
  return luminance({linear[pixel[0]], linear[pixel[1]], linear[pixel[2]]});
}

// Means over squares, cut at the borders: a running sum along one axis, then along the other.
std::vector<float> box_mean(const std::vector<float>& values, Size size, int radius) {
  const auto width = static_cast<std::size_t>(size.width);
  std::vector<float> across(values.size());
  std::vector<float> result(values.size());
  const auto run = [radius](const float* in, float* out, int count, std::size_t stride) {
    double sum = 0;
    for (int i = 0; i < std::min(radius, count); ++i) sum += in[static_cast<std::size_t>(i) * stride];
    for (int i = 0; i < count; ++i) {
      if (i + radius < count) sum += in[static_cast<std::size_t>(i + radius) * stride];
      if (i - radius > 0) sum -= in[static_cast<std::size_t>(i - radius - 1) * stride];
      const int held = std::min(i + radius, count - 1) - std::max(i - radius, 0) + 1;
      out[static_cast<std::size_t>(i) * stride] = static_cast<float>(sum / held);
    }
  };
  for (int y = 0; y < size.height; ++y) {
    const std::size_t row = static_cast<std::size_t>(y) * width;
    run(values.data() + row, across.data() + row, size.width, 1);
  }
  for (std::size_t x = 0; x < width; ++x) run(across.data() + x, result.data() + x, size.height, width);
  return result;
}

float percentile(std::vector<float> values, double share) {
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

Rect cut(Rect rect, Size size) {
  const int x0 = std::clamp(rect.x, 0, size.width - 1);
  const int y0 = std::clamp(rect.y, 0, size.height - 1);
  return {x0, y0, std::clamp(rect.x + rect.width, x0 + 1, size.width) - x0,
          std::clamp(rect.y + rect.height, y0 + 1, size.height) - y0};
}

}  // namespace

std::vector<float> edge_aware_mean(const std::vector<float>& values, Size size, int radius, float epsilon) {
  std::vector<float> squares(values.size());
  std::transform(values.begin(), values.end(), squares.begin(), [](float value) { return value * value; });
  const std::vector<float> mean = box_mean(values, size, radius);
  const std::vector<float> mean_of_squares = box_mean(squares, size, radius);
  std::vector<float> slope(values.size());
  std::vector<float> offset(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float variance = std::max(0.0F, mean_of_squares[i] - mean[i] * mean[i]);
    slope[i] = variance / (variance + epsilon);
    offset[i] = mean[i] * (1 - slope[i]);
  }
  const std::vector<float> mean_slope = box_mean(slope, size, radius);
  std::vector<float> result = box_mean(offset, size, radius);
  for (std::size_t i = 0; i < values.size(); ++i) result[i] += mean_slope[i] * values[i];
  return result;
}

Fabric::Fabric(ImageView scene, const Quad& quad) : side_(std::sqrt(area(quad))) {
  const double more = 4 + 0.03 * side_;
  box_ = cut(bounds(grown(quad, more), scene.size), scene.size);
  const Size size{box_.width, box_.height};
  std::vector<float> light(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height));
  std::vector<float> inside;
  const Coverage coverage(quad);
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const float value = luminance_at(scene, box_.x + x, box_.y + y);
      light[index(box_.x + x, box_.y + y)] = value;
      if (coverage.all_inside(box_.x + x, box_.y + y, box_.x + x + 1, box_.y + y + 1)) inside.push_back(value);
    }
  const float reference = percentile(inside.empty() ? light : inside, 0.85);
  for (float& value : light) value = (value + kFloor) / (reference + kFloor);
  const int radius = std::max(2, static_cast<int>(0.012 * side_));
  constexpr float kWeaveContrast = 0.06F;
  folds_ = edge_aware_mean(light, size, radius, kWeaveContrast * kWeaveContrast);
  weave_.resize(light.size());
  for (std::size_t i = 0; i < light.size(); ++i) {
    folds_[i] = std::clamp(folds_[i], 0.02F, 1.4F);
    weave_[i] = std::clamp(light[i] / folds_[i], 0.5F, 1.5F);
  }
  const float bright = std::clamp((reference - kDarkCloth) / (kWhiteCloth - kDarkCloth), 0.0F, 1.0F);
  white_ = bright * std::min(1.0F, reference) + (1 - bright) * kInkOnDark;
}

std::size_t Fabric::index(int x, int y) const {
  const int column = std::clamp(x - box_.x, 0, box_.width - 1);
  const int row = std::clamp(y - box_.y, 0, box_.height - 1);
  return static_cast<std::size_t>(row) * static_cast<std::size_t>(box_.width) + static_cast<std::size_t>(column);
}

Relief Fabric::relief(double strength) const {
  // Blurred until only folds are left; the blur is wide against the shift, so that the print never folds over itself.
  const double blur = 0.035 * side_;
  const double longest = 0.015 * side_ * strength;
  constexpr double kSteepFold = 0.3;  // change of the logarithm of the light over one blur
  std::vector<float> smooth(folds_.size());
  std::transform(folds_.begin(), folds_.end(), smooth.begin(), [](float value) { return std::log(value); });
  const int radius = std::max(1, static_cast<int>(blur));
  for (int pass = 0; pass < 3; ++pass) smooth = box_mean(smooth, {box_.width, box_.height}, radius);
  Relief relief;
  relief.box = box_;
  relief.step = std::max(1, radius / 2);
  relief.columns = (box_.width + relief.step - 1) / relief.step;
  relief.rows = (box_.height + relief.step - 1) / relief.step;
  for (int row = 0; row < relief.rows; ++row)
    for (int column = 0; column < relief.columns; ++column) {
      const int x = box_.x + column * relief.step + relief.step / 2;
      const int y = box_.y + row * relief.step + relief.step / 2;
      const auto slope = [&](int dx, int dy) {
        const double rise = smooth[index(x + dx, y + dy)] - smooth[index(x - dx, y - dy)];
        return longest * std::clamp(rise / (2 * kSteepFold), -1.0, 1.0);
      };
      relief.shift.push_back(static_cast<float>(slope(radius, 0)));
      relief.shift.push_back(static_cast<float>(slope(0, radius)));
    }
  return relief;
}

Layer InkMixer::mix(const Layer& art, const Layer& surface, int x, int y) const {
  const auto weave = static_cast<float>(1 + ink_.weave * (fabric_.weave(x, y) - 1));
  const float base = fabric_.white() * fabric_.folds(x, y) * weave;
  const auto under = static_cast<float>(ink_.underbase);
  Layer printed{{}, art.alpha};
  for (std::size_t c = 0; c < 3; ++c)
    printed.color[c] = art.color[c] * (under * base + (1 - under) * surface.color[c]);
  return blended(printed, surface, Blend::normal, BlendSpace::linear);
}

}  // namespace vitrine
