#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "vitrine/base/context.h"

namespace vitrine {

/// Threads that are kept between calls. Started when first needed; the caller always works too, so that a call ends
/// even if no other thread ever helps (as in a forked child). Safe to use from many threads at once.
class ThreadPool {
 public:
  ThreadPool() = default;
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /// Calls `work(i)` once for each i below `count`, on up to `threads` threads (0: one a core), the caller's included.
  /// Checks `context` before each piece. The first exception stops the rest and is thrown here.
  void for_each(std::size_t count, int threads, Context& context, const std::function<void(std::size_t)>& work);

 private:
  struct Batch;
  void start_helpers(std::size_t wanted);
  void help();
  static void run(Batch& batch, Context* context);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Batch>> open_;
  bool stopping_ = false;
  std::vector<std::jthread> helpers_;  // last: joined while all else is still there
};

/// `threads` if it is positive, else the number of cores.
int thread_count(int threads);

}  // namespace vitrine
