#include "vitrine/base/context.h"

#include <pybind11/functional.h>
#include <pybind11/pybind11.h>

#include <optional>

#include "bindings.h"
#include "call.h"
#include "callback.h"
#include "casters.h"
#include "override.h"
#include "vitrine/base/clock.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

ContextArgument make_context(std::optional<std::chrono::milliseconds> timeout, py::object on_progress) {
  auto made = std::make_shared<HostContext>(timeout ? Context::with_timeout(*timeout) : Context(), Signals::ours);
  if (on_progress.is_none()) return made;
  made->inner().on_progress([callback = Callback(std::move(on_progress)), errors = made->errors()](double done) {
    callback.call(errors, done);
  });
  return made;
}

std::optional<double> seconds_left(HostContext& context) {
  const auto left = context.inner().time_left();
  if (left == std::chrono::milliseconds::max()) return std::nullopt;
  return std::chrono::duration<double>(left).count();
}

class PyClock : public Clock, public py::trampoline_self_life_support {
 public:
  Timestamp now() const override { return call_override<Timestamp>(static_cast<const Clock*>(this), "now"); }
  void sleep_until(Timestamp time, Context& context) override {
    call_override<void>(static_cast<const Clock*>(this), "sleep_until", time, lend(context));
  }
};

void bind_clock(py::module_& module) {
  py::class_<Clock, PyClock, py::smart_holder>(module, "Clock", R"(
Tells the time and waits for it, so that tests need no sleeps. Define `now` and `sleep_until` to make your own.)")
      .def(py::init<>())
      .def("now", &Clock::now, "The time, with time zone UTC.", py::call_guard<GilReleased>())
      .def(
          "sleep_until",
          [](Clock& self, Timestamp time, const ContextArgument& context) {
            run(context, [&](Context& inner) { self.sleep_until(time, inner); });
          },
          py::arg("time"), py::kw_only(), py::arg("context") = nullptr, R"(
Returns once now() has reached `time`; at once if it is past.

Raises
------
CancelledError, DeadlineExceededError
    The context ended first.)");
  py::class_<FakeClock, Clock, py::smart_holder>(module, "FakeClock", "A clock that stands still until it is moved.")
      .def(py::init<Timestamp>(), py::arg("start") = FakeClock().now())
      .def("advance", &FakeClock::advance, py::arg("step"), py::call_guard<GilReleased>(),
           "Moves the time by `step` seconds, which may be negative: wall clocks do jump.");
  module.def("make_system_clock", &make_system_clock, "The machine's clock.");
}

}  // namespace

void bind_context(py::module_& module) {
  py::class_<HostContext, std::shared_ptr<HostContext>>(module, "Context", R"(
Carries cancel, deadline and progress through a call that can take long. Cancel it from any thread.

Parameters
----------
timeout
    Seconds until the work must be done; None for no limit.
on_progress
    Called with the share that is done, in [0, 1], never falling, from the threads that work. What it raises ends
    the work and comes out of the call.)")
      .def(py::init(&make_context), py::kw_only(), py::arg("timeout") = py::none(), py::arg("on_progress") = py::none())
      .def(
          "cancel", [](HostContext& self) { self.inner().cancel(); }, py::call_guard<GilReleased>(),
          "Asks everything that runs under this context to stop; returns at once.")
      .def_property_readonly(
          "cancelled", [](HostContext& self) { return self.inner().cancelled(); }, "True once it was cancelled.")
      .def_property_readonly("time_left", &seconds_left, "Seconds until the deadline; None without one.")
      .def(
          "check", [](const ContextArgument& self) { run(self, [](Context& inner) { inner.check(); }); },
          "Raises CancelledError or DeadlineExceededError if the work should stop. Call it in loops of your own.")
      .def(
          "wait_for",
          [](const ContextArgument& self, std::chrono::milliseconds duration) {
            run(self, [&](Context& inner) { inner.wait_for(duration); });
          },
          py::arg("seconds"), "Sleeps, or until cancel or deadline, which raise as in check().")
      .def(
          "report", [](HostContext& self, double fraction) { self.inner().report(fraction); }, py::arg("fraction"),
          py::call_guard<GilReleased>(), "Reports that this part of the work is done to `fraction`, in [0, 1].")
      .def(
          "part", [](HostContext& self, double begin, double end) { return self.part(begin, end); }, py::arg("begin"),
          py::arg("end"), "A handle whose 0..1 is the part from `begin` to `end` of this one's.")
      .def("__repr__", [](HostContext& self) {
        return std::string("<vitrine.Context") + (self.inner().cancelled() ? " cancelled>" : ">");
      });
  bind_clock(module);
}

}  // namespace vitrine::python
