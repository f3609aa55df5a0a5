#pragma once

#include <pybind11/pybind11.h>

#include "vitrine/image/image.h"

namespace vitrine::python {

/// What the Python class Image holds. A type of its own, so that the caster of Image can take anything that is a
/// picture.
struct PythonImage {
  Image image;
};

/// (height, width) for grey, else (height, width, channels), and the byte strides to it.
struct ArrayLayout {
  std::vector<pybind11::ssize_t> shape;
  std::vector<pybind11::ssize_t> strides;
};
ArrayLayout layout_of(const ImageView& view);

/// A read-only numpy array over the pixels, which `owner` keeps alive.
pybind11::object array_over(const ImageView& view, const pybind11::object& owner);

}  // namespace vitrine::python
