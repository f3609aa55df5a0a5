#include "generate/bfl_wait.h"

#include <algorithm>

namespace vitrine {

using std::chrono::milliseconds;

BflWait::BflWait(const BflOptions& options)
    : ceiling_(std::min(options.first_wait, options.longest_wait)),
      longest_(options.longest_wait),
      end_(std::chrono::steady_clock::now() + options.patience),
      random_(std::random_device{}()) {}

bool BflWait::wait(std::optional<milliseconds> retry_after, Context& context) {
  using Count = milliseconds::rep;
  const milliseconds drawn(std::uniform_int_distribution<Count>(0, ceiling_.count())(random_));
  // Never no wait at all: a service that answers at once must not be asked in a circle.
  const milliseconds pause = std::max({milliseconds(1), drawn, retry_after.value_or(milliseconds(0))});
  const auto left = std::chrono::duration_cast<milliseconds>(end_ - std::chrono::steady_clock::now());
  context.check();
  if (pause > left || pause > context.time_left()) return false;
  context.wait_for(pause);
  ceiling_ = std::min(longest_, ceiling_ * 2);
  return true;
}

}  // namespace vitrine
