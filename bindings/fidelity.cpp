#include "vitrine/compose/fidelity.h"

#include <pybind11/pybind11.h>

#include <vector>

#include "bindings.h"
#include "call.h"
#include "casters.h"
#include "record.h"
#include "vitrine/compose/assign.h"
#include "vitrine/compose/compositor.h"

namespace py = pybind11;
using namespace pybind11::literals;

namespace vitrine::python {

void bind_fidelity(py::module_& module) {
  bind_record<0, Assignment>(module, "Assignment", "Which artwork goes where.",
                             field("artwork", &Assignment::artwork, "Index into the artworks given."),
                             field("region", &Assignment::region, "Index into the regions given."),
                             field("mismatch", &Assignment::mismatch,
                                   "How many times wider, or narrower, the one is than the other; 1 fits exactly."));
  module.def("assign_artworks", &assign_artworks, "artworks"_a, "regions"_a, py::kw_only(), "scene"_a, R"(
Hangs artworks on the surfaces of one scene so that ratios and orientations fit best over all.

Parameters
----------
artworks
    (width, height) of each.
regions
    Of one scene; runners-up are left out.
scene
    (width, height) in pixels.

Returns
-------
In order of regions. Each artwork and each region is used at most once.)");
  bind_record<0, Fidelity>(
      module, "Fidelity", "How true an artwork came out in a mockup.",
      field("region", &Fidelity::region, "Index into Template.regions."),
      field("quad", &Fidelity::quad, "Where the artwork lies in the scene."),
      field("source", &Fidelity::source, "The part of the artwork that is shown, in its pixels."),
      field("scale", &Fidelity::scale, "Artwork pixels to a mockup pixel, along the axis that has fewer."),
      field("ratio_distortion", &Fidelity::ratio_distortion, "How much wider or narrower it looks: 0.03 is 3 %."),
      field("light", &Fidelity::light, "Mean of what multiplied its linear light, red, green, blue."),
      field("visible", &Fidelity::visible, "Share of it that could be compared."),
      field("delta_e_median", &Fidelity::delta_e_median, "CIEDE2000 over that."),
      field("delta_e_95", &Fidelity::delta_e_95, "Its 95th percentile."),
      field("ssim", &Fidelity::ssim, "Structural similarity of its luma, 1: the same."),
      field("sharpness", &Fidelity::sharpness, "Contrast of its finest detail over that of the artwork."),
      field("recoloured", &Fidelity::recoloured, "The look asks for other colours."),
      field("distorted", &Fidelity::distorted, "ratio_distortion is above 0.03."),
      field("coarse", &Fidelity::coarse, "scale is below 0.5: the artwork has too few pixels for its place."));
  module.def(
      "measure_fidelity",
      [](const Template& room, const std::vector<Placement>& placements, const Image& mockup) {
        return run([&] { return measure_fidelity(room, placements, mockup); });
      },
      "room"_a, "placements"_a, py::kw_only(), "mockup"_a, R"(
Takes each artwork of a mockup back to a flat sheet, divides its light out, and compares it with the artwork.

Parameters
----------
room, placements
    What the mockup was made of.
mockup
    A picture of the scene's size.)");
  module.def("fidelity_json", &fidelity_json, "report"_a, "The report as one JSON object.");
}

}  // namespace vitrine::python
