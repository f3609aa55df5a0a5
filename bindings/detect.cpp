#include "vitrine/detect/detector.h"

#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "casters.h"
#include "notebook.h"
#include "override.h"
#include "python_detection.h"
#include "record.h"
#include "vitrine/detect/annotate.h"
#include "vitrine/detect/chain.h"
#include "vitrine/detect/fixed.h"
#include "vitrine/detect/mock.h"
#include "vitrine/detect/region_policy.h"
#include "vitrine/detect/surface.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

class PyDetector : public Detector, public py::trampoline_self_life_support {
 public:
  using Detector::detect;
  Detection detect(ImageView scene, Context& context) const override {
    // A copy: Python code may keep the picture longer than the borrowed pixels live.
    return call_override<PythonDetection>(static_cast<const Detector*>(this), "detect", Image(scene), lend(context))
        .answer;
  }
};

void bind_words(py::module_& module) {
  py::native_enum<Shows>(module, "Shows", "enum.Enum", "What makes a surface known as a place for artwork.")
      .value("hole", Shows::hole, "Transparent pixels that the scene encloses.")
      .value("key", Shows::key, "A flat key colour.")
      .value("blank", Shows::blank, "A flat near-white, grey or black cut-out.")
      .value("plain", Shows::plain, "An empty surface with light on it.")
      .value("filled", Shows::filled, "Something is printed there already.")
      .value("given", Shows::given, "Somebody said so.")
      .finalize();
  py::native_enum<Abstention>(module, "Abstention", "enum.Enum", "Why a detector, or a policy, gives no answer.")
      .value("none", Abstention::none, "It answers.")
      .value("no_candidate", Abstention::no_candidate, "Nothing in the scene looks like a surface.")
      .value("not_sure", Abstention::not_sure, "The best candidate is not good enough.")
      .value("filtered", Abstention::filtered, "The policy accepts none of the candidates.")
      .value("unusable_scene", Abstention::unusable_scene, "The scene is too small or has no visible pixel.")
      .finalize();
}

void bind_region(py::module_& module) {
  bind_record<1, Region>(
      module, "Region", "One surface in a scene.",
      required("quad", &Region::quad, "Corners in scene pixels, clockwise from top left."),
      field("label", &Region::label, "What it is: \"surface\", \"opening\", \"frame\", \"screen\", …"),
      field("confidence", &Region::confidence, "In [0, 1]: the share of such answers that are right."),
      field("detector", &Region::detector, "Who found it."),
      field("shows", &Region::shows, "What makes it known as a place for artwork."),
      field("alternative", &Region::alternative, "True for a runner-up of an earlier region."),
      field("reason", &Region::reason, "Why the detector believes in it; for people."),
      field("mask", &Region::mask, "gray8 of the scene's size: 255 where the surface itself is visible; or None."));
}

PythonDetection make_detection(std::vector<Region> regions, std::vector<Region> rejected,
                               std::optional<Abstention> abstention, std::string reason, std::optional<Image> scene) {
  if (!abstention) abstention = regions.empty() ? Abstention::no_candidate : Abstention::none;
  if ((*abstention == Abstention::none) == regions.empty())
    throw py::value_error("A detection has regions, or it abstains: give one of the two.");
  if (regions.empty() && reason.empty()) reason = "The detector found nothing.";
  return {{std::move(regions), std::move(rejected), *abstention, std::move(reason)}, scene.value_or(Image())};
}

Image annotated(const PythonDetection& self) {
  if (self.scene.empty())
    throw py::value_error("This detection does not know its scene; use vitrine.annotate(scene, detection).");
  return run([&] { return annotate(self.scene, self.answer); });
}

py::object picture_of(const PythonDetection& self) {
  if (self.scene.empty()) return py::none();
  return py::cast(run([&] { return notebook_png(annotate(self.scene, self.answer)); }));
}

std::string text_of(const py::object& self) {
  const auto& answer = self.cast<const PythonDetection&>().answer;
  if (answer.empty()) return "<vitrine.Detection: none. " + answer.reason + ">";
  const std::string count = std::to_string(answer.size()) + (answer.size() == 1 ? " region" : " regions");
  return "<vitrine.Detection: " + count + ", best " + std::string(py::str(py::repr(self[py::int_(0)]))) + ">";
}

void bind_detection(py::module_& module) {
  py::class_<PythonDetection>(module, "Detection", R"(
What a detector says of a scene: reads as the list of its regions, best first. Empty if it abstains.

In a notebook it shows the scene with the regions drawn on it.)")
      .def(py::init(&make_detection), py::arg("regions") = std::vector<Region>(), py::kw_only(),
           py::arg("rejected") = std::vector<Region>(), py::arg("abstention") = py::none(), py::arg("reason") = "",
           py::arg("scene") = py::none())
      .def_property_readonly(
          "regions", [](const PythonDetection& self) { return self.answer.regions; },
          "Each surface once, then runners-up, marked `alternative`.")
      .def_property_readonly(
          "rejected", [](const PythonDetection& self) { return self.answer.rejected; },
          "What was found but not believed, best first.")
      .def_property_readonly(
          "abstention", [](const PythonDetection& self) { return self.answer.abstention; },
          "Why there are no regions; `none` if there are.")
      .def_property_readonly(
          "reason", [](const PythonDetection& self) { return self.answer.reason; }, "The same as a sentence.")
      .def_property_readonly(
          "scene",
          [](const PythonDetection& self) -> std::optional<Image> {
            if (self.scene.empty()) return std::nullopt;
            return self.scene;
          },
          "The picture it is about, if known.")
      .def("annotated", &annotated, "The scene with the answer drawn on it, rgb8. ValueError if the scene is unknown.")
      .def("_repr_png_", &picture_of)
      .def("__len__", [](const PythonDetection& self) { return self.answer.size(); })
      .def("__getitem__", [](const PythonDetection& self,
                             py::ssize_t i) { return py::cast(self.answer.regions).attr("__getitem__")(i); })
      .def("__iter__", [](const PythonDetection& self) { return py::iter(py::cast(self.answer.regions)); })
      .def("__repr__", &text_of);
}

void bind_detector(py::module_& module) {
  py::class_<Detector, PyDetector, py::smart_holder>(module, "Detector", R"(
Finds the surfaces in a scene that can carry an artwork. Define `detect` to make your own.)")
      .def(py::init<>())
      .def(
          "detect",
          [](const Detector& self, const Image& scene, const ContextArgument& context) {
            auto answer = run(context, [&](Context& inner) { return self.detect(scene, inner); });
            return PythonDetection{std::move(answer), scene};
          },
          py::arg("scene"), py::kw_only(), py::arg("context") = nullptr, R"(
Finds regions, best first; finding nothing is no error: the answer then says why.

Parameters
----------
scene
    Any 8-bit picture.
context
    Cancel is noticed within 50 ms.

Raises
------
CancelledError, DeadlineExceededError, ModelUnavailableError)");
}

void bind_options(py::module_& module) {
  bind_record<0, SurfaceOptions>(
      module, "SurfaceOptions", "How the surface detector works.",
      field("min_confidence", &SurfaceOptions::min_confidence, "In [0, 1]. Below it the detector abstains."),
      field("max_regions", &SurfaceOptions::max_regions, "Most regions returned, runners-up included."),
      field("working_side", &SurfaceOptions::working_side,
            "Pixels on the long side of the reduced scene. Raise it for small frames in large scenes."));
  bind_record<0, RegionPolicy>(
      module, "RegionPolicy", "Which of a detector's answers to use.",
      field("min_confidence", &RegionPolicy::min_confidence, "In [0, 1]."),
      field("min_area", &RegionPolicy::min_area, "Share of the scene, in [0, 1]: smaller regions are left out."),
      field("max_area", &RegionPolicy::max_area, "Share of the scene, in [0, 1]."),
      field("margin", &RegionPolicy::margin,
            "Least distance of every corner from the border, as a share of the shorter side."),
      field("labels", &RegionPolicy::labels, "Only these labels; empty for all."),
      field("max_regions", &RegionPolicy::max_regions, "Most regions that are no alternatives."));
}

std::unique_ptr<Detector> make_chain(const std::vector<std::shared_ptr<Detector>>& detectors) {
  return make_chain_detector({detectors.begin(), detectors.end()});
}

void bind_factories(py::module_& module) {
  module.def("make_surface_detector", &make_surface_detector, py::arg("options") = SurfaceOptions{}, R"(
Finds transparent holes, key-coloured and blank cut-outs, and frames, sheets and screens by their edges.

Needs no model file. Same scene, same options, same answer.)");
  module.def("make_chain_detector", &make_chain, py::arg("detectors"), R"(
Asks each detector in turn and returns the first answer that has regions.)");
  module.def("make_fixed_detector", &make_fixed_detector, py::arg("quads"), R"(
Answers every scene with the given quads, in order; one that lies outside a scene is left out there.)");
  module.def(
      "make_mock_detector",
      [](std::optional<std::vector<Region>> regions, std::string reason, std::optional<ErrorCode> error,
         std::chrono::milliseconds takes) {
        return make_mock_detector({std::move(regions), std::move(reason), error, takes});
      },
      py::kw_only(), py::arg("regions") = py::none(), py::arg("reason") = MockDetectorOptions{}.reason,
      py::arg("error") = py::none(), py::arg("takes") = MockDetectorOptions{}.takes, R"(
A detector for unit tests.

Parameters
----------
regions
    Answered for every scene; None for one region in its middle, an empty list to abstain.
reason
    Given when it abstains.
error
    Raised instead of an answer.
takes
    Seconds to wait first; can be cancelled.)");
}

}  // namespace

void bind_detect(py::module_& module) {
  bind_words(module);
  bind_region(module);
  bind_detection(module);
  bind_detector(module);
  bind_options(module);
  bind_factories(module);
  module.def(
      "apply_policy",
      [](const RegionPolicy& policy, const PythonDetection& detection, Size scene_size) {
        return PythonDetection{apply(policy, detection.answer, scene_size), detection.scene};
      },
      py::arg("policy"), py::arg("detection"), py::arg("scene_size"), R"(
The regions that the policy accepts, in the order they came; if it accepts none, the reason names the broken rule.)");
  module.def(
      "annotate",
      [](const Image& scene, const PythonDetection& detection) {
        return run([&] { return annotate(scene, detection.answer); });
      },
      py::arg("scene"), py::arg("detection"), "The scene as rgb8 with the answer drawn on it.");
}

}  // namespace vitrine::python
