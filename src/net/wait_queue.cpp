#include "net/wait_queue.h"

#include <algorithm>
#include <chrono>

namespace vitrine {
namespace {

constexpr std::chrono::milliseconds kStep{50};

class Unlocked {
 public:
  explicit Unlocked(std::unique_lock<std::mutex>& lock) : lock_(lock) { lock_.unlock(); }
  ~Unlocked() { lock_.lock(); }
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;

 private:
  std::unique_lock<std::mutex>& lock_;
};

}  // namespace

WaitQueue::Place::~Place() {
  queue_.line_.erase(std::find(queue_.line_.begin(), queue_.line_.end(), ticket_));
  queue_.notify();
}

void WaitQueue::Place::wait_for_change(Context& context) {
  queue_.changed_.wait_for(lock_, kStep);
  const Unlocked unlocked(lock_);
  context.check();
}

void WaitQueue::Place::wait_to_be_first(Context& context) {
  while (queue_.line_.front() != ticket_) wait_for_change(context);
}

}  // namespace vitrine
