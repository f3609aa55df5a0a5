#include "vitrine/pipeline/batch.h"

#include <pybind11/pybind11.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "callback.h"
#include "casters.h"
#include "look_argument.h"
#include "pipeline_arguments.h"
#include "record.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

using Paths = std::vector<std::filesystem::path>;

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

}  // namespace

void bind_batch(py::module_& module) {
  bind_record<2, BatchItem>(
      module, "BatchItem", "One mockup of a batch, made or not.", required("artwork", &BatchItem::artwork, "Its file."),
      required("scene", &BatchItem::scene, "Its file."),
      field("output", &BatchItem::output, "Where it was written; an empty path if it failed."),
      field("region", &BatchItem::region, "Where the artwork went."),
      field("error", &BatchItem::error, "Set if it failed; misuse counts as invalid_image."),
      field("message", &BatchItem::message, "Why it failed."), field("seconds", &BatchItem::seconds, "What it took."));
  module.def(
      "run_batch",
      [](Paths artworks, Paths scenes, std::filesystem::path output, bool output_is_folder, std::optional<Quad> quad,
         Fit fit, const LookArgument& look, RegionPolicy policy, EncodeOptions encoding, DecodeOptions decoding,
         int threads, const DetectorArgument& detector, const CompositorArgument& compositor, const py::object& on_done,
         const ContextArgument& context) {
        const BatchRequest request{
            std::move(artworks), std::move(scenes), std::move(output), output_is_folder, quad,   fit,
            look.value,          std::move(policy), encoding,          decoding,         threads};
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

}  // namespace vitrine::python
