#pragma once

#include <condition_variable>
#include <cstddef>
#include <list>
#include <mutex>

#include "vitrine/base/context.h"

namespace vitrine {

/// Bytes that may be in use at once. Who wants more than is free waits in turn, so that a large piece of work is not
/// starved by small ones. Take everything that a piece of work needs in one go: a second share taken while the first is
/// held could wait for ever. Safe to use from many threads at once.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t limit) : limit_(limit) {}

  /// Gives its bytes back when it goes.
  class Share {
   public:
    Share(MemoryBudget& budget, std::size_t bytes) : budget_(budget), bytes_(bytes) {}
    ~Share() { budget_.give_back(bytes_); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

   private:
    MemoryBudget& budget_;
    std::size_t bytes_;
  };

  /// Waits until `bytes` are free. Throws Error image_too_large if they never can be, cancelled, deadline_exceeded.
  [[nodiscard]] Share take(std::size_t bytes, Context& context);

  std::size_t in_use() const;
  std::size_t waiting() const;  ///< How many wait.

 private:
  void give_back(std::size_t bytes);

  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t in_use_ = 0;
  std::list<std::size_t> queue_;  // what the waiting ones want, first come first
};

}  // namespace vitrine
