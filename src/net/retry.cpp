#include "vitrine/net/retry.h"

#include <algorithm>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>

#include "vitrine/base/error.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;

constexpr int kMostDoublings = 30;  // 2^30 first delays are beyond any max_delay that makes sense

void check(const RetryPolicy& policy) {
  if (policy.max_attempts < 1 || policy.first_delay.count() < 0 || policy.max_delay.count() < 0 ||
      policy.max_wait.count() < 0 || !(policy.budget >= 0))
    throw std::invalid_argument("RetryPolicy has a number below its range: " + std::to_string(policy.max_attempts) +
                                " attempts, delays of " + std::to_string(policy.first_delay.count()) + " to " +
                                std::to_string(policy.max_delay.count()) + " ms, at most " +
                                std::to_string(policy.max_wait.count()) + " ms in all, budget " +
                                std::to_string(policy.budget) + ". Attempts begin at 1, the others at 0.");
}

// Full jitter: the whole span is drawn from, so that clients that failed together do not come back together.
milliseconds jittered(const RetryPolicy& policy, int failures, double random) {
  const double doubled = static_cast<double>(policy.first_delay.count()) *
                         static_cast<double>(1LL << std::min(failures - 1, kMostDoublings));
  const double most = std::min(doubled, static_cast<double>(policy.max_delay.count()));
  return milliseconds(static_cast<long long>(most * std::clamp(random, 0.0, 1.0)));
}

}  // namespace

RandomSource make_random_source() {
  std::random_device seed;
  std::seed_seq sequence{seed(), seed(), seed(), seed()};
  auto engine = std::make_shared<std::mt19937_64>(sequence);
  return [engine] { return std::uniform_real_distribution<double>(0, 1)(*engine); };
}

RetrySchedule::RetrySchedule(RetryPolicy policy, RandomSource& random) : policy_(std::move(policy)), random_(random) {
  check(policy_);
}

std::optional<milliseconds> RetrySchedule::next(std::optional<milliseconds> retry_after) {
  if (++failures_ >= policy_.max_attempts) return std::nullopt;
  // The server's wait is a floor: jitter on top of it, for all clients got the same answer.
  const milliseconds wait = jittered(policy_, failures_, random_()) + retry_after.value_or(milliseconds(0));
  if (wait > policy_.max_wait - waited_) return std::nullopt;
  waited_ += wait;
  return wait;
}

void call_with_retries(const RetryPolicy& policy, Clock& clock, RandomSource& random, Context& context,
                       const std::function<void()>& call) {
  RetrySchedule schedule(policy, random);
  for (;;) {
    milliseconds wait{0};
    try {
      return call();
    } catch (const Error& error) {
      if (!error.retryable()) throw;
      const auto next = schedule.next(error.retry_after());
      if (!next || *next >= context.time_left()) throw;
      wait = *next;
    }
    clock.sleep_until(clock.now() + wait, context);
  }
}

}  // namespace vitrine
