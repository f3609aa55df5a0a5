#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "vitrine/base/context.h"

namespace vitrine {

/// Values by key, the least recently used dropped first once they take too many bytes together. A value that is asked
/// for by many at once is made once. Values are cheap to copy, as they share what they hold. Safe to use from many
/// threads at once.
template <typename Value>
class ByteCache {
 public:
  explicit ByteCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  std::optional<Value> find(const std::string& key) {
    const std::lock_guard lock(mutex_);
    return touch(key);
  }

  /// The value, made by `make()` if it is not there, which takes size_of(value) bytes. If making fails, the next who
  /// waits tries. Throws what `make` throws; Error: cancelled, deadline_exceeded.
  template <typename Make, typename SizeOf>
  Value get(const std::string& key, Context& context, const Make& make, const SizeOf& size_of) {
    std::unique_lock lock(mutex_);
    while (true) {
      if (auto value = touch(key)) return *value;
      if (making_.insert(key).second) break;
      made_.wait_for(lock, std::chrono::milliseconds(10));
      lock.unlock();
      context.check();
      lock.lock();
    }
    lock.unlock();
    const Making making(*this, key);
    Value value = make();
    keep(key, value, size_of(value));
    return value;
  }

  std::size_t bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
  }

 private:
  struct Entry {
    std::string key;
    Value value;
    std::size_t bytes;
  };

  // Tells the others when the maker is through, however it went.
  class Making {
   public:
    Making(ByteCache& cache, const std::string& key) : cache_(cache), key_(key) {}
    ~Making() { cache_.end_making(key_); }
    Making(const Making&) = delete;
    Making& operator=(const Making&) = delete;

   private:
    ByteCache& cache_;
    const std::string& key_;
  };

  void end_making(const std::string& key) {
    {
      const std::lock_guard lock(mutex_);
      making_.erase(key);
    }
    made_.notify_all();
  }

  std::optional<Value> touch(const std::string& key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return std::nullopt;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->value;
  }

  void keep(const std::string& key, const Value& value, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    if (bytes > most_bytes_) return;
    entries_.push_front({key, value, bytes});
    places_[key] = entries_.begin();
    for (bytes_ += bytes; bytes_ > most_bytes_; entries_.pop_back()) {
      bytes_ -= entries_.back().bytes;
      places_.erase(entries_.back().key);
    }
  }

  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable made_;
  std::list<Entry> entries_;  // most recently used first
  std::map<std::string, typename std::list<Entry>::iterator> places_;
  std::set<std::string> making_;
  std::size_t bytes_ = 0;
};

}  // namespace vitrine
