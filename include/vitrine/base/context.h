#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "vitrine/base/export.h"

namespace vitrine {

/// Carries cancel, deadline and progress through a call that can take long. The caller makes one, hands it down, and
/// may cancel it from any thread. A copy is another handle on the same life: cancelling one cancels all.
///
/// Thread-safe, but for the two setters, which belong before the first call that uses the context.
class VITRINE_EXPORT Context {
 public:
  using Progress = std::function<void(double)>;
  using Poll = std::function<void()>;

  /// Never ends, reports nothing.
  Context();

  /// Ends `timeout` from now, on a clock that no wall-clock change moves.
  static Context with_timeout(std::chrono::milliseconds timeout);

  /// Asks everything that runs under this context to stop; returns at once. The work ends with Error `cancelled` at
  /// its next check: within a tile, a row block or a network wait, so after milliseconds.
  void cancel() noexcept;
  bool cancelled() const noexcept;

  /// Time left until the deadline, not below zero; std::chrono::milliseconds::max() without one.
  std::chrono::milliseconds time_left() const noexcept;

  /// Throws Error `cancelled` or `deadline_exceeded` if the work should stop. Cheap: call it for every tile or row.
  void check();

  /// Sleeps for `duration`, or until cancel or deadline, which throw as in check().
  void wait_for(std::chrono::milliseconds duration);

  /// Receives the share of the work that is done, in [0, 1], never falling. Called from the threads that work, one
  /// at a time; must not throw.
  void on_progress(Progress progress);

  /// Called by check() on the thread that set it, at most every `interval`: lets a host handle signals while it waits
  /// for us. What it throws leaves check(), after the context is cancelled.
  void on_poll(Poll poll, std::chrono::milliseconds interval = std::chrono::milliseconds(20));

  /// Reports that this context's part of the work is done to `fraction`, in [0, 1].
  void report(double fraction);

  /// A handle whose 0..1 is the part from `begin` to `end` of this one's progress.
  Context part(double begin, double end) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
  double begin_ = 0;
  double end_ = 1;
};

}  // namespace vitrine
