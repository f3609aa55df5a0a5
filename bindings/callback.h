#pragma once

#include <pybind11/pybind11.h>

#include <exception>
#include <memory>
#include <utility>

#include "call.h"

namespace vitrine::python {

/// A Python function that C++ may copy, call and drop on any thread. It takes the GIL for each.
class Callback {
 public:
  explicit Callback(pybind11::object function);

  /// Calls it; what it raises goes to `errors`.
  template <typename... Arguments>
  void call(const std::shared_ptr<ErrorSlot>& errors, Arguments&&... arguments) const {
    const GilTaken gil;
    try {
      (*function_)(std::forward<Arguments>(arguments)...);
    } catch (...) {
      errors->keep(std::current_exception());
    }
  }

  const pybind11::object& function() const { return *function_; }  ///< Use it with the GIL held.

 private:
  std::shared_ptr<pybind11::object> function_;
};

}  // namespace vitrine::python
