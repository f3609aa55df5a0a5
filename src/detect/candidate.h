#pragma once

#include "vitrine/image/geometry.h"

namespace vitrine {

/// What a candidate's inside was taken for when it was found.
enum class Placeholder { none, hole, key, blank };

/// A quad that may be a surface, in working pixels.
struct Candidate {
  Quad quad;
  Placeholder placeholder = Placeholder::none;
  double fill = 0;  ///< Share of the quad that the placeholder fills.
};

}  // namespace vitrine
