#include "call.h"

#include <utility>

#include "interpreter.h"
#include "vitrine/base/error.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

bool on_main_thread() {
  const py::object main = py::module_::import("threading").attr("main_thread")();
  return main.attr("ident").cast<unsigned long>() == PyThread_get_thread_ident();
}

}  // namespace

GilReleased::~GilReleased() {
  if (interpreter_is_ending()) wait_for_process_end();
  PyEval_RestoreThread(state_);
}

GilTaken::GilTaken()
    : acquired_([]() -> py::gil_scoped_acquire {
        if (interpreter_is_ending()) wait_for_process_end();
        return {};
      }()) {}

void ErrorSlot::keep(std::exception_ptr error) {
  if (error_) return;
  error_ = std::move(error);
  filled_ = true;
}

void ErrorSlot::rethrow() {
  if (!error_) return;
  // Stays filled: whether the work was cancelled by it or had just ended, its context is of no use any more.
  std::rethrow_exception(std::exchange(error_, nullptr));
}

HostContext::HostContext(Context inner, Signals signals) : inner_(std::move(inner)), life_(std::make_shared<Life>()) {
  life_->signals = signals;
}

std::shared_ptr<HostContext> HostContext::part(double begin, double end) const {
  auto made = std::make_shared<HostContext>(inner_.part(begin, end));
  made->life_ = life_;
  return made;
}

void HostContext::begin() {
  if (life_->errors->filled()) inner_.cancel();
  if (life_->signals == Signals::ours && life_->calls == 0) {
    // Holds the slot for the error alone: a context that held itself would never be freed.
    inner_.on_poll([errors = life_->errors, main = on_main_thread()] {
      if (!main && !errors->filled()) return;
      const GilTaken gil;
      if (PyErr_CheckSignals() != 0) errors->keep(std::make_exception_ptr(py::error_already_set()));
      // What is thrown here only ends the work: the slot keeps the error for the call, whatever C++ makes of this one.
      if (errors->filled()) throw Error(ErrorCode::cancelled, "The work was stopped by Python code.");
    });
  }
  ++life_->calls;
}

}  // namespace vitrine::python
