#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>

#include "vitrine/base/context.h"

namespace vitrine {

/// Threads in the order in which they came. Its caller holds `mutex` around every call.
class WaitQueue {
 public:
  /// Stands in line until it is the first one. The place is kept for as long as this lives; whoever stands behind is
  /// told when it goes. The context is looked at every 50 ms, without the lock: a host's handler runs there.
  class Place {
   public:
    Place(WaitQueue& queue, std::unique_lock<std::mutex>& lock) : queue_(queue), lock_(lock), ticket_(queue.next_++) {
      queue_.line_.push_back(ticket_);
    }
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    void wait_to_be_first(Context& context);

    /// Waits for a change that notify() tells of, 50 ms at most, then looks at the context.
    void wait_for_change(Context& context);

   private:
    WaitQueue& queue_;
    std::unique_lock<std::mutex>& lock_;
    std::uint64_t ticket_;
  };

  bool empty() const { return line_.empty(); }
  std::size_t size() const { return line_.size(); }
  void notify() { changed_.notify_all(); }

 private:
  std::deque<std::uint64_t> line_;
  std::uint64_t next_ = 0;
  std::condition_variable changed_;
};

}  // namespace vitrine
