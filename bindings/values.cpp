#include <pybind11/pybind11.h>

#include <cmath>
#include <limits>
#include <string>

#include "casters.h"
#include "python_quad.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

constexpr const char* kQuadShape = "A quad is four corners (x, y) in pixels, clockwise from top left";

std::string shown(py::handle value) {
  std::string text = py::str(py::repr(value));
  if (text.size() > 80) text = text.substr(0, 77) + "...";
  return text;
}

[[noreturn]] void refuse(const char* what, py::handle got) {
  throw py::value_error(std::string(what) + "; got " + shown(got) + ".");
}

bool is_text(py::handle value) { return PyUnicode_Check(value.ptr()) != 0 || PyBytes_Check(value.ptr()) != 0; }

}  // namespace

std::vector<double> numbers_from(py::handle source, std::size_t count, const char* what) {
  std::vector<double> numbers;
  if (is_text(source)) refuse(what, source);
  const py::object items = py::reinterpret_steal<py::object>(PyObject_GetIter(source.ptr()));
  if (!items) {
    PyErr_Clear();
    refuse(what, source);
  }
  while (const py::object item = py::reinterpret_steal<py::object>(PyIter_Next(items.ptr()))) {
    const double number = PyFloat_AsDouble(item.ptr());
    if (PyErr_Occurred() != nullptr || numbers.size() == count) {
      PyErr_Clear();
      refuse(what, source);
    }
    numbers.push_back(number);
  }
  if (PyErr_Occurred() != nullptr) throw py::error_already_set();
  if (numbers.size() != count) refuse(what, source);
  return numbers;
}

int whole_number_from(double value, const char* what) {
  if (!(std::abs(value) <= std::numeric_limits<int>::max()) || std::floor(value) != value)
    throw py::value_error(std::string(what) + "; got " + std::string(py::str(py::float_(value))) + ".");
  return static_cast<int>(value);
}

Quad quad_from(py::handle source) {
  if (py::isinstance<PythonQuad>(source)) return source.cast<const PythonQuad&>().quad;
  if (is_text(source)) refuse(kQuadShape, source);
  const py::object corners = py::reinterpret_steal<py::object>(PyObject_GetIter(source.ptr()));
  if (!corners) {
    PyErr_Clear();
    refuse(kQuadShape, source);
  }
  Quad quad;
  std::size_t count = 0;
  while (const py::object corner = py::reinterpret_steal<py::object>(PyIter_Next(corners.ptr()))) {
    if (count == 4) refuse(kQuadShape, source);
    const auto xy = numbers_from(corner, 2, kQuadShape);
    quad[count++] = {xy[0], xy[1]};
  }
  if (PyErr_Occurred() != nullptr) throw py::error_already_set();
  if (count != 4) refuse(kQuadShape, source);
  return quad;
}

py::object quad_to(const Quad& quad) { return py::cast(PythonQuad{quad}); }

Bytes bytes_from(py::handle source) {
  Py_buffer view;
  if (PyObject_GetBuffer(source.ptr(), &view, PyBUF_SIMPLE) != 0) throw py::error_already_set();
  const auto* first = static_cast<const std::uint8_t*>(view.buf);
  Bytes copy(first, first + view.len);
  PyBuffer_Release(&view);
  return copy;
}

std::chrono::microseconds duration_from(py::handle source) {
  double seconds = 0;
  if (py::hasattr(source, "total_seconds")) {
    seconds = source.attr("total_seconds")().cast<double>();
  } else {
    seconds = PyFloat_AsDouble(source.ptr());
    if (PyErr_Occurred() != nullptr) {
      PyErr_Clear();
      throw py::type_error("A duration is a number of seconds or a timedelta; got " + shown(source) + ".");
    }
  }
  constexpr double most = 1e11;  // 3,000 years: microseconds of it still fit
  if (!(std::abs(seconds) <= most))
    throw py::value_error("A duration of " + shown(source) + " seconds is out of range.");
  return std::chrono::microseconds(std::llround(seconds * 1e6));
}

Timestamp timestamp_from(py::handle source) {
  if (!py::hasattr(source, "tzinfo"))
    throw py::type_error("A time is a datetime with a time zone; got " + shown(source) + ".");
  if (source.attr("tzinfo").is_none())
    throw py::value_error("The time " + shown(source) + " has no time zone. Use datetime.now(timezone.utc).");
  const py::object datetime = py::module_::import("datetime");
  const py::object utc = datetime.attr("timezone").attr("utc");
  const py::object epoch = datetime.attr("datetime")(1970, 1, 1, py::arg("tzinfo") = utc);
  const py::object since = py::reinterpret_borrow<py::object>(source) - epoch;
  const py::object microsecond = datetime.attr("timedelta")(py::arg("microseconds") = 1);
  return Timestamp(std::chrono::microseconds(since.attr("__floordiv__")(microsecond).cast<std::int64_t>()));
}

py::object timestamp_to(Timestamp time) {
  const py::object datetime = py::module_::import("datetime");
  const py::object utc = datetime.attr("timezone").attr("utc");
  const py::object epoch = datetime.attr("datetime")(1970, 1, 1, py::arg("tzinfo") = utc);
  return epoch + datetime.attr("timedelta")(py::arg("microseconds") = time.time_since_epoch().count());
}

}  // namespace vitrine::python
