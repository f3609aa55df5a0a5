#include "vitrine/generate/generator.h"

#include <pybind11/operators.h>
#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "callback.h"
#include "casters.h"
#include "override.h"
#include "python_error.h"
#include "record.h"
#include "vitrine/generate/mock.h"
#include "vitrine/generate/procedural.h"
#include "vitrine/generate/procedural_artwork.h"
#include "vitrine/generate/procedural_scene.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

class PyImageGenerator : public ImageGenerator, public py::trampoline_self_life_support {
 public:
  MicroUsd estimate(const GenerationRequest& request) const override {
    return call_override<MicroUsd>(self(), "estimate", request);
  }
  GenerationTask submit(const GenerationRequest& request, Context& context) override {
    return call_override<GenerationTask>(self(), "submit", request, lend(context));
  }
  GenerationStatus poll(const GenerationTask& task, Context& context) override {
    return call_override<GenerationStatus>(self(), "poll", task, lend(context));
  }
  GeneratedImage fetch(const GenerationTask& task, const GenerationStatus& status, Context& context) override {
    return call_override<GeneratedImage>(self(), "fetch", task, status, lend(context));
  }
  std::chrono::milliseconds poll_interval() const override {
    if (!has_override(self(), "poll_interval")) return ImageGenerator::poll_interval();
    return call_override<std::chrono::milliseconds>(self(), "poll_interval");
  }

 private:
  const ImageGenerator* self() const { return this; }
};

ImageGenerator::Journal journal_of(const py::object& journal) {
  if (journal.is_none()) return [](const GenerationTask&) {};
  return [callback = Callback(journal)](const GenerationTask& task) {
    const GilTaken gil;
    try {
      callback.function()(task);
    } catch (py::error_already_set& raised) {
      throw_from_python(raised);
    }
  };
}

void bind_money(py::module_& module) {
  py::class_<MicroUsd>(module, "MicroUsd", "An amount in millionths of a US dollar: sums of it are exact.")
      .def(py::init<std::int64_t>(), py::arg("value") = 0)
      .def_readonly("value", &MicroUsd::value, "Millionths of a dollar.")
      .def(py::self + py::self)
      .def(py::self - py::self)
      .def(py::self == py::self)
      .def(py::self < py::self)
      .def(py::self <= py::self)
      .def(py::self > py::self)
      .def(py::self >= py::self)
      .def("__hash__", [](MicroUsd self) { return py::hash(py::int_(self.value)); })
      .def("__str__", [](MicroUsd self) { return to_string(self); })
      .def("__repr__", [](MicroUsd self) { return "MicroUsd(" + std::to_string(self.value) + ")"; })
      .def(py::pickle([](MicroUsd self) { return py::make_tuple(self.value); },
                      [](const py::tuple& state) { return MicroUsd{state[0].cast<std::int64_t>()}; }));
}

void bind_words(py::module_& module) {
  py::native_enum<GenerationKind>(module, "GenerationKind", "enum.Enum", "What the picture is for.")
      .value("artwork", GenerationKind::artwork)
      .value("scene", GenerationKind::scene)
      .finalize();
  py::native_enum<GenerationState>(module, "GenerationState", "enum.Enum", "Where an order stands.")
      .value("pending", GenerationState::pending)
      .value("ready", GenerationState::ready)
      .value("failed", GenerationState::failed)
      .value("moderated", GenerationState::moderated, "The service refused it.")
      .value("lost", GenerationState::lost, "The service does not know it any more.")
      .finalize();
}

void bind_orders(py::module_& module) {
  bind_record<1, GenerationRequest>(
      module, "GenerationRequest", "What picture to make.",
      required("prompt", &GenerationRequest::prompt, "In words."),
      field("kind", &GenerationRequest::kind, "\"artwork\" or \"scene\"."),
      field("model", &GenerationRequest::model, "Empty: the generator's default."),
      field("size", &GenerationRequest::size, "(width, height) in pixels."),
      field("seed", &GenerationRequest::seed, "Same seed, same picture where the model can; None: the generator picks."),
      field("parameters", &GenerationRequest::parameters, "Further fields of the model, as JSON values."));
  bind_record<0, GenerationTask>(
      module, "GenerationTask", "A picture that was ordered: all that is needed to collect it after a crash.",
      required("id", &GenerationTask::id, "Given by the service."),
      required("generator", &GenerationTask::generator, "Who can poll it."),
      required("request", &GenerationTask::request, "What was ordered."),
      field("model", &GenerationTask::model, "Who makes it."),
      secret("polling_url", &GenerationTask::polling_url, "Secret, as it may be signed; never log it."),
      field("estimated_cost", &GenerationTask::estimated_cost, "What it should cost."),
      field("submitted_at", &GenerationTask::submitted_at, "UTC."));
  bind_record<0, GenerationStatus>(
      module, "GenerationStatus", "Where an order stands.",
      field("state", &GenerationStatus::state, "pending, ready, failed, moderated or lost."),
      field("progress", &GenerationStatus::progress, "In [0, 1], as far as the service tells."),
      field("detail", &GenerationStatus::detail, "For people: why it failed."),
      secret("result_url", &GenerationStatus::result_url, "Where fetch() finds it; secret and short-lived."),
      field("settled_cost", &GenerationStatus::settled_cost, "What it cost, once known."));
  bind_record<0, GeneratedImage>(
      module, "GeneratedImage", "A picture as the service sent it.",
      required("bytes", &GeneratedImage::bytes, "Encoded; vitrine.decode_image() makes an Image of it."),
      required("task", &GeneratedImage::task, "The order it belongs to."),
      field("media_type", &GeneratedImage::media_type, "By its content."),
      field("cost", &GeneratedImage::cost, "Settled if the service told, else the estimate."),
      field("settled", &GeneratedImage::settled, "True if the cost is final."));
}

template <typename Class>
void bind_order_verbs(Class& generator) {
  generator
      .def("estimate", [](const ImageGenerator& self, const GenerationRequest& request) {
            return run([&] { return self.estimate(request); });
          }, py::arg("request"), "What submit() would cost. ValueError for a request that would be refused.")
      .def(
          "submit",
          [](ImageGenerator& self, const GenerationRequest& request, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.submit(request, inner); });
          },
          py::arg("request"), py::kw_only(), py::arg("context") = nullptr, R"(
Orders the picture: the only step that costs money.

Raises
------
SubmitUnknownError
    It is unknown whether the order arrived: do not call again before looking.
PermissionDeniedError, QuotaExhaustedError, RateLimitedError, ModeratedError, UnavailableError)")
      .def(
          "poll",
          [](ImageGenerator& self, const GenerationTask& task, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.poll(task, inner); });
          },
          py::arg("task"), py::kw_only(), py::arg("context") = nullptr, "Where the order stands. Costs nothing.")
      .def(
          "fetch",
          [](ImageGenerator& self, const GenerationTask& task, const GenerationStatus& status,
             const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.fetch(task, status, inner); });
          },
          py::arg("task"), py::arg("status"), py::kw_only(), py::arg("context") = nullptr,
          "The picture of a task that is ready. NotFoundError if its address has expired: poll again.")
      .def("poll_interval", &ImageGenerator::poll_interval, "Seconds between two polls.");
}

void bind_generator(py::module_& module) {
  py::class_<ImageGenerator, PyImageGenerator, py::smart_holder> generator(module, "ImageGenerator", R"(
Orders pictures and collects them. Define `estimate`, `submit`, `poll` and `fetch`, and if you like
`poll_interval`, to make your own.)");
  generator.def(py::init<>());
  bind_order_verbs(generator);
  generator
      .def(
          "generate",
          [](ImageGenerator& self, const GenerationRequest& request, const py::object& journal,
             const ContextArgument& context) {
            return run(context, [&, keep = journal_of(journal)](Context& inner) {
              return self.generate(request, keep, inner);
            });
          },
          py::arg("request"), py::arg("journal") = py::none(), py::kw_only(), py::arg("context") = nullptr, R"(
Orders a picture, journals the order, waits for it and fetches it.

Parameters
----------
request
    What to make.
journal
    Called once with the GenerationTask before the first poll: keep it, it is paid for.

Raises
------
ModeratedError, UnavailableError, NotFoundError, CancelledError, DeadlineExceededError, SubmitUnknownError)")
      .def(
          "resume",
          [](ImageGenerator& self, const GenerationTask& task, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.resume(task, inner); });
          },
          py::arg("task"), py::kw_only(), py::arg("context") = nullptr,
          "Polls `task` until it ends and fetches it, as after a crash.");
  module.def("make_procedural_generator", &make_procedural_generator,
             py::arg_v("clock", make_system_clock(), "make_system_clock()"), R"(
Makes scenes and artworks offline, at no cost. The words of the prompt choose the style; same prompt and seed, same
picture.)");
}

void bind_mock(py::module_& module) {
  bind_record<0, MockOrder>(
      module, "MockOrder", "What happens to one order of a MockGenerator.",
      field("submit_error", &MockOrder::submit_error, "Raised by submit(); nothing is charged."),
      field("submit_unknown", &MockOrder::submit_unknown, "submit() charges and then raises SubmitUnknownError."),
      field("pending_polls", &MockOrder::pending_polls, "Polls answered `pending` first."),
      field("ends", &MockOrder::ends, "How it ends."), field("detail", &MockOrder::detail, "Why."),
      field("expired_fetches", &MockOrder::expired_fetches, "Fetches that fail with NotFoundError first."));
  py::class_<MockGenerator, ImageGenerator, py::smart_holder>(module, "MockGenerator", R"(
A generator that plays a script and keeps the bill, for tests of everything that spends money.)")
      .def(py::init<std::vector<MockOrder>, MicroUsd, std::shared_ptr<Clock>>(),
           py::arg("script") = std::vector<MockOrder>(), py::kw_only(), py::arg("price") = MicroUsd{40'000},
           py::arg_v("clock", make_system_clock(), "make_system_clock()"))
      .def_property_readonly("charged", [](const MockGenerator& self) { return run([&] { return self.charged(); }); },
                             "The bill.")
      .def_property_readonly("orders_charged",
                             [](const MockGenerator& self) { return run([&] { return self.orders_charged(); }); },
                             "Pictures paid for.");
}

void bind_procedural(py::module_& module) {
  py::native_enum<ArtworkStyle>(module, "ArtworkStyle", "enum.Enum", "What a procedural artwork looks like.")
      .value("line_art", ArtworkStyle::line_art)
      .value("photo", ArtworkStyle::photo)
      .value("text", ArtworkStyle::text)
      .value("transparent", ArtworkStyle::transparent)
      .value("pattern", ArtworkStyle::pattern)
      .value("abstract", ArtworkStyle::abstract)
      .finalize();
  py::native_enum<ScenePlace>(module, "ScenePlace", "enum.Enum", "How the place for the artwork shows itself.")
      .value("blank", ScenePlace::blank, "An empty surface in the room's light.")
      .value("hole", ScenePlace::hole, "Transparent.")
      .value("key", ScenePlace::key, "A flat key colour.")
      .value("cutout", ScenePlace::cutout, "Flat white, as pasted by an editor.")
      .value("filled", ScenePlace::filled, "Some other picture hangs there.")
      .value("none", ScenePlace::none, "The room is empty: nothing to find.")
      .finalize();
  py::class_<ProceduralScene>(module, "ProceduralScene", "A room made from a seed, with the truth about it.")
      .def_property_readonly("image", [](const ProceduralScene& self) { return self.image; }, "rgb8, or rgba8 with holes.")
      .def_property_readonly("surfaces", [](const ProceduralScene& self) { return self.surfaces; },
                             "Exact corners of the visible openings.")
      .def_property_readonly("light", [](const ProceduralScene& self) { return self.light; },
                             "rgb_f32: linear light that a white surface sends at every pixel, 1 = white.")
      .def_property_readonly("occluder", [](const ProceduralScene& self) { return self.occluder; },
                             "gray_f32: share of each pixel that something in front of the surfaces covers.")
      .def_property_readonly("description", [](const ProceduralScene& self) { return self.description; }, "In words.")
      .def("_repr_png_", [](const ProceduralScene& self) { return py::cast(self.image).attr("_repr_png_")(); })
      .def("__repr__", [](const ProceduralScene& self) { return "<vitrine.ProceduralScene: " + self.description + ">"; });
  module.def(
      "make_procedural_artwork",
      [](std::uint64_t seed, ArtworkStyle style, Size size) {
        return run([&] { return make_procedural_artwork({seed, size, style}); });
      },
      py::arg("seed") = 0, py::arg("style") = ArtworkOptions{}.style, py::kw_only(),
      py::arg("size") = ArtworkOptions{}.size, R"(
A picture to hang, made from a seed: rgba8 for "transparent", else rgb8. Same arguments, same pixels.

Sides of `size` are 16 to 16384 pixels; ValueError otherwise.)");
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

void bind_generate(py::module_& module) {
  bind_money(module);
  bind_words(module);
  bind_orders(module);
  bind_generator(module);
  bind_mock(module);
  bind_procedural(module);
}

}  // namespace vitrine::python
