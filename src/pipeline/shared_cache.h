#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "vitrine/base/error.h"

namespace vitrine {

/// Values that are made when first asked for, by whoever asks first, while others wait; dropped when their last use is
/// over. A failure is kept and thrown to every asker. Safe to use from many threads at once.
template <typename Value>
class SharedCache {
 public:
  /// `uses[i]` is how often entry i will be asked for.
  explicit SharedCache(const std::vector<std::size_t>& uses) {
    for (const std::size_t count : uses) {
      entries_.push_back(std::make_unique<Entry>());
      entries_.back()->left = count;
    }
  }

  /// The value, made by `make` if it is not there. A cancelled or timed-out attempt is not kept as a failure.
  template <typename Make>
  Value get(std::size_t i, Make make) {
    Entry& entry = *entries_[i];
    const std::lock_guard lock(entry.mutex);
    if (entry.failure) std::rethrow_exception(entry.failure);
    if (!entry.value) {
      try {
        entry.value = make();
      } catch (const Error& error) {
        if (error.code() != ErrorCode::cancelled && error.code() != ErrorCode::deadline_exceeded)
          entry.failure = std::current_exception();
        throw;
      } catch (...) {
        entry.failure = std::current_exception();
        throw;
      }
    }
    return *entry.value;
  }

  /// One use of entry i is over.
  void release(std::size_t i) {
    Entry& entry = *entries_[i];
    const std::lock_guard lock(entry.mutex);
    if (entry.left > 0 && --entry.left == 0) entry.value.reset();
  }

 private:
  struct Entry {
    std::mutex mutex;
    std::optional<Value> value;
    std::exception_ptr failure;
    std::size_t left = 0;
  };
  std::vector<std::unique_ptr<Entry>> entries_;
};

}  // namespace vitrine
