#include "detect/lab_color.h"

#include <array>
#include <cmath>

#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

constexpr std::size_t kEntries = 4096;

// The cube root of CIE 15 with its straight part near black, for shares of white in [0, 1].
class RootTable {
 public:
  RootTable() {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const double t = static_cast<double>(i) / kEntries;
      values_[i] = static_cast<float>(t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116);
    }
  }

  float operator()(float share) const {
    const float at = share * kEntries;
    const auto i = static_cast<std::size_t>(at);
    return values_[i] + (at - static_cast<float>(i)) * (values_[i + 1] - values_[i]);
  }

 private:
  std::array<float, kEntries + 3> values_{};  // white may round up past 1
};

}  // namespace

cv::Mat lab_from_rgb(const cv::Mat& rgb) {
  static const RootTable kRoot;
  const std::array<float, 256>& linear = linear_from_srgb8();
  cv::Mat lab(rgb.size(), CV_32FC4);
  for (int y = 0; y < rgb.rows; ++y) {
    const std::uint8_t* from = rgb.ptr(y);
    float* to = lab.ptr<float>(y);
    for (int x = 0; x < rgb.cols; ++x, from += 3, to += 4) {
      const float r = linear[from[0]];
      const float g = linear[from[1]];
      const float b = linear[from[2]];
      // IEC 61966-2-1, each row divided by the white point's value.
      const float fx = kRoot(0.433953f * r + 0.376219f * g + 0.189828f * b);
      const float fy = kRoot(0.212671f * r + 0.715160f * g + 0.072169f * b);
      const float fz = kRoot(0.017758f * r + 0.109477f * g + 0.872765f * b);
      to[0] = 116 * fy - 16;
      to[1] = 500 * (fx - fy);
      to[2] = 200 * (fy - fz);
      to[3] = 0;
    }
  }
  return lab;
}

}  // namespace vitrine
