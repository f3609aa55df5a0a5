#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <stdexcept>
#include <utility>

#include "call.h"
#include "vitrine/base/error.h"
#include "vitrine/net/http_error.h"

namespace vitrine::python {

/// A C++ error that stands for one raised in Python: C++ code sees its kind, Python gets its own object back, with its
/// traceback.
class RaisedInPython {
 public:
  explicit RaisedInPython(pybind11::error_already_set raised) : raised_(std::move(raised)) {}
  virtual ~RaisedInPython() = default;
  const pybind11::error_already_set& raised() const { return raised_; }

 protected:
  RaisedInPython(const RaisedInPython&) = default;

 private:
  pybind11::error_already_set raised_;
};

/// Throws what `raised` means to C++: a vitrine.Error as Error with its code, a ValueError as std::invalid_argument,
/// anything else unchanged. Needs the GIL.
[[noreturn]] void throw_from_python(pybind11::error_already_set& raised);

}  // namespace vitrine::python
