#pragma once

#include <pybind11/pybind11.h>

#include "casters.h"
#include "vitrine/compose/look.h"

namespace vitrine::python {

/// A Look, or only its light: look="flat".
struct LookArgument {
  Look value;
};

}  // namespace vitrine::python

namespace pybind11::detail {

template <>
class type_caster<vitrine::python::LookArgument> {
 public:
  PYBIND11_TYPE_CASTER(vitrine::python::LookArgument, io_name("Look | Light | str", "Look"));

  bool load(handle source, bool convert) {
    make_caster<vitrine::Light> light;
    if (isinstance<vitrine::Look>(source)) {
      value.value = source.cast<vitrine::Look>();
      return true;
    }
    if (!light.load(source, convert)) return false;
    value.value.light = cast_op<vitrine::Light>(light);
    return true;
  }

  static handle cast(const vitrine::python::LookArgument& look, return_value_policy, handle) {
    return pybind11::cast(look.value).release();
  }
};

}  // namespace pybind11::detail
