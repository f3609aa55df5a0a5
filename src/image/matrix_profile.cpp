#include "image/matrix_profile.h"

#include <lcms2.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

using Matrix = std::array<double, 9>;
constexpr std::size_t kSamples = 65536;

// The primaries as columns, in XYZ under the profiles' common white.
std::optional<Matrix> primaries_of(void* profile) {
  Matrix matrix{};
  constexpr std::array kTags{cmsSigRedColorantTag, cmsSigGreenColorantTag, cmsSigBlueColorantTag};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto* xyz = static_cast<const cmsCIEXYZ*>(cmsReadTag(profile, kTags[i]));
    if (xyz == nullptr) return std::nullopt;
    matrix[i] = xyz->X;
    matrix[3 + i] = xyz->Y;
    matrix[6 + i] = xyz->Z;
  }
  return matrix;
}

Matrix inverse(const Matrix& m) {
  const Matrix adjugate{m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
                        m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
                        m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3]};
  const double det = m[0] * adjugate[0] + m[1] * adjugate[3] + m[2] * adjugate[6];
  Matrix result{};
  std::transform(adjugate.begin(), adjugate.end(), result.begin(), [&](double entry) { return entry / det; });
  return result;
}

std::optional<std::array<std::vector<float>, 3>> curves_of(void* profile) {
  std::array<std::vector<float>, 3> curves;
  constexpr std::array kTags{cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto* curve = static_cast<const cmsToneCurve*>(cmsReadTag(profile, kTags[i]));
    if (curve == nullptr) return std::nullopt;
    curves[i].resize(kSamples);
    for (std::size_t k = 0; k < kSamples; ++k)
      curves[i][k] = cmsEvalToneCurveFloat(curve, static_cast<float>(k) / 65535.0F);
  }
  return curves;
}

std::array<std::uint16_t, 4> samples_at(const std::uint8_t* in, std::size_t channels) {
  std::array<std::uint16_t, 4> samples{};
  std::copy_n(in, 2 * channels, reinterpret_cast<std::uint8_t*>(samples.data()));
  return samples;
}

}  // namespace

std::optional<MatrixToSrgb> MatrixToSrgb::from(void* profile, void* srgb) {
  if (!cmsIsMatrixShaper(profile) || cmsGetPCS(profile) != cmsSigXYZData) return std::nullopt;
  const auto device = primaries_of(profile);
  const auto target = primaries_of(srgb);
  auto curves = curves_of(profile);
  if (!device || !target || !curves) return std::nullopt;
  MatrixToSrgb result;
  result.curves_ = std::move(*curves);
  const Matrix back = inverse(*target);
  for (std::size_t i = 0; i < 9; ++i) {
    const std::size_t row = 3 * (i / 3);
    const std::size_t column = i % 3;
    result.srgb_from_device_[i] = static_cast<float>(
        back[row] * (*device)[column] + back[row + 1] * (*device)[3 + column] + back[row + 2] * (*device)[6 + column]);
  }
  const bool usable = std::all_of(result.srgb_from_device_.begin(), result.srgb_from_device_.end(),
                                  [](float entry) { return std::isfinite(entry); });
  return usable ? std::optional(std::move(result)) : std::nullopt;
}

void MatrixToSrgb::convert_row(const std::uint8_t* in, std::uint8_t* out, int width, int channels) const {
  const auto count = static_cast<std::size_t>(channels);
  const auto& m = srgb_from_device_;
  for (int x = 0; x < width; ++x, in += 2 * count, out += count) {
    const auto samples = samples_at(in, count);
    const float r = curves_[0][samples[0]];
    const float g = curves_[1][samples[1]];
    const float b = curves_[2][samples[2]];
    for (std::size_t c = 0; c < 3; ++c) out[c] = srgb8_from_linear(m[3 * c] * r + m[3 * c + 1] * g + m[3 * c + 2] * b);
    if (count == 4) out[3] = static_cast<std::uint8_t>((samples[3] + 128U) / 257U);
  }
}

}  // namespace vitrine
