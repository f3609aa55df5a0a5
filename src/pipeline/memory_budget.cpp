#include "pipeline/memory_budget.h"

#include <chrono>
#include <string>

#include "vitrine/base/error.h"

namespace vitrine {
namespace {

// A context has no hook to wake a waiter of ours, so that it looks now and then.
constexpr std::chrono::milliseconds kLook{10};

std::string mebibytes(std::size_t bytes) { return std::to_string((bytes + (1u << 20u) - 1) >> 20u) + " MiB"; }

}  // namespace

MemoryBudget::Share MemoryBudget::take(std::size_t bytes, Context& context) {
  if (bytes > limit_)
    throw Error(ErrorCode::image_too_large,
                "The artwork and the scene need about " + mebibytes(bytes) + " of memory; the budget is " +
                    mebibytes(limit_) + ". Scale one of them down, or raise PipelineOptions::memory_bytes.");
  std::unique_lock lock(mutex_);
  const auto place = queue_.insert(queue_.end(), bytes);
  const auto is_next = [&] { return place == queue_.begin() && in_use_ + bytes <= limit_; };
  try {
    while (!is_next()) {
      changed_.wait_for(lock, kLook, is_next);
      lock.unlock();
      context.check();
      lock.lock();
    }
  } catch (...) {
    lock.lock();
    queue_.erase(place);
    changed_.notify_all();
    throw;
  }
  queue_.erase(place);
  in_use_ += bytes;
  changed_.notify_all();
  return {*this, bytes};
}

void MemoryBudget::give_back(std::size_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    in_use_ -= bytes;
  }
  changed_.notify_all();
}

std::size_t MemoryBudget::in_use() const {
  const std::lock_guard lock(mutex_);
  return in_use_;
}

std::size_t MemoryBudget::waiting() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

}  // namespace vitrine
