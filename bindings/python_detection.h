#pragma once

#include <optional>

#include "vitrine/detect/detector.h"

namespace vitrine::python {

/// The Python class Detection: the answer and, to draw it in a notebook, the scene it is about.
struct PythonDetection {
  Detection answer;
  Image scene;  ///< Empty where the detection was made by hand.
};

}  // namespace vitrine::python
