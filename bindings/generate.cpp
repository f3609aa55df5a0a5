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
      module, "GenerationRequest", "What picture to make.", required("prompt", &GenerationRequest::prompt, "In words."),
      field("kind", &GenerationRequest::kind, "\"artwork\" or \"scene\"."),
      field("model", &GenerationRequest::model, "Empty: the generator's default."),
      field("size", &GenerationRequest::size, "(width, height) in pixels."),
      field("seed", &GenerationRequest::seed,
            "Same seed, same picture where the model can; None: the generator picks."),
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
      .def(
          "estimate",
          [](const ImageGenerator& self, const GenerationRequest& request) {
            return run([&] { return self.estimate(request); });
          },
          py::arg("request"), "What submit() would cost. ValueError for a request that would be refused.")
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
            return run(context,
                       [&, keep = journal_of(journal)](Context& inner) { return self.generate(request, keep, inner); });
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
      .def_property_readonly(
          "charged", [](const MockGenerator& self) { return run([&] { return self.charged(); }); }, "The bill.")
      .def_property_readonly(
          "orders_charged", [](const MockGenerator& self) { return run([&] { return self.orders_charged(); }); },
          "Pictures paid for.");
}

}  // namespace

void bind_generate(py::module_& module) {
  bind_money(module);
  bind_words(module);
  bind_orders(module);
  bind_generator(module);
  bind_mock(module);
}

}  // namespace vitrine::python
