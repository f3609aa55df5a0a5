#pragma once

#include <pybind11/pybind11.h>

namespace vitrine::python {

/// The enumerations that Image.save() mentions; they come before the class.
void bind_encoding_words(pybind11::module_& module);

}  // namespace vitrine::python
