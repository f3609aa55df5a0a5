#include "callback.h"

#include "interpreter.h"

namespace py = pybind11;

namespace vitrine::python {

Callback::Callback(py::object function)
    : function_(new py::object(std::move(function)), [](py::object* last) {
        // Leaked at the end of the process: there is no interpreter left to free it.
        if (interpreter_is_ending()) return;
        const GilTaken gil;
        delete last;
      }) {}

}  // namespace vitrine::python
