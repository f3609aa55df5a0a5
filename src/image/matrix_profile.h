#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "vitrine/image/image.h"

namespace vitrine {

/// Takes 16-bit samples of an RGB profile that is three curves and a matrix to 8-bit sRGB. lcms is exact and fast for
/// such profiles with 8 bits only: with 16 it takes half a second a megapixel, or is off by 16 levels in the darks.
class MatrixToSrgb {
 public:
  /// `profile` and `srgb` are handles of lcms; empty if the profile is of another make.
  static std::optional<MatrixToSrgb> from(void* profile, void* srgb);

  /// Rows of rgb or rgba, 16 bits a sample in the machine's byte order, to rgb8 or rgba8.
  void convert_row(const std::uint8_t* in, std::uint8_t* out, int width, int channels) const;

 private:
  using Curve = std::vector<float>;  // linear light of every 16-bit sample
  std::array<Curve, 3> curves_;
  std::array<float, 9> srgb_from_device_{};  // both linear
};

}  // namespace vitrine
