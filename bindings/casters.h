#pragma once

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <chrono>

#include "vitrine/base/bytes.h"
#include "vitrine/base/clock.h"
#include "vitrine/image/geometry.h"
#include "vitrine/image/image.h"
#include "words.h"

// How values cross the border. Every binding file includes this, so that no two see a type differently.
//   Image      anything that is a picture comes in, a vitrine.Image goes out
//   Quad       four (x, y) in any form come in, a vitrine.Quad goes out
//   Point, Size, Rect    tuples
//   Bytes      bytes-like in, bytes out
//   durations  seconds as a number, or a timedelta, in; float seconds out
//   Timestamp  an aware datetime, UTC on the way out

namespace vitrine::python {

Image image_from(pybind11::handle source);  ///< Releases the GIL while it decodes.
pybind11::object image_to(const Image& image);
Quad quad_from(pybind11::handle source);
pybind11::object quad_to(const Quad& quad);
Bytes bytes_from(pybind11::handle source);
Timestamp timestamp_from(pybind11::handle source);
pybind11::object timestamp_to(Timestamp time);
std::chrono::microseconds duration_from(pybind11::handle source);

/// `count` numbers out of a sequence; throws ValueError with `what` in it otherwise.
std::vector<double> numbers_from(pybind11::handle source, std::size_t count, const char* what);
int whole_number_from(double value, const char* what);

}  // namespace vitrine::python

namespace pybind11::detail {

template <>
class type_caster<vitrine::Image> {
 public:
  PYBIND11_TYPE_CASTER(vitrine::Image, io_name("ImageLike", "Image"));
  bool load(handle source, bool) {
    if (source.is_none()) return false;
    value = vitrine::python::image_from(source);
    return true;
  }
  static handle cast(const vitrine::Image& image, return_value_policy, handle) {
    return vitrine::python::image_to(image).release();
  }
};

template <>
class type_caster<vitrine::Quad> {
 public:
  PYBIND11_TYPE_CASTER(vitrine::Quad, io_name("QuadLike", "Quad"));
  bool load(handle source, bool) {
    if (source.is_none()) return false;
    value = vitrine::python::quad_from(source);
    return true;
  }
  static handle cast(const vitrine::Quad& quad, return_value_policy, handle) {
    return vitrine::python::quad_to(quad).release();
  }
};

template <>
class type_caster<vitrine::Point> {
 public:
  PYBIND11_TYPE_CASTER(vitrine::Point, const_name("tuple[float, float]"));
  bool load(handle source, bool) {
    const auto xy = vitrine::python::numbers_from(source, 2, "A point is two numbers (x, y)");
    value = {xy[0], xy[1]};
    return true;
  }
  static handle cast(const vitrine::Point& point, return_value_policy, handle) {
    return make_tuple(point.x, point.y).release();
  }
};

template <>
class type_caster<vitrine::Size> {
 public:
  PYBIND11_TYPE_CASTER(vitrine::Size, const_name("tuple[int, int]"));
  bool load(handle source, bool) {
    if (source.is_none()) return false;
    constexpr const char* what = "A size is two whole numbers (width, height)";
    const auto sides = vitrine::python::numbers_from(source, 2, what);
    value = {vitrine::python::whole_number_from(sides[0], what), vitrine::python::whole_number_from(sides[1], what)};
    return true;
  }
  static handle cast(const vitrine::Size& size, return_value_policy, handle) {
    return make_tuple(size.width, size.height).release();
  }
};

template <>
class type_caster<vitrine::Rect> {
 public:
  PYBIND11_TYPE_CASTER(vitrine::Rect, const_name("tuple[int, int, int, int]"));
  bool load(handle source, bool) {
    constexpr const char* what = "A rectangle is four whole numbers (x, y, width, height)";
    const auto n = vitrine::python::numbers_from(source, 4, what);
    const auto whole = [&](std::size_t i) { return vitrine::python::whole_number_from(n[i], what); };
    value = {whole(0), whole(1), whole(2), whole(3)};
    return true;
  }
  static handle cast(const vitrine::Rect& rect, return_value_policy, handle) {
    return make_tuple(rect.x, rect.y, rect.width, rect.height).release();
  }
};

template <>
class type_caster<vitrine::Bytes> {
 public:
  PYBIND11_TYPE_CASTER(vitrine::Bytes, io_name("collections.abc.Buffer", "bytes"));
  bool load(handle source, bool) {
    if (PyObject_CheckBuffer(source.ptr()) == 0) return false;
    value = vitrine::python::bytes_from(source);
    return true;
  }
  static handle cast(const vitrine::Bytes& data, return_value_policy, handle) {
    return bytes(reinterpret_cast<const char*>(data.data()), data.size()).release();
  }
};

template <typename Rep, typename Period>
class type_caster<std::chrono::duration<Rep, Period>> {
 public:
  using Duration = std::chrono::duration<Rep, Period>;
  PYBIND11_TYPE_CASTER(Duration, io_name("float | datetime.timedelta", "float"));
  bool load(handle source, bool) {
    if (source.is_none()) return false;
    value = std::chrono::ceil<Duration>(vitrine::python::duration_from(source));
    return true;
  }
  static handle cast(Duration duration, return_value_policy, handle) {
    return pybind11::float_(std::chrono::duration<double>(duration).count()).release();
  }
};

template <>
class type_caster<vitrine::Timestamp> {
 public:
  PYBIND11_TYPE_CASTER(vitrine::Timestamp, const_name("datetime.datetime"));
  bool load(handle source, bool) {
    if (source.is_none()) return false;
    value = vitrine::python::timestamp_from(source);
    return true;
  }
  static handle cast(vitrine::Timestamp time, return_value_policy, handle) {
    return vitrine::python::timestamp_to(time).release();
  }
};

}  // namespace pybind11::detail
