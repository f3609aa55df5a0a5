#include "vitrine/pipeline/mockup.h"

#include <pybind11/pybind11.h>

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "bindings.h"
#include "call.h"
#include "casters.h"
#include "look_argument.h"
#include "pipeline_arguments.h"
#include "python_detection.h"
#include "vitrine/base/byte_stream.h"
#include "vitrine/base/file.h"
#include "vitrine/compose/perspective.h"
#include "vitrine/detect/surface.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

/// How a place is found: the arguments that prepare() and mockup() share.
struct Search {
  std::optional<Quad> quad;
  DetectorArgument detector;
  RegionPolicy policy;
};

Search make_search(const std::optional<Quad>& quad, const DetectorArgument& detector,
                   std::optional<double> min_confidence, RegionPolicy policy) {
  if (min_confidence) policy.min_confidence = *min_confidence;
  return {quad, detector_or_surface(detector, policy.min_confidence), std::move(policy)};
}

bool is_template_file(const std::filesystem::path& path) {
  std::array<std::uint8_t, 64> start{};
  const std::size_t count = open_file_source(path)->read(start);
  return is_template(ByteView(start).first(count));
}

/// A scene that is prepared already: a Template, or the path of one.
std::optional<Template> template_in(py::handle scene) {
  if (py::isinstance<Template>(scene)) return scene.cast<Template>();
  if (!py::isinstance<py::str>(scene) && !py::hasattr(scene, "__fspath__")) return std::nullopt;
  const auto path = scene.cast<std::filesystem::path>();
  return run([&]() -> std::optional<Template> {
    if (!is_template_file(path)) return std::nullopt;
    return load_template(path);
  });
}

Template prepare_picture(const Image& scene, const Search& search, const Compositor& compositor, Context& context) {
  if (!search.quad) return prepare_scene(scene, *search.detector, search.policy, compositor, context);
  Region region;
  region.quad = *search.quad;
  return compositor.prepare(scene, {region}, context);
}

Template prepare_file(const std::filesystem::path& path, const Search& search, const Compositor& compositor,
                      Context& context) {
  const Bytes bytes = read_file(path, DecodeOptions{}.max_bytes);
  try {
    if (!search.quad) return prepare_scene(bytes, {}, *search.detector, search.policy, compositor, context);
    Region region;
    region.quad = *search.quad;
    return compositor.prepare_encoded(bytes, {region}, {}, context);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_image && error.code() != ErrorCode::image_too_large) throw;
    throw about(path.string(), error);
  }
}

Template prepare(const py::object& scene, const std::optional<Quad>& quad, const DetectorArgument& detector,
                 std::optional<double> min_confidence, const RegionPolicy& policy, const CompositorArgument& compositor,
                 const ContextArgument& context) {
  const Search search = make_search(quad, detector, min_confidence, policy);
  const CompositorArgument engine = compositor_or_engine(compositor);
  // A file is prepared from its bytes: a JPEG can then be patched.
  if (py::isinstance<py::str>(scene) || py::hasattr(scene, "__fspath__")) {
    const auto path = scene.cast<std::filesystem::path>();
    return run(context, [&](Context& inner) { return prepare_file(path, search, *engine, inner); });
  }
  const auto picture = scene.cast<Image>();
  return run(context, [&](Context& inner) { return prepare_picture(picture, search, *engine, inner); });
}

Image mockup(const Image& artwork, const py::object& scene, Fit fit, const LookArgument& look,
             const std::optional<Quad>& quad, const DetectorArgument& detector, std::optional<double> min_confidence,
             const RegionPolicy& policy, int threads, const ContextArgument& context) {
  const Search search = make_search(quad, detector, min_confidence, policy);
  const CompositorArgument engine = make_perspective_compositor();
  std::optional<Template> room = template_in(scene);
  const Image picture = !room ? scene.cast<Image>() : quad ? room->scene() : Image();
  return run(context, [&](Context& inner) {
    Context preparing = inner.part(0, 0.6);
    if (!picture.empty()) room = prepare_picture(picture, search, *engine, preparing);
    Context rendering = inner.part(0.6, 1);
    return engine->render(*room, {{artwork, 0, fit, look.value}}, {threads}, rendering);
  });
}

PythonDetection detect(const Image& scene, const DetectorArgument& detector, double min_confidence,
                       const ContextArgument& context) {
  const DetectorArgument finder = detector_or_surface(detector, min_confidence);
  return {run(context, [&](Context& inner) { return finder->detect(scene, inner); }), scene};
}

}  // namespace

void bind_pipeline(py::module_& module) {
  module.def("detect", &detect, py::arg("scene"), py::kw_only(), py::arg("detector") = py::none(),
             py::arg("min_confidence") = SurfaceOptions{}.min_confidence, py::arg("context") = py::none(), R"(
Finds the surfaces in a scene that can carry an artwork. In a notebook the answer shows itself drawn on the scene.

Parameters
----------
scene
    Any 8-bit picture.
detector
    None: the surface detector, which needs no model file.
min_confidence
    In [0, 1]: below it the surface detector abstains. Other detectors have settings of their own.
context
    Cancel is noticed within 50 ms.

Returns
-------
The regions, best first; empty, with a reason, if there is none.

Raises
------
CancelledError, DeadlineExceededError, ModelUnavailableError)");
  module.def("prepare", &prepare, py::arg("scene"), py::kw_only(), py::arg("quad") = py::none(),
             py::arg("detector") = py::none(), py::arg("min_confidence") = py::none(),
             py::arg("policy") = RegionPolicy{}, py::arg("compositor") = py::none(), py::arg("context") = py::none(),
             R"(
Prepares a scene: finds its regions and measures their light and what stands in front, once for many renders.

Parameters
----------
scene
    Any 8-bit picture.
quad
    Where the artwork goes, in scene pixels, clockwise from top left: nothing is searched then.
detector
    None: the surface detector.
min_confidence
    In [0, 1]; instead of the policy's.
policy
    Which of the detector's answers to use.
compositor
    None: the perspective engine.

Raises
------
NoSuitableRegionError
    Nothing was found that the policy accepts; the message says why.
ValueError
    The quad is unusable.
CancelledError, DeadlineExceededError, ModelUnavailableError)");
  module.def("mockup", &mockup, py::arg("artwork"), py::arg("scene"), py::kw_only(), py::arg("fit") = Fit::cover,
             py::arg("look") = LookArgument{}, py::arg("quad") = py::none(), py::arg("detector") = py::none(),
             py::arg("min_confidence") = py::none(), py::arg("policy") = RegionPolicy{}, py::arg("threads") = 0,
             py::arg("context") = py::none(), R"(
The one-liner: the artwork on the best surface of the scene.

Parameters
----------
artwork
    Any 8-bit picture.
scene
    Any 8-bit picture, a Template, or the path of one (.vitrine).
fit
    "cover" fills the region, "contain" shows the artwork whole, "stretch" takes it corner to corner.
look
    "natural" has the scene's light on the artwork, "flat" none; or a Look.
quad
    Where the artwork goes, in scene pixels, clockwise from top left: nothing is searched then.
detector, min_confidence, policy
    As in prepare().
threads
    0: as many as there are cores. The result does not depend on it.

Returns
-------
A picture of the scene's size: rgba8 if the scene has transparency left, else rgb8.

Raises
------
NoSuitableRegionError
    Nothing was found; the message says why and what to do.
ValueError
    The quad is unusable.
InvalidImageError, ImageTooLargeError, NotFoundError, PermissionDeniedError, CancelledError, DeadlineExceededError)");
  module.def(
      "is_template", [](const Bytes& start) { return is_template(start); }, py::arg("start"),
      "True if these bytes start as a .vitrine file does.");
}

}  // namespace vitrine::python
