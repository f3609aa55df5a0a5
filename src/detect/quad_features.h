#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "detect/working_scene.h"

namespace vitrine {

/// What is measured of a quad. Sides: `support` is the share of their length with an edge peak, `agreement` how alike
/// the colour steps across them are, `certainty` how far their mean stands out of its spread, `sharpness` the share of
/// a wide step that a narrow one holds: light and shadow have soft edges. `beyond`: edges go on past the corners, as
/// those of a larger thing do. `opening_…`: it lies evenly inside a good candidate; `framing_…`: a good candidate lies
/// evenly inside it.
enum class Feature : std::size_t {
  support_min,
  support_second,
  support_mean,
  agreement_min,
  agreement_mean,
  significance_min,
  significance_mean,
  certainty_min,
  certainty_mean,
  step_min,
  step_mean,
  step_spread,
  same_step,
  rim_inside,
  rim_outside,
  beyond_mean,
  beyond_max,
  inside_spread,
  inside_gradient,
  inside_flat,
  inside_calm,
  inside_residual,
  inside_lightness,
  inside_dark,
  inside_chroma,
  inside_transparent,
  ring_contrast,
  ring_spread,
  ring_outside,
  ring_transparent,
  size,
  smallness,
  off_centre,
  low,
  opposite_ratio,
  elongation,
  skew,
  level,
  near_border,
  samples_outside,
  opening_fit,
  opening_trust,
  opening_width,
  framing_fit,
  framing_trust,
  framing_width,
  sharpness_min,
  sharpness_mean,
};

inline constexpr std::array<std::string_view, 48> kFeatureNames{"support_min",
                                                                "support_second",
                                                                "support_mean",
                                                                "agreement_min",
                                                                "agreement_mean",
                                                                "significance_min",
                                                                "significance_mean",
                                                                "certainty_min",
                                                                "certainty_mean",
                                                                "step_min",
                                                                "step_mean",
                                                                "step_spread",
                                                                "same_step",
                                                                "rim_inside",
                                                                "rim_outside",
                                                                "beyond_mean",
                                                                "beyond_max",
                                                                "inside_spread",
                                                                "inside_gradient",
                                                                "inside_flat",
                                                                "inside_calm",
                                                                "inside_residual",
                                                                "inside_lightness",
                                                                "inside_dark",
                                                                "inside_chroma",
                                                                "inside_transparent",
                                                                "ring_contrast",
                                                                "ring_spread",
                                                                "ring_outside",
                                                                "ring_transparent",
                                                                "size",
                                                                "smallness",
                                                                "off_centre",
                                                                "low",
                                                                "opposite_ratio",
                                                                "elongation",
                                                                "skew",
                                                                "level",
                                                                "near_border",
                                                                "samples_outside",
                                                                "opening_fit",
                                                                "opening_trust",
                                                                "opening_width",
                                                                "framing_fit",
                                                                "framing_trust",
                                                                "framing_width",
                                                                "sharpness_min",
                                                                "sharpness_mean"};

inline constexpr std::size_t kFeatureCount = kFeatureNames.size();
static_assert(!kFeatureNames.back().empty());
static_assert(static_cast<std::size_t>(Feature::sharpness_mean) + 1 == kFeatureCount);

struct QuadFeatures {
  std::array<double, kFeatureCount> values{};
  double operator[](Feature feature) const { return values[static_cast<std::size_t>(feature)]; }
  double& operator[](Feature feature) { return values[static_cast<std::size_t>(feature)]; }
};

}  // namespace vitrine
