#include "compose/blend.h"

#include <algorithm>
#include <cmath>

#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

float hard_light(float below, float above) {
  if (above <= 0.5F) return below * 2 * above;
  const float screened = 2 * above - 1;
  return below + screened - below * screened;
}

float soft_light(float below, float above) {
  if (above <= 0.5F) return below - (1 - 2 * above) * below * (1 - below);
  const float lifted = below <= 0.25F ? ((16 * below - 12) * below + 4) * below : std::sqrt(below);
  return below + (2 * above - 1) * (lifted - below);
}

float mixed(float below, float above, Blend blend) {
  switch (blend) {
    case Blend::normal: return above;
    case Blend::multiply: return below * above;
    case Blend::screen: return below + above - below * above;
    case Blend::overlay: return hard_light(above, below);
    case Blend::soft_light: return soft_light(below, above);
    case Blend::hard_light: return hard_light(below, above);
    case Blend::darken: return std::min(below, above);
    case Blend::lighten: return std::max(below, above);
  }
  return above;
}

}  // namespace

Layer blended(const Layer& above, const Layer& below, Blend blend, BlendSpace space) {
  const bool encoded = space == BlendSpace::encoded && blend != Blend::normal;
  const float total = above.alpha + below.alpha * (1 - above.alpha);
  Layer result{{}, total};
  if (total <= 0) return result;
  for (std::size_t c = 0; c < 3; ++c) {
    const float cs = encoded ? srgb_from_linear(std::clamp(above.color[c], 0.0F, 1.0F)) : above.color[c];
    const float cb = encoded ? srgb_from_linear(std::clamp(below.color[c], 0.0F, 1.0F)) : below.color[c];
    const float source = (1 - below.alpha) * cs + below.alpha * mixed(cb, cs, blend);
    const float value = (above.alpha * source + (1 - above.alpha) * below.alpha * cb) / total;
    result.color[c] = encoded ? linear_from_srgb(value) : value;
  }
  return result;
}

}  // namespace vitrine
