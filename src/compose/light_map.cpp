#include "compose/light_map.h"

#include <algorithm>
#include <cmath>

namespace vitrine {
namespace {

// White paper and primed canvas send back about this share of the light (0.88 to 0.95 by measurement of common stock).
constexpr float kPaperAlbedo = 0.92F;
// A surface this bright is taken for white in full light; one this dark for a screen that is off.
constexpr float kBright = 0.55F;
constexpr float kDark = 0.06F;
// On a surface darker than the first, steps of the 8-bit values and JPEG blocks outweigh the light; from the second on they
// do not.
constexpr float kBlind = 0.012F;
constexpr float kSeeing = 0.08F;

float smoothstep(float low, float high, float value) {
  const float t = std::clamp((value - low) / (high - low), 0.0F, 1.0F);
  return t * t * (3 - 2 * t);
}

// The luminance of the surface at which artwork white keeps its value. Bright paper gives its albedo; a darker sheet
// stands partly in poor light and is partly grey; on a dark screen only the changes of light count.
float white_for(float reference) {
  const float paper = kPaperAlbedo * std::sqrt(std::min(1.0F, reference / kBright));
  const float share = smoothstep(kDark, 4 * kDark, reference);
  return share * paper + (1 - share) * reference;
}

// How much of the surface's tint is paint, in [0, 1], and must not colour the artwork: lamps and windows tint white by up
// to about a quarter.
float painted_share(const LinearColor& tint) {
  const auto [least, most] = std::minmax({tint[0], tint[1], tint[2]});
  return smoothstep(0.20F, 0.45F, most - least);
}

}  // namespace

LightMap light_on(const SurfaceFit& fit) {
  LightMap map = fit.color;
  const float scale = 1 / white_for(fit.reference);
  const float paint = painted_share(fit.tint);
  const float trust = smoothstep(kBlind, kSeeing, fit.reference);
  for (std::size_t i = 0; i < map.rgb.size(); i += 3) {
    const float grey = luminance({map.rgb[i], map.rgb[i + 1], map.rgb[i + 2]});
    for (std::size_t c = i; c < i + 3; ++c) {
      const float light = scale * ((1 - paint) * map.rgb[c] + paint * grey);
      map.rgb[c] = std::clamp(1 + trust * (light - 1), 0.0F, kMostLight);
    }
  }
  return map;
}

}  // namespace vitrine
