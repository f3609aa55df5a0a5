#include "vitrine/pipeline/mockup.h"

#include <pybind11/pybind11.h>

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "callback.h"
#include "casters.h"
#include "look_argument.h"
#include "python_detection.h"
#include "record.h"
#include "vitrine/base/byte_stream.h"
#include "vitrine/compose/perspective.h"
#include "vitrine/detect/surface.h"
#include "vitrine/pipeline/batch.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

using DetectorArgument = std::shared_ptr<Detector>;      ///< None: the surface detector.
using CompositorArgument = std::shared_ptr<Compositor>;  ///< None: the perspective engine.
using Paths = std::vector<std::filesystem::path>;

/// How a place is found: the arguments that prepare() and mockup() share.
struct Search {
  std::optional<Quad> quad;
  DetectorArgument detector;
  RegionPolicy policy;
};

DetectorArgument detector_or_surface(DetectorArgument detector, double min_confidence) {
  if (detector) return detector;
  SurfaceOptions options;
  options.min_confidence = min_confidence;
  return make_surface_detector(options);
}

CompositorArgument compositor_or_engine(CompositorArgument compositor) {
  return compositor ? std::move(compositor) : CompositorArgument(make_perspective_compositor());
}

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

Template prepare(const py::object& scene, const std::optional<Quad>& quad, const DetectorArgument& detector,
                 std::optional<double> min_confidence, const RegionPolicy& policy, const CompositorArgument& compositor,
                 const ContextArgument& context) {
  const Search search = make_search(quad, detector, min_confidence, policy);
  const CompositorArgument engine = compositor_or_engine(compositor);
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

std::vector<BatchItem> make_batch(const BatchRequest& request, const DetectorArgument& detector,
                                  const CompositorArgument& compositor, const py::object& on_done,
                                  const ContextArgument& given) {
  const ContextArgument context = given ? given : std::make_shared<HostContext>();
  const DetectorArgument finder = detector_or_surface(detector, request.policy.min_confidence);
  const CompositorArgument engine = compositor_or_engine(compositor);
  std::function<void(const BatchItem&)> done;
  if (!on_done.is_none())
    done = [callback = Callback(on_done), errors = context->errors()](const BatchItem& item) {
      callback.call(errors, item);
    };
  return run(context, [&](Context& inner) { return run_batch(request, *finder, *engine, done, inner); });
}

void bind_verbs(py::module_& module) {
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
             py::arg("policy") = RegionPolicy{}, py::arg("compositor") = py::none(), py::arg("context") = py::none(), R"(
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
  module.def("is_template", [](const Bytes& start) { return is_template(start); }, py::arg("start"),
             "True if these bytes start as a .vitrine file does.");
}

void bind_batch(py::module_& module) {
  bind_record<2, BatchItem>(module, "BatchItem", "One mockup of a batch, made or not.",
                            required("artwork", &BatchItem::artwork, "Its file."),
                            required("scene", &BatchItem::scene, "Its file."),
                            field("output", &BatchItem::output, "Where it was written; an empty path if it failed."),
                            field("region", &BatchItem::region, "Where the artwork went."),
                            field("error", &BatchItem::error, "Set if it failed; misuse counts as invalid_image."),
                            field("message", &BatchItem::message, "Why it failed."),
                            field("seconds", &BatchItem::seconds, "What it took."));
  module.def(
      "run_batch",
      [](Paths artworks, Paths scenes, std::filesystem::path output, bool output_is_folder, std::optional<Quad> quad,
         Fit fit, const LookArgument& look, RegionPolicy policy, EncodeOptions encoding, DecodeOptions decoding,
         int threads, const DetectorArgument& detector, const CompositorArgument& compositor, const py::object& on_done,
         const ContextArgument& context) {
        const BatchRequest request{std::move(artworks), std::move(scenes), std::move(output), output_is_folder, quad,
                                   fit, look.value, std::move(policy), encoding, decoding, threads};
        return make_batch(request, detector, compositor, on_done, context);
      },
      py::arg("artworks"), py::arg("scenes"), py::kw_only(), py::arg("output"), py::arg("output_is_folder") = true,
      py::arg("quad") = py::none(), py::arg("fit") = Fit::cover, py::arg("look") = LookArgument{},
      py::arg("policy") = RegionPolicy{}, py::arg("encoding") = EncodeOptions{}, py::arg("decoding") = DecodeOptions{},
      py::arg("threads") = 0, py::arg("detector") = py::none(), py::arg("compositor") = py::none(),
      py::arg("on_done") = py::none(), py::arg("context") = py::none(), R"(
Every artwork into every scene. What fails is reported in its item, and the others are finished.

Parameters
----------
artworks, scenes
    Paths; scenes may be .vitrine templates.
output
    A folder, where files are named <artwork>__<scene>.<suffix>; or, for one mockup, a file.
output_is_folder
    False: `output` is a file.
quad
    Used in every scene instead of detection.
threads
    Mockups made side by side; 0: as many as there are cores.
on_done
    Called with each BatchItem as it is ready, from the working threads, one at a time. What it raises ends the batch.

Returns
-------
The items in order, artworks outermost.

Raises
------
ValueError
    The request is empty, or two mockups would get one name.
CancelledError, DeadlineExceededError
    No half-written file is left.)");
}

}  // namespace

void bind_pipeline(py::module_& module) {
  bind_verbs(module);
  bind_batch(module);
}

}  // namespace vitrine::python
