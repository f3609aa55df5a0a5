#include "compose/similarity.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace vitrine {
namespace {

std::size_t index(const Size& size, int x, int y) {
  return static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) + static_cast<std::size_t>(x);
}

// Values at the border are repeated.
std::vector<double> gaussian_mean(const std::vector<double>& values, Size size) {
  constexpr int kReach = 5;
  std::array<double, 2 * kReach + 1> weights{};
  double total = 0;
  for (int i = -kReach; i <= kReach; ++i) total += weights[static_cast<std::size_t>(i + kReach)] = std::exp(-i * i / (2 * 1.5 * 1.5));
  for (double& weight : weights) weight /= total;
  const auto along = [&](const std::vector<double>& from, int dx, int dy) {
    std::vector<double> to(from.size());
    for (int y = 0; y < size.height; ++y)
      for (int x = 0; x < size.width; ++x) {
        double sum = 0;
        for (int i = -kReach; i <= kReach; ++i)
          sum += weights[static_cast<std::size_t>(i + kReach)] *
                 from[index(size, std::clamp(x + i * dx, 0, size.width - 1), std::clamp(y + i * dy, 0, size.height - 1))];
        to[index(size, x, y)] = sum;
      }
    return to;
  };
  return along(along(values, 1, 0), 0, 1);
}

std::vector<double> product(const Plane& a, const Plane& b) {
  std::vector<double> values(a.values.size());
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(a.values[i]) * static_cast<double>(b.values[i]);
  return values;
}

double fine_contrast(const Plane& plane, const std::vector<bool>& counted) {
  double sum = 0;
  for (int y = 1; y + 1 < plane.size.height; ++y)
    for (int x = 1; x + 1 < plane.size.width; ++x) {
      double mean = 0;
      bool all = true;
      for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx) {
          const std::size_t i = index(plane.size, x + dx, y + dy);
          all = all && counted[i];
          mean += static_cast<double>(plane.values[i]) / 9;
        }
      if (!all) continue;
      const double detail = static_cast<double>(plane.values[index(plane.size, x, y)]) - mean;
      sum += detail * detail;
    }
  return sum;
}

}  // namespace

double structural_similarity(const Plane& one, const Plane& other, const std::vector<bool>& counted) {
  constexpr double kC1 = 0.01 * 0.01;
  constexpr double kC2 = 0.03 * 0.03;
  const Size size = one.size;
  const auto mean = [&](const Plane& plane) {
    return gaussian_mean(std::vector<double>(plane.values.begin(), plane.values.end()), size);
  };
  const std::vector<double> a = mean(one), b = mean(other);
  const std::vector<double> aa = gaussian_mean(product(one, one), size);
  const std::vector<double> bb = gaussian_mean(product(other, other), size);
  const std::vector<double> ab = gaussian_mean(product(one, other), size);
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!counted[i]) continue;
    const double luminance = (2 * a[i] * b[i] + kC1) / (a[i] * a[i] + b[i] * b[i] + kC1);
    const double structure = (2 * (ab[i] - a[i] * b[i]) + kC2) / (aa[i] - a[i] * a[i] + bb[i] - b[i] * b[i] + kC2);
    sum += luminance * structure;
    ++count;
  }
  return count == 0 ? 1 : sum / static_cast<double>(count);
}

double kept_sharpness(const Plane& seen, const Plane& original, const std::vector<bool>& counted) {
  const double before = fine_contrast(original, counted);
  // Rounding to 8 bits alone makes this much.
  const double rounding = 1e-6 * static_cast<double>(counted.size());
  return before <= rounding ? 1 : std::sqrt(fine_contrast(seen, counted) / before);
}

}  // namespace vitrine
