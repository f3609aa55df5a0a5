#pragma once

#include "vitrine/image/geometry.h"

namespace vitrine::python {

/// What the Python class Quad holds. A type of its own, so that the caster of Quad can take anything of that shape.
struct PythonQuad {
  Quad quad;
};

}  // namespace vitrine::python
