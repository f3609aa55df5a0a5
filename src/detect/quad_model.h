#pragma once

// Made by benchmarks/detector/train_detector.py; change it there.

#include <array>

#include "detect/quad_features.h"

namespace vitrine {

struct FeatureWeight {
  Feature feature;
  double weight;
};

/// Ranks candidates before their nesting is known.
inline constexpr std::array<FeatureWeight, 27> kFirstPass{{
    {Feature::skew, -1.1893},
    {Feature::elongation, -0.58391},
    {Feature::off_centre, -3.4346},
    {Feature::agreement_mean, -0.64085},
    {Feature::inside_chroma, 1.4607},
    {Feature::inside_dark, 0.96357},
    {Feature::inside_flat, 0.28521},
    {Feature::inside_calm, -1.4057},
    {Feature::inside_gradient, -0.51393},
    {Feature::inside_residual, -1.4775},
    {Feature::inside_spread, -0.86756},
    {Feature::level, 0.53445},
    {Feature::low, -4.6179},
    {Feature::opposite_ratio, -0.8657},
    {Feature::samples_outside, -3.5622},
    {Feature::beyond_max, -2.1353},
    {Feature::beyond_mean, -4.1785},
    {Feature::rim_inside, -0.11043},
    {Feature::ring_contrast, 0.65003},
    {Feature::ring_outside, -2.1056},
    {Feature::smallness, -1.8623},
    {Feature::significance_mean, 0.21209},
    {Feature::step_spread, -0.58196},
    {Feature::support_second, 0.77165},
    {Feature::support_mean, 1.4976},
    {Feature::support_min, -0.50962},
    {Feature::certainty_mean, 2.7443},
}};

/// Ranks them for good.
inline constexpr std::array<FeatureWeight, 30> kSecondPass{{
    {Feature::support_min, -0.48014},
    {Feature::support_second, 0.69721},
    {Feature::support_mean, 1.5238},
    {Feature::agreement_mean, 0.2987},
    {Feature::significance_mean, 0.93786},
    {Feature::certainty_mean, 3.0063},
    {Feature::step_spread, -0.24681},
    {Feature::rim_inside, 0.61952},
    {Feature::beyond_mean, -3.6563},
    {Feature::beyond_max, -1.9771},
    {Feature::inside_spread, -0.94398},
    {Feature::inside_gradient, -0.40724},
    {Feature::inside_flat, 0.62932},
    {Feature::inside_calm, -0.86588},
    {Feature::inside_residual, -1.0271},
    {Feature::inside_dark, 1.103},
    {Feature::inside_chroma, 1.0564},
    {Feature::ring_contrast, 0.67566},
    {Feature::ring_outside, -1.2452},
    {Feature::smallness, -1.7742},
    {Feature::off_centre, -2.8303},
    {Feature::low, -4.0385},
    {Feature::opposite_ratio, -0.69789},
    {Feature::elongation, -0.59924},
    {Feature::skew, -0.92686},
    {Feature::level, 0.2687},
    {Feature::samples_outside, -1.9443},
    {Feature::opening_trust, 3.9042},
    {Feature::opening_width, 2.1222},
    {Feature::framing_trust, -2.1556},
}};

/// Logistic weights of the confidence inputs, in the order of confidence_inputs(); the bias last.
inline constexpr std::array<double, 10> kConfidence{0.33824, 0.69953, -0.050813, -1.0061, 2.3098,
                                                    0.64572, -1.0901, -0.88021,  5.2208,  -6.4297};

}  // namespace vitrine
