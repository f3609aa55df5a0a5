#pragma once

#include <pybind11/pybind11.h>

#include <string>
#include <utility>

#include "call.h"
#include "casters.h"
#include "python_error.h"

namespace vitrine::python {

/// A keyword argument of an override. It becomes a Python value only once the GIL is held.
template <typename T>
struct Named {
  const char* name;
  T value;
};

template <typename T>
Named<T> named(const char* name, T value) {
  return {name, std::move(value)};
}

/// The Python view of a context that C++ passes on.
inline Named<ContextArgument> lend(const Context& context) {
  return {"context", std::make_shared<HostContext>(context, Signals::theirs)};
}

template <typename T>
pybind11::arg_v python_argument(Named<T>&& argument) {
  return pybind11::arg(argument.name) = std::move(argument.value);
}
template <typename T>
T&& python_argument(T&& argument) {
  return std::forward<T>(argument);
}

/// True if a Python subclass defines `name`.
template <typename Base>
bool has_override(const Base* self, const char* name) {
  const GilTaken gil;
  return static_cast<bool>(pybind11::get_override(self, name));
}

/// Calls the Python method that overrides `name` and converts its answer. Takes the GIL; errors come out as C++ ones.
template <typename Result, typename Base, typename... Arguments>
Result call_override(const Base* self, const char* name, Arguments&&... arguments) {
  namespace py = pybind11;
  const GilTaken gil;
  try {
    const py::function method = py::get_override(self, name);
    if (!method) {
      PyErr_SetString(PyExc_NotImplementedError,
                      (std::string("A subclass must define ") + name + "(); this one does not.").c_str());
      throw py::error_already_set();
    }
    py::object answer = method(python_argument(std::forward<Arguments>(arguments))...);
    if constexpr (!std::is_void_v<Result>) {
      try {
        return answer.template cast<Result>();
      } catch (const py::cast_error&) {
        const std::string got = py::str(py::type::of(answer).attr("__name__"));
        throw py::type_error(std::string(name) + "() returned " + got + ", which is not what it should return.");
      }
    }
  } catch (py::error_already_set& raised) {
    throw_from_python(raised);
  }
}

}  // namespace vitrine::python
