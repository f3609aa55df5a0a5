#pragma once

#include "compose/surface_fit.h"
#include "vitrine/compose/look.h"

namespace vitrine {

/// A colour in linear light, straight, and how much of the pixel it covers.
struct Layer {
  LinearColor color{};
  float alpha = 1;
};

/// `above` blended with `below` and laid over it: W3C Compositing and Blending Level 1, section 5.1 with the separable
/// modes of 9.1, on the values of `space`.
Layer blended(const Layer& above, const Layer& below, Blend blend, BlendSpace space);

}  // namespace vitrine
