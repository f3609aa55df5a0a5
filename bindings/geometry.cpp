#include "vitrine/image/geometry.h"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "bindings.h"
#include "casters.h"
#include "python_quad.h"
#include "vitrine/image/homography.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

using Matrix = py::array_t<double, py::array::c_style | py::array::forcecast>;

Matrix matrix_of(const Homography& map) {
  Matrix matrix({3, 3});
  std::copy(map.m.begin(), map.m.end(), matrix.mutable_data());
  return matrix;
}

Homography homography_of(const Matrix& matrix) {
  if (matrix.ndim() != 2 || matrix.shape(0) != 3 || matrix.shape(1) != 3)
    throw py::value_error("A homography is an array of shape (3, 3).");
  Homography map;
  std::copy(matrix.data(), matrix.data() + 9, map.m.begin());
  return map;
}

py::array_t<double> map_points(const Matrix& matrix, const Matrix& points) {
  if (points.ndim() != 2 || points.shape(1) != 2) throw py::value_error("Points are an array of shape (n, 2).");
  const Homography map = homography_of(matrix);
  py::array_t<double> mapped({points.shape(0), py::ssize_t{2}});
  auto out = mapped.mutable_unchecked<2>();
  const auto in = points.unchecked<2>();
  for (py::ssize_t i = 0; i < in.shape(0); ++i) {
    const Point p = map(Point{in(i, 0), in(i, 1)});
    out(i, 0) = p.x;
    out(i, 1) = p.y;
  }
  return mapped;
}

std::string text_of(const PythonQuad& self) {
  std::string text = "Quad(";
  for (std::size_t i = 0; i < 4; ++i) {
    const Point& corner = self.quad[i];
    if (i > 0) text += ", ";
    text += std::string(py::str("({:.6g}, {:.6g})").format(corner.x, corner.y));
  }
  return text + ")";
}

py::tuple corners_of(const PythonQuad& self) {
  const Quad& q = self.quad;
  return py::make_tuple(q[0], q[1], q[2], q[3]);
}

py::array quad_array(const PythonQuad& self, const py::object& dtype, const py::object& /*copy*/) {
  py::array_t<double> corners({4, 2});
  auto out = corners.mutable_unchecked<2>();
  for (py::ssize_t i = 0; i < 4; ++i) {
    out(i, 0) = self.quad[static_cast<std::size_t>(i)].x;
    out(i, 1) = self.quad[static_cast<std::size_t>(i)].y;
  }
  if (dtype.is_none()) return corners;
  return corners.attr("astype")(dtype);
}

void bind_quad(py::module_& module) {
  py::class_<PythonQuad>(module, "Quad", R"(
Four corners in pixels, clockwise from top left, as the artwork's corners are.

(0, 0) is the top-left corner of the top-left pixel, whose centre is (0.5, 0.5). Reads as a sequence of four (x, y);
`np.asarray(quad)` is a (4, 2) float64 array. Wherever a quad is taken, so is anything of that shape.

Parameters
----------
corners
    Four (x, y), or an array of shape (4, 2).

Raises
------
ValueError
    It is not four pairs of numbers.)")
      .def(py::init([](const Quad& corners) { return PythonQuad{corners}; }), py::arg("corners"))
      .def_property_readonly("corners", &corners_of, "The four (x, y).")
      .def_property_readonly(
          "area", [](const PythonQuad& self) { return area(self.quad); }, "In square pixels.")
      .def_property_readonly(
          "is_convex", [](const PythonQuad& self) { return is_convex(self.quad); },
          "True if all corners are finite and every turn is a clear right turn.")
      .def(
          "bounds", [](const PythonQuad& self, Size size) { return bounds(self.quad, size); }, py::arg("size"), R"(
The least whole-pixel rectangle (x, y, width, height) that holds the quad, cut to an image of `size`.)")
      .def("__len__", [](const PythonQuad&) { return 4; })
      .def("__getitem__", [](const PythonQuad& self, py::ssize_t i) { return corners_of(self).attr("__getitem__")(i); })
      .def("__iter__", [](const PythonQuad& self) { return py::iter(corners_of(self)); })
      .def("__eq__",
           [](const PythonQuad& self, const py::object& other) -> py::object {
             if (!py::isinstance<PythonQuad>(other)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
             return py::bool_(self.quad == other.cast<const PythonQuad&>().quad);
           })
      .def("__hash__", [](const PythonQuad& self) { return py::hash(corners_of(self)); })
      .def("__repr__", &text_of)
      .def("__array__", &quad_array, py::arg("dtype") = py::none(), py::arg("copy") = py::none(),
           "The corners as an array of shape (4, 2).")
      .def(py::pickle([](const PythonQuad& self) { return corners_of(self); },
                      [](const py::tuple& corners) { return PythonQuad{quad_from(corners)}; }));
}

void bind_quad_functions(py::module_& module) {
  module.def("quad_of", &quad_of, py::arg("rect"), "The corners of a rectangle (x, y, width, height).");
  module.def(
      "order_corners", [](const Quad& points) { return order_corners(points.corners); }, py::arg("points"), R"(
The same four points clockwise, starting with the one of least x + y; None if they are not in convex position.

Does not depend on the order they come in.)");
  module.def("require_usable", &require_usable, py::arg("quad"), py::arg("size"), R"(
Raises ValueError with a sentence that says what is wrong with `quad` in an image of `size`; returns otherwise.

Wrong are a corner that is not finite, sides that cross, corners on one line, nothing inside the image.)");
  module.def("intersection_over_union", &intersection_over_union, py::arg("a"), py::arg("b"),
             "Shared area over joint area of two convex quads, in [0, 1].");
}

void bind_homography(py::module_& module) {
  module.def(
      "target_from_source",
      [](const Quad& source, const Quad& target) { return matrix_of(target_from_source(source, target)); },
      py::arg("source"), py::arg("target"), R"(
Homography that takes the corners of `source` to those of `target`, each to each.

Direct linear transformation: Hartley & Zisserman, Multiple View Geometry, 2nd ed., section 4.1.

Returns
-------
(3, 3) float64, scaled so that the last entry is 1 where it can be.

Raises
------
ValueError
    Three corners of either lie on a line.)");
  module.def(
      "scene_from_artwork",
      [](const Quad& quad, Size artwork_size) { return matrix_of(scene_from_artwork(quad, artwork_size)); },
      py::arg("quad_in_scene"), py::arg("artwork_size"), R"(
Homography that takes artwork pixels to scene pixels, filling the quad corner to corner.

Parameters
----------
quad_in_scene
    Corners in scene pixels, clockwise from top left.
artwork_size
    Artwork width and height in pixels, both positive.

Returns
-------
(3, 3) float64, scaled so that the last entry is 1.

Raises
------
ValueError
    A side of `artwork_size` is not positive, or the quad is not convex.)");
  module.def("map_points", &map_points, py::arg("homography"), py::arg("points"), R"(
The images of `points` under a homography.

Parameters
----------
homography
    (3, 3) float64.
points
    (n, 2) float64, in pixels of the source.

Returns
-------
(n, 2) float64, in pixels of the target.)");
  module.def("aspect_ratio", &aspect_ratio, py::arg("quad_in_scene"), py::arg("scene_size"), R"(
Width over height of the flat rectangle that a pinhole camera shows as `quad_in_scene`.

Zhang & He, Whiteboard scanning and image enhancement, 2007, section 3.2. Where the quad is too close to a parallelogram
to tell, the ratio of its mean sides.)");
}

}  // namespace

void bind_geometry(py::module_& module) {
  bind_quad(module);
  bind_quad_functions(module);
  bind_homography(module);
}

}  // namespace vitrine::python
