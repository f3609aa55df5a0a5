#include "vitrine/net/rate_limiter.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <utility>

#include "net/wait_queue.h"

namespace vitrine {
namespace {

using Seconds = std::chrono::duration<double>;

// Beyond so many keys those that are as good as new are forgotten: keys can come from outside.
constexpr std::size_t kKeysBeforeSweep = 1024;

// Rounding must not make a caller wait for a billionth of a token.
constexpr double kAlmost = 1e-9;

struct Bucket {
  double tokens = 0;
  Timestamp filled_at;
  Timestamp paused_until = Timestamp::min();
  WaitQueue queue;
};

void fill(Bucket& bucket, const RateLimit& limit, Timestamp now) {
  // A clock that jumped back gives nothing and takes nothing.
  const double passed = std::max(0.0, Seconds(now - bucket.filled_at).count());
  bucket.tokens = std::min(limit.burst, bucket.tokens + passed * limit.per_second);
  bucket.filled_at = now;
}

/// When the tokens will be there; `now` if they are.
Timestamp ready_at(const Bucket& bucket, const RateLimit& limit, double tokens, Timestamp now) {
  const double missing = tokens - bucket.tokens;
  const Timestamp filled =
      missing <= kAlmost ? now
                         : now + std::chrono::ceil<std::chrono::microseconds>(Seconds(missing / limit.per_second));
  return std::max(filled, bucket.paused_until);
}

}  // namespace

struct RateLimiter::State {
  RateLimit limit;
  std::shared_ptr<Clock> clock;
  mutable std::mutex mutex;
  std::map<std::string, std::shared_ptr<Bucket>> buckets;

  std::shared_ptr<Bucket> bucket_of(const std::string& key) {
    if (buckets.size() >= kKeysBeforeSweep && buckets.find(key) == buckets.end()) sweep();
    auto& bucket = buckets[key];
    if (!bucket) {
      bucket = std::make_shared<Bucket>();
      bucket->tokens = limit.burst;
      bucket->filled_at = clock->now();
    }
    fill(*bucket, limit, clock->now());
    return bucket;
  }

  void sweep() {
    const Timestamp now = clock->now();
    std::erase_if(buckets, [&](const auto& each) {
      Bucket& bucket = *each.second;
      fill(bucket, limit, now);
      return bucket.queue.empty() && bucket.tokens >= limit.burst && bucket.paused_until <= now;
    });
  }

  void check(double tokens) const {
    if (tokens > 0 && tokens <= limit.burst) return;
    throw std::invalid_argument("RateLimiter was asked for " + std::to_string(tokens) +
                                " tokens; it gives more than 0 and at most the burst, " + std::to_string(limit.burst) +
                                ". Ask for less or raise RateLimit::burst.");
  }
};

RateLimiter::RateLimiter(RateLimit limit, std::shared_ptr<Clock> clock) : state_(std::make_unique<State>()) {
  if (!(limit.per_second > 0) || !(limit.burst >= 1) || !std::isfinite(limit.per_second) || !std::isfinite(limit.burst))
    throw std::invalid_argument("RateLimit is " + std::to_string(limit.per_second) + " per second with a burst of " +
                                std::to_string(limit.burst) + "; the first must be above 0, the second at least 1.");
  state_->limit = limit;
  state_->clock = std::move(clock);
}

RateLimiter::~RateLimiter() = default;

void RateLimiter::acquire(const std::string& key, Context& context, double tokens) {
  state_->check(tokens);
  context.check();
  std::unique_lock lock(state_->mutex);
  const auto bucket = state_->bucket_of(key);
  WaitQueue::Place place(bucket->queue, lock);
  place.wait_to_be_first(context);
  for (;;) {
    const Timestamp now = state_->clock->now();
    fill(*bucket, state_->limit, now);
    const Timestamp ready = ready_at(*bucket, state_->limit, tokens, now);
    if (ready <= now) break;
    lock.unlock();
    try {
      state_->clock->sleep_until(ready, context);
    } catch (...) {
      lock.lock();  // the place is given up under the lock
      throw;
    }
    lock.lock();
  }
  bucket->tokens -= tokens;
}

bool RateLimiter::try_acquire(const std::string& key, double tokens) {
  state_->check(tokens);
  const std::lock_guard lock(state_->mutex);
  const auto bucket = state_->bucket_of(key);
  const Timestamp now = state_->clock->now();
  if (!bucket->queue.empty() || ready_at(*bucket, state_->limit, tokens, now) > now) return false;
  bucket->tokens -= tokens;
  return true;
}

void RateLimiter::pause_until(const std::string& key, Timestamp time) {
  const std::lock_guard lock(state_->mutex);
  const auto bucket = state_->bucket_of(key);
  bucket->paused_until = std::max(bucket->paused_until, time);
}

std::size_t RateLimiter::waiting(const std::string& key) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->buckets.find(key);
  return found == state_->buckets.end() ? 0 : found->second->queue.size();
}

}  // namespace vitrine
