#include "vitrine/base/context.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "vitrine/base/error.h"

namespace vitrine {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct Context::State {
  std::atomic<bool> cancelled = false;
  steady_clock::time_point deadline = steady_clock::time_point::max();

  std::mutex wait_mutex;
  std::condition_variable wake;

  std::mutex progress_mutex;
  Progress progress;
  double reported = 0;

  Poll poll;
  std::thread::id poll_thread;
  milliseconds poll_interval{0};
  steady_clock::time_point next_poll;  // touched by poll_thread alone

  // A host's handler is served by the thread that installed it: signals belong to one thread.
  void serve_poll(const std::shared_ptr<State>& self) {
    if (!poll || std::this_thread::get_id() != poll_thread) return;
    const auto now = steady_clock::now();
    if (now < next_poll) return;
    next_poll = now + poll_interval;
    try {
      poll();
    } catch (...) {
      self->cancelled.store(true);
      self->wake.notify_all();
      throw;
    }
  }
};

namespace {

// Past what the clock can count: never.
steady_clock::time_point after(milliseconds duration) {
  const auto now = steady_clock::now();
  const auto furthest = std::chrono::duration_cast<milliseconds>(steady_clock::time_point::max() - now);
  return duration < furthest ? now + std::max(duration, milliseconds(0)) : steady_clock::time_point::max();
}

}  // namespace

Context::Context() : state_(std::make_shared<State>()) {}

Context Context::with_timeout(milliseconds timeout) {
  Context context;
  context.state_->deadline = after(timeout);
  return context;
}

void Context::cancel() noexcept {
  state_->cancelled.store(true);
  // Taken and dropped so that a waiter between its test and its sleep does not miss the news.
  { const std::lock_guard lock(state_->wait_mutex); }
  state_->wake.notify_all();
}

bool Context::cancelled() const noexcept { return state_->cancelled.load(std::memory_order_relaxed); }

milliseconds Context::time_left() const noexcept {
  if (state_->deadline == steady_clock::time_point::max()) return milliseconds::max();
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(state_->deadline - steady_clock::now()));
}

void Context::check() {
  state_->serve_poll(state_);
  if (cancelled()) throw Error(ErrorCode::cancelled, "The work was cancelled before it was done.");
  if (state_->deadline != steady_clock::time_point::max() && steady_clock::now() >= state_->deadline)
    throw Error(ErrorCode::deadline_exceeded, "The deadline passed before the work was done. Allow more time.");
}

void Context::wait_for(milliseconds duration) {
  const auto end = after(duration);
  check();
  while (steady_clock::now() < end) {
    auto next = std::min(end, state_->deadline);
    if (state_->poll) next = std::min(next, steady_clock::now() + state_->poll_interval);
    {
      std::unique_lock lock(state_->wait_mutex);
      state_->wake.wait_until(lock, next, [&] { return cancelled(); });
    }
    check();
  }
}

void Context::on_progress(Progress progress) { state_->progress = std::move(progress); }

void Context::on_poll(Poll poll, milliseconds interval) {
  state_->poll = std::move(poll);
  state_->poll_thread = std::this_thread::get_id();
  state_->poll_interval = interval;
  state_->next_poll = steady_clock::now();
}

void Context::report(double fraction) {
  if (!state_->progress) return;
  const double whole = begin_ + (end_ - begin_) * std::clamp(fraction, 0.0, 1.0);
  const std::lock_guard lock(state_->progress_mutex);
  if (!(whole > state_->reported)) return;  // also if it is not a number
  state_->reported = whole;
  state_->progress(whole);
}

Context Context::part(double begin, double end) const {
  Context child = *this;
  child.begin_ = begin_ + (end_ - begin_) * begin;
  child.end_ = begin_ + (end_ - begin_) * end;
  return child;
}

}  // namespace vitrine
