#include "vitrine/compose/look.h"

#include <pybind11/pybind11.h>

#include "bindings.h"
#include "casters.h"
#include "record.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

void bind_words(py::module_& module) {
  py::native_enum<Fit>(module, "Fit", "enum.Enum", "How the artwork fills its region.")
      .value("cover", Fit::cover, "Fills it; what is too much is cut off evenly on both sides.")
      .value("contain", Fit::contain, "Shown whole, centred; the surface shows around it.")
      .value("stretch", Fit::stretch, "Corner to corner, whatever the ratio.")
      .value("mat", Fit::mat, "Shown whole in a window cut into a board that fills the region: Look.mat.")
      .finalize();
  py::native_enum<Light>(module, "Light", "enum.Enum", "Whose light falls on the artwork.")
      .value("natural", Light::natural, "The scene's, where the region shows it.")
      .value("flat", Light::flat, "None: the artwork's own colours.")
      .finalize();
  py::native_enum<Blend>(module, "Blend", "enum.Enum",
                         "How the artwork's colour and the surface's own mix: the modes of W3C Compositing.")
      .value("normal", Blend::normal)
      .value("multiply", Blend::multiply)
      .value("screen", Blend::screen)
      .value("overlay", Blend::overlay)
      .value("soft_light", Blend::soft_light)
      .value("hard_light", Blend::hard_light)
      .value("darken", Blend::darken)
      .value("lighten", Blend::lighten)
      .finalize();
  py::native_enum<BlendSpace>(module, "BlendSpace", "enum.Enum", "The values that blending works on.")
      .value("encoded", BlendSpace::encoded, "sRGB values, as browsers and editors do.")
      .value("linear", BlendSpace::linear, "Linear light.")
      .finalize();
}

void bind_parts(py::module_& module) {
  bind_record<0, Mat>(module, "Mat", "The board of Fit.mat. Lengths are shares of the surface's shorter side.",
                      field("color", &Mat::color, "sRGB, 0 to 255."),
                      field("width", &Mat::width, "Of the narrowest border, in [0, 0.4]."),
                      field("bevel", &Mat::bevel, "Of the slanted cut around the window, in [0, 0.05]; 0: none."));
  bind_record<0, Ink>(
      module, "Ink", "Print on cloth: a white underbase, transparent ink on it. Light and folds are the cloth's own.",
      field("underbase", &Ink::underbase, "In [0, 1]. 0 dyes white cotton; dark cloth needs 1 for true colours."),
      field("weave", &Ink::weave, "In [0, 1]: how much of the cloth's fine texture shows in the print."),
      field("relief", &Ink::relief, "In [0, 1]: how far the print follows the folds."));
  bind_record<0, Cylinder>(module, "Cylinder", "A surface that bends away at the left and the right, such as a mug's.",
                           field("degrees", &Cylinder::degrees, "Of the round that the print covers, in [1, 175]."),
                           field("bow_top", &Cylinder::bow_top,
                                 "How far the middle of the upper side hangs below its ends, in heights."),
                           field("bow_bottom", &Cylinder::bow_bottom, "The same of the lower side."));
  bind_record<0, InnerShadow>(module, "InnerShadow", "The shadow of a frame that stands out before the artwork.",
                              field("depth", &InnerShadow::depth, "A share of the shorter side, in [0, 0.2]."),
                              field("strength", &InnerShadow::strength, "Share of the light it takes, in [0, 1]."));
  bind_record<0, Bevel>(module, "Bevel", "A slanted lip of the frame, over the sides of the artwork.",
                        field("color", &Bevel::color, "sRGB, 0 to 255."),
                        field("width", &Bevel::width, "Share of the shorter side, in [0, 0.1]."));
}

}  // namespace

void bind_look(py::module_& module) {
  bind_words(module);
  bind_parts(module);
  bind_record<0, Look>(
      module, "Look", "How the artwork sits in the scene. Its light alone does as well: look=\"flat\".",
      field("light", &Look::light, "Whose light falls on it."),
      field("opacity", &Look::opacity, "In [0, 1], on top of the artwork's own alpha."),
      field("blend", &Look::blend, "How its colour and the surface's own mix."),
      field("blend_space", &Look::blend_space, "The values that blending works on."),
      field("mat", &Look::mat, "For fit=\"mat\" only."), field("ink", &Look::ink, "On cloth; None: not printed."),
      field("cylinder", &Look::cylinder, "A region labelled \"mug\" is one by itself."),
      field("inner_shadow", &Look::inner_shadow, "Over artwork and mat; None: no shadow."),
      field("bevel", &Look::bevel, "At the sides of the region; None: no lip."),
      field("light_from", &Look::light_from,
            "Where shadows and bevels take their light from: degrees clockwise from straight above."));
}

}  // namespace vitrine::python
