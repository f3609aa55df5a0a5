#pragma once

#include <pybind11/pybind11.h>

#include <atomic>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

#include "vitrine/base/context.h"

namespace vitrine::python {

/// Lets the GIL go for a scope. Once the interpreter is shutting down, a thread that comes back waits for the end of
/// the process instead: Python would end it in the middle of C++ code.
class GilReleased {
 public:
  GilReleased() : state_(PyEval_SaveThread()) {}
  ~GilReleased();
  GilReleased(const GilReleased&) = delete;
  GilReleased& operator=(const GilReleased&) = delete;

 private:
  PyThreadState* state_;
};

/// Takes the GIL for a scope, on any thread, with the same care at shutdown.
class GilTaken {
 public:
  GilTaken();
  GilTaken(const GilTaken&) = delete;
  GilTaken& operator=(const GilTaken&) = delete;

 private:
  pybind11::gil_scoped_acquire acquired_;
};

/// What Python code raised while C++ was calling it: it ends the work, and is raised again by the call that runs it.
class ErrorSlot {
 public:
  void keep(std::exception_ptr error);  ///< The first one stays. Needs the GIL.
  void rethrow();                       ///< Throws it, once. Needs the GIL.
  bool filled() const { return filled_.load(); }

 private:
  std::exception_ptr error_;
  std::atomic<bool> filled_ = false;
};

/// Who serves Ctrl-C while a call runs.
enum class Signals {
  ours,    ///< The call itself, if it is on the main thread.
  theirs,  ///< The outer call that handed this context to a Python method.
};

/// The Python class Context: a C++ context with what it needs of the interpreter. Guarded by the GIL.
class HostContext {
 public:
  explicit HostContext(Context inner = Context(), Signals signals = Signals::ours);

  Context& inner() { return inner_; }
  const std::shared_ptr<ErrorSlot>& errors() const { return life_->errors; }
  std::shared_ptr<HostContext> part(double begin, double end) const;

  void begin();  ///< Installs the checks, unless calls are under way already.
  void end() { --life_->calls; }

 private:
  struct Life {
    Signals signals = Signals::ours;
    int calls = 0;
    std::shared_ptr<ErrorSlot> errors = std::make_shared<ErrorSlot>();
  };
  Context inner_;
  std::shared_ptr<Life> life_;
};

using ContextArgument = std::shared_ptr<HostContext>;  ///< None arrives as nullptr.

/// Counts a call for the time of a scope.
class Running {
 public:
  explicit Running(HostContext& context) : context_(context) { context_.begin(); }
  ~Running() { context_.end(); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  HostContext& context_;
};

/// The one way in which bound functions compute or wait: `work(context)` runs without the GIL, Ctrl-C and the errors of
/// Python callbacks come out of it. `work` must touch C++ values only.
template <typename Work>
auto run(const ContextArgument& given, Work&& work) -> std::invoke_result_t<Work, Context&> {
  using Result = std::invoke_result_t<Work, Context&>;
  const ContextArgument context = given ? given : std::make_shared<HostContext>();
  const Running running(*context);
  try {
    if constexpr (std::is_void_v<Result>) {
      {
        const GilReleased released;
        work(context->inner());
      }
      context->errors()->rethrow();
    } else {
      auto result = [&]() -> Result {
        const GilReleased released;
        return work(context->inner());
      }();
      context->errors()->rethrow();
      return result;
    }
  } catch (...) {
    context->errors()->rethrow();
    throw;
  }
}

/// The same for work that takes no context.
template <typename Work>
auto run(Work&& work) -> std::invoke_result_t<Work> {
  const GilReleased released;
  return work();
}

}  // namespace vitrine::python
