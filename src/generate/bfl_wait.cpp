#include "generate/bfl_wait.h"

#include <algorithm>
#include <limits>

namespace vitrine {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

RetryPolicy policy_of(const BflOptions& options) {
  RetryPolicy policy;
  policy.max_attempts = std::numeric_limits<int>::max();  // it is time that ends them
  policy.first_delay = options.first_wait;
  policy.max_delay = options.longest_wait;
  policy.max_wait = options.patience;
  return policy;
}

}  // namespace

BflWait::BflWait(const BflOptions& options)
    : schedule_(policy_of(options), random_), end_(steady_clock::now() + options.patience) {}

bool BflWait::wait(std::optional<milliseconds> retry_after, Context& context) {
  context.check();
  const auto drawn = schedule_.next(retry_after);
  if (!drawn) return false;
  // Never no wait at all: a service that answers at once must not be asked in a circle.
  const milliseconds pause = std::max(milliseconds(1), *drawn);
  if (steady_clock::now() + pause > end_ || pause > context.time_left()) return false;
  context.wait_for(pause);
  return true;
}

}  // namespace vitrine
