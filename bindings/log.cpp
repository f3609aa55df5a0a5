#include "vitrine/base/log.h"

#include <pybind11/pybind11.h>

#include <string>

#include "bindings.h"
#include "call.h"
#include "casters.h"
#include "interpreter.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

int logging_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return 10;
    case LogLevel::info:
      return 20;
    case LogLevel::warning:
      return 30;
    case LogLevel::error:
      return 40;
  }
  return 40;
}

// Looks the logger up each time: no Python object outlives the interpreter here.
void forward(LogLevel level, std::string_view area, std::string_view message) {
  if (interpreter_is_ending()) return;
  const GilTaken gil;
  try {
    const py::object logging = py::module_::import("logging");
    logging.attr("getLogger")("vitrine." + std::string(area))
        .attr("log")(logging_level(level), "%s", py::str(message.data(), message.size()));
  } catch (py::error_already_set& raised) {
    raised.discard_as_unraisable("a log handler of 'vitrine'");
  }
}

}  // namespace

void bind_log(py::module_& module) {
  py::native_enum<LogLevel>(module, "LogLevel", "enum.Enum", "How much a log message matters.")
      .value("debug", LogLevel::debug)
      .value("info", LogLevel::info)
      .value("warning", LogLevel::warning)
      .value("error", LogLevel::error)
      .finalize();
  module.def(
      "set_log_level", [](LogLevel least) { set_log_sink(forward, least); }, py::arg("least"),
      py::call_guard<GilReleased>(), R"(
Which messages reach Python's `logging`, under the logger "vitrine": info and worse at the start.

Lower ones are dropped before they are built, whatever the level of the logger.)");
  set_log_sink(forward, LogLevel::info);
  // The sink must be gone before the interpreter is.
  py::module_::import("atexit").attr("register")(
      py::cpp_function([] { set_log_sink(nullptr); }, py::call_guard<GilReleased>()));
}

}  // namespace vitrine::python
