#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "vitrine/base/clock.h"
#include "vitrine/base/context.h"
#include "vitrine/base/export.h"

namespace vitrine {

struct RateLimit {
  double per_second = 10;  ///< Above zero: how fast a bucket fills.
  double burst = 10;       ///< At least 1: what a full bucket holds, so how much may come at once.
};

/// Lets calls through at a steady rate: a token bucket for each key, with a queue in which the first to come is the
/// first to go. Safe to use from many threads at once.
class VITRINE_EXPORT RateLimiter {
 public:
  /// Buckets begin full. Throws std::invalid_argument for limits out of range.
  explicit RateLimiter(RateLimit limit, std::shared_ptr<Clock> clock = make_system_clock());
  ~RateLimiter();
  RateLimiter(const RateLimiter&) = delete;
  RateLimiter& operator=(const RateLimiter&) = delete;

  /// Waits for `tokens` of the bucket of `key` and takes them. Cancel is noticed within 50 ms, gives up the place and
  /// takes nothing. Throws Error: cancelled, deadline_exceeded; std::invalid_argument for more tokens than the burst.
  void acquire(const std::string& key, Context& context, double tokens = 1);

  /// Takes them if they are there and nobody waits; false otherwise.
  bool try_acquire(const std::string& key, double tokens = 1);

  /// Nothing is let through for `key` until `time`, as when a server answers with Retry-After.
  void pause_until(const std::string& key, Timestamp time);

  std::size_t waiting(const std::string& key) const;  ///< How many stand in the queue.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A place among the active ones; free again when it dies.
class VITRINE_EXPORT ActiveSlot {
 public:
  ActiveSlot() = default;
  ~ActiveSlot() { release(); }
  ActiveSlot(ActiveSlot&&) noexcept = default;
  ActiveSlot& operator=(ActiveSlot&& other) noexcept;

  void release() noexcept;  ///< Earlier than its end; a second time does nothing.
  explicit operator bool() const noexcept { return place_ != nullptr; }

 private:
  friend class ActiveLimiter;
  explicit ActiveSlot(std::shared_ptr<void> place) : place_(std::move(place)) {}
  std::shared_ptr<void> place_;
};

/// Lets at most so many be active at once for each key; the others wait in a queue, first come, first served. A slot
/// may outlive the limiter. Safe to use from many threads at once.
class VITRINE_EXPORT ActiveLimiter {
 public:
  /// Throws std::invalid_argument for zero.
  explicit ActiveLimiter(std::size_t most);

  /// Waits for a place. Cancel is noticed within 50 ms. Throws Error: cancelled, deadline_exceeded.
  ActiveSlot acquire(const std::string& key, Context& context);

  /// An empty slot if there is no place or somebody waits for it.
  ActiveSlot try_acquire(const std::string& key);

  std::size_t active(const std::string& key) const;
  std::size_t waiting(const std::string& key) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace vitrine
