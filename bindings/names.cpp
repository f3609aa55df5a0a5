#include <pybind11/pybind11.h>

#include "bindings.h"
#include "words.h"

namespace py = pybind11;

namespace vitrine::python {

std::string no_such_word(py::handle word, py::handle enumeration) {
  std::string words;
  for (const py::handle known : enumeration.attr("__members__")) {
    if (!words.empty()) words += ", ";
    words += py::str(known);
  }
  return std::string(py::str(py::repr(word))) + " is no " + std::string(py::str(enumeration.attr("__name__"))) +
         ". Use one of: " + words + ".";
}

void adopt_names(py::module_& module) {
  const std::string own_name = py::str(module.attr("__name__"));
  const py::dict names = module.attr("__dict__");
  for (const auto& [name, value] : names) {
    if (!py::hasattr(value, "__module__") || py::object(value.attr("__module__")).not_equal(py::str(own_name)))
      continue;
    if (PyType_Check(value.ptr()) != 0) value.attr("__module__") = "vitrine";
  }
}

}  // namespace vitrine::python
