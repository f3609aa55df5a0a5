#include <pybind11/pybind11.h>

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
#include "job_attempt.h"
#include "pipeline_arguments.h"
#include "python_error.h"
#include "record.h"
#include "transport_argument.h"
#include "vitrine/net/download.h"
#include "vitrine/pipeline/fetch.h"
#include "vitrine/pipeline/pipeline.h"

namespace py = pybind11;
using namespace pybind11::literals;

namespace vitrine::python {
namespace {

using Texts = std::vector<std::string>;

void bind_attempt(py::module_& module) {
  py::class_<PythonAttempt, std::shared_ptr<PythonAttempt>>(module, "JobAttempt", R"(
One attempt at a job: what its holder needs to do the work step by step.

Parameters
----------
store
    Where the job is.
held
    A job as claim() returned it, with its token.)")
      .def(py::init([](std::shared_ptr<JobStore> store, Job held) {
             auto own = std::make_unique<JobAttempt>(*store, std::move(held));
             return std::make_shared<PythonAttempt>(std::move(store), std::move(own));
           }),
           "store"_a, "held"_a)
      .def_static(
          "resume",
          [](std::shared_ptr<JobStore> store, const std::string& id, const std::string& token,
             const ContextArgument& context) {
            auto own = run(context, [&](Context& inner) { return JobAttempt::resume(*store, id, token, inner); });
            return std::make_shared<PythonAttempt>(std::move(store), std::move(own));
          },
          "store"_a, "id"_a, py::kw_only(), "token"_a, "context"_a = nullptr,
          "The attempt that holds `token`, with its journal as it is now. NotFoundError.")
      .def_property_readonly(
          "job", [](const PythonAttempt& self) { return self.get().job(); }, "As it was claimed.")
      .def_property_readonly(
          "journal", [](const PythonAttempt& self) { return run([&] { return self.get().journal(); }); },
          "As last saved: a JSON object.")
      .def_property_readonly(
          "key_part", [](const PythonAttempt& self) { return self.get().key_part(); },
          "Twelve hex digits of this attempt's own, for object keys.")
      .def(
          "save_journal",
          [](PythonAttempt& self, const std::string& journal, const ContextArgument& context) {
            run(context, [&](Context& inner) { self.get().save_journal(journal, inner); });
          },
          "journal"_a, py::kw_only(), "context"_a = nullptr, "Replaces the journal. LeaseLostError if it is another's.")
      .def("__repr__", [](const PythonAttempt& self) {
        return "<vitrine.JobAttempt " + std::to_string(self.get().job().attempt) + " at " + self.get().job().id + ">";
      });
}

void bind_usage(py::module_& module) {
  bind_record<0, PipelineUsage>(
      module, "PipelineUsage", "What a pipeline takes.",
      field("memory_in_use", &PipelineUsage::memory_in_use, "Bytes, as estimated from the pictures' sizes."),
      field("waiting", &PipelineUsage::waiting, "How many pieces of work wait for memory."),
      field("cached", &PipelineUsage::cached, "Bytes of prepared scenes and artworks that are kept."));
}

Fetch fetch_of(const py::object& function) {
  return [callback = Callback(function)](const std::string& url, Context& context) {
    const GilTaken gil;
    try {
      return callback.function()(url, "context"_a = std::make_shared<HostContext>(context, Signals::theirs)).cast<Bytes>();
    } catch (py::error_already_set& raised) {
      throw_from_python(raised);
    }
  };
}

struct PipelineArguments {
  PipelineParts parts;
  PipelineOptions options;
};

std::shared_ptr<Pipeline> make_pipeline(std::shared_ptr<JobStore> jobs, std::shared_ptr<ObjectStore> objects,
                                        std::shared_ptr<ImageGenerator> generator, const DetectorArgument& detector,
                                        const CompositorArgument& compositor, const py::object& fetch,
                                        const std::optional<UrlPolicy>& downloads, const TransportArgument& transport,
                                        const std::string& own_bucket, std::optional<std::filesystem::path> input_folder,
                                        std::string templates, RegionPolicy policy, DecodeOptions decoding,
                                        std::optional<MicroUsd> budget_per_job, std::optional<MicroUsd> budget_per_day,
                                        std::size_t memory_bytes, std::size_t cache_bytes, int render_threads,
                                        int scenes_at_once, int scenes_per_journal, std::string artworks,
                                        std::string mockups, std::string journals, std::shared_ptr<Clock> clock) {
  PipelineArguments made;
  made.parts.detector = detector_or_surface(detector, policy.min_confidence);
  made.parts.compositor = compositor_or_engine(compositor);
  made.parts.jobs = std::move(jobs);
  made.parts.objects = objects;
  made.parts.generator = std::move(generator);
  made.parts.clock = std::move(clock);
  if (!fetch.is_none()) made.parts.fetch = fetch_of(fetch);
  made.options.layout = {std::move(artworks), std::move(mockups), std::move(journals)};
  made.options.input_folder = input_folder.value_or("");
  made.options.templates = std::move(templates);
  made.options.policy = std::move(policy);
  made.options.decoding = decoding;
  made.options.spending = {budget_per_job, budget_per_day};
  made.options.memory_bytes = memory_bytes;
  made.options.cache_bytes = cache_bytes;
  made.options.render_threads = render_threads;
  made.options.scenes_at_once = scenes_at_once;
  made.options.scenes_per_journal = scenes_per_journal;
  return run([&] {
    if (downloads && !made.parts.fetch) {
      DownloadOptions limits;
      limits.policy = *downloads;
      made.parts.fetch = make_fetch(transport_or_curl(transport), limits, objects, own_bucket);
    }
    return std::make_shared<Pipeline>(std::move(made.parts), std::move(made.options));
  });
}

using PipelineClass = py::class_<Pipeline, std::shared_ptr<Pipeline>>;

void bind_construction(PipelineClass& pipeline) {
  const PipelineOptions plain;
  pipeline.def(
      py::init(&make_pipeline), "jobs"_a, "objects"_a, py::kw_only(), "generator"_a = nullptr, "detector"_a = nullptr,
      "compositor"_a = nullptr, "fetch"_a = py::none(), "downloads"_a = py::none(), "transport"_a = nullptr,
      "own_bucket"_a = "", "input_folder"_a = py::none(), "templates"_a = plain.templates,
      "policy"_a = RegionPolicy{}, "decoding"_a = DecodeOptions{}, "budget_per_job"_a = py::none(),
      "budget_per_day"_a = py::none(), "memory_bytes"_a = plain.memory_bytes, "cache_bytes"_a = plain.cache_bytes,
      "render_threads"_a = plain.render_threads, "scenes_at_once"_a = plain.scenes_at_once,
      "scenes_per_journal"_a = plain.scenes_per_journal, "artworks"_a = plain.layout.artworks,
      "mockups"_a = plain.layout.mockups, "journals"_a = plain.layout.journals,
      py::arg_v("clock", make_system_clock(), "make_system_clock()"));
}

void bind_steps(PipelineClass& pipeline) {
  pipeline
      .def(
          "run",
          [](Pipeline& self, PythonAttempt& attempt, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.run(attempt.get(), inner); });
          },
          "attempt"_a, py::kw_only(), "context"_a = nullptr,
          "The whole job, from where its journal says it stands. Returns the result, a JSON object.")
      .def(
          "generate_artwork",
          [](Pipeline& self, PythonAttempt& attempt, const std::string& request, const ContextArgument& context) {
            return run(context, [&](Context& inner) {
              return to_json(self.generate_artwork(attempt.get(), artwork_request_of(request), inner));
            });
          },
          "attempt"_a, "request"_a, py::kw_only(), "context"_a = nullptr,
          "Step: the picture is ordered, or collected if it is ordered already, and stored. JSON in and out.")
      .def(
          "scenes",
          [](Pipeline& self, const std::string& request, const ContextArgument& context) {
            return run(context, [&](Context& inner) {
              const MockupRequest wanted = mockup_request_of(request);
              const auto scenes = wanted.scenes.empty() ? self.list_scenes(wanted.scenes_under, inner) : wanted.scenes;
              Texts texts;
              for (const SceneRequest& scene : scenes) texts.push_back(to_json(scene));
              return texts;
            });
          },
          "request"_a, py::kw_only(), "context"_a = nullptr,
          "Step: the scenes that a mockup or listing request means, each as JSON.")
      .def(
          "prepare_scene",
          [](Pipeline& self, const std::string& scene, const ContextArgument& context) {
            return run(context,
                       [&](Context& inner) { return to_json(self.prepare_scene(scene_request_of(scene), inner)); });
          },
          "scene"_a, py::kw_only(), "context"_a = nullptr, R"(
Step: finds out where artwork goes in the scene, and keeps it prepared in this process. JSON in and out.

Raises
------
NoSuitableRegionError)")
      .def(
          "render_mockup",
          [](Pipeline& self, const std::string& order, const ContextArgument& context) {
            return run(context,
                       [&](Context& inner) { return to_json(self.render_mockup(mockup_order_of(order), inner)); });
          },
          "order"_a, py::kw_only(), "context"_a = nullptr, "Step: one mockup, made and stored. JSON in and out.");
}

void bind_ends(PipelineClass& pipeline) {
  const auto outcomes_of = [](const Texts& texts) {
    std::vector<SceneOutcome> outcomes;
    for (const std::string& text : texts) outcomes.push_back(scene_outcome_of(text));
    return outcomes;
  };
  pipeline
      .def(
          "note_outcomes",
          [outcomes_of](Pipeline& self, PythonAttempt& attempt, const Texts& outcomes, const ContextArgument& context) {
            run(context,
                [&](Context& inner) { self.note_outcomes(attempt.get(), outcomes_of(outcomes), inner); });
          },
          "attempt"_a, "outcomes"_a, py::kw_only(), "context"_a = nullptr,
          "Step: writes outcomes of render_mockup() into the journal, for the attempt that comes after this one.")
      .def(
          "result_of",
          [outcomes_of](Pipeline& self, PythonAttempt& attempt, const std::optional<std::string>& artwork,
                        const Texts& outcomes, const ContextArgument& context) {
            return run(context, [&](Context& inner) {
              std::optional<MadeArtwork> made;
              if (artwork) made = made_artwork_of(*artwork);
              return self.result_of(attempt.get(), made, outcomes_of(outcomes), inner);
            });
          },
          "attempt"_a, "artwork"_a, py::kw_only(), "outcomes"_a, "context"_a = nullptr,
          "Step: the result for JobStore.complete(). `artwork` if the job ordered one, else None.")
      .def(
          "tidy",
          [](Pipeline& self, const std::string& job_id, std::chrono::milliseconds min_age,
             const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.tidy(job_id, min_age, inner); });
          },
          "job_id"_a, py::kw_only(), "min_age"_a = std::chrono::milliseconds(0), "context"_a = nullptr,
          "Removes objects of an ended job that its result does not name; returns how many.")
      .def_property_readonly(
          "usage", [](const Pipeline& self) { return run([&] { return self.usage(); }); }, "What it takes now.");
}

}  // namespace

void bind_job_pipeline(py::module_& module) {
  bind_attempt(module);
  bind_usage(module);
  PipelineClass pipeline(module, "Pipeline", R"(
Does jobs of the kinds "artwork", "mockup" and "listing": order, decode, detect, prepare, render, encode, store. Each
step can be called alone, by a workflow engine, and repeated; nothing is paid twice. docs/pipeline.md has requests and
results.

Parameters
----------
jobs, objects
    Where jobs and pictures are.
generator
    None: jobs that order a picture fail.
detector, compositor
    None: the surface detector and the perspective engine.
fetch
    Your own way to get the bytes behind an address: called as fetch(url, context=…). It must refuse private addresses.
downloads
    A UrlPolicy: addresses are fetched by it. None, and no `fetch`: none is.
own_bucket
    Addresses of objects in this bucket are read from `objects`, so that it may be private.
input_folder
    Requests may name files below it. None: no files.
templates
    Prefix of the scenes of a listing that names none.
budget_per_job, budget_per_day
    MicroUsd: refused before anything is ordered.
memory_bytes
    For pixels in flight; work that needs more waits its turn.
cache_bytes
    For prepared scenes, and half as much for artworks, on top.
scenes_at_once
    Of one job.
scenes_per_journal
    How many are made again after a crash, at most; raise it if the job store is slow.
artworks, mockups, journals
    Prefixes of object keys.)");
  bind_construction(pipeline);
  bind_steps(pipeline);
  bind_ends(pipeline);
}

}  // namespace vitrine::python
