#include <pybind11/pybind11.h>

#include <string>

#include "bindings.h"
#include "call.h"
#include "casters.h"
#include "vitrine/generate/procedural_artwork.h"
#include "vitrine/generate/procedural_scene.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

void bind_artwork(py::module_& module) {
  py::native_enum<ArtworkStyle>(module, "ArtworkStyle", "enum.Enum", "What a procedural artwork looks like.")
      .value("line_art", ArtworkStyle::line_art)
      .value("photo", ArtworkStyle::photo)
      .value("text", ArtworkStyle::text)
      .value("transparent", ArtworkStyle::transparent)
      .value("pattern", ArtworkStyle::pattern)
      .value("abstract", ArtworkStyle::abstract)
      .finalize();
  module.def(
      "make_procedural_artwork",
      [](std::uint64_t seed, ArtworkStyle style, Size size) {
        return run([&] { return make_procedural_artwork({seed, size, style}); });
      },
      py::arg("seed") = 0, py::arg("style") = ArtworkOptions{}.style, py::kw_only(),
      py::arg("size") = ArtworkOptions{}.size, R"(
A picture to hang, made from a seed: rgba8 for "transparent", else rgb8. Same arguments, same pixels.

Sides of `size` are 16 to 16384 pixels; ValueError otherwise.)");
}

void bind_scene(py::module_& module) {
  py::native_enum<ScenePlace>(module, "ScenePlace", "enum.Enum", "How the place for the artwork shows itself.")
      .value("blank", ScenePlace::blank, "An empty surface in the room's light.")
      .value("hole", ScenePlace::hole, "Transparent.")
      .value("key", ScenePlace::key, "A flat key colour.")
      .value("cutout", ScenePlace::cutout, "Flat white, as pasted by an editor.")
      .value("filled", ScenePlace::filled, "Some other picture hangs there.")
      .value("none", ScenePlace::none, "The room is empty: nothing to find.")
      .finalize();
  py::class_<ProceduralScene>(module, "ProceduralScene", "A room made from a seed, with the truth about it.")
      .def_property_readonly(
          "image", [](const ProceduralScene& self) { return self.image; }, "rgb8, or rgba8 with holes.")
      .def_property_readonly(
          "surfaces", [](const ProceduralScene& self) { return self.surfaces; },
          "Exact corners of the visible openings.")
      .def_property_readonly(
          "light", [](const ProceduralScene& self) { return self.light; },
          "rgb_f32: linear light that a white surface sends at every pixel, 1 = white.")
      .def_property_readonly(
          "occluder", [](const ProceduralScene& self) { return self.occluder; },
          "gray_f32: share of each pixel that something in front of the surfaces covers.")
      .def_property_readonly(
          "description", [](const ProceduralScene& self) { return self.description; }, "In words.")
      .def("_repr_png_", [](const ProceduralScene& self) { return py::cast(self.image).attr("_repr_png_")(); })
      .def("__repr__",
           [](const ProceduralScene& self) { return "<vitrine.ProceduralScene: " + self.description + ">"; });
  const SceneOptions plain;
  module.def(
      "make_procedural_scene",
      [](std::uint64_t seed, ScenePlace place, Size size, int surfaces, double max_tilt_degrees, bool covered) {
        return run([&] { return make_procedural_scene({seed, size, place, surfaces, max_tilt_degrees, covered}); });
      },
      py::arg("seed") = plain.seed, py::arg("place") = plain.place, py::kw_only(), py::arg("size") = plain.size,
      py::arg("surfaces") = plain.surfaces, py::arg("max_tilt_degrees") = plain.max_tilt_degrees,
      py::arg("covered") = plain.covered, R"(
A room made from a seed, with exact corners, light and occluders. Same arguments, same pixels.

Parameters
----------
seed
    Chooses the room.
place
    How the place for the artwork shows itself.
size
    (width, height) in pixels, 64 to 8192 each.
surfaces
    1 to 6: how many frames hang there.
max_tilt_degrees
    0 to 60: how far the camera looks from the side.
covered
    True: something stands in front of a part of the first surface.)");
}

}  // namespace

void bind_procedural(py::module_& module) {
  bind_artwork(module);
  bind_scene(module);
}

}  // namespace vitrine::python
