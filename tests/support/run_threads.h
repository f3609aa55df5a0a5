#pragma once

#include <functional>
#include <latch>
#include <thread>
#include <vector>

namespace vitrine {

/// Runs `work(0)` … `work(count - 1)` in as many threads, which start together, and waits for all of them.
inline void run_threads(int count, const std::function<void(int)>& work) {
  std::latch ready(count);
  std::vector<std::jthread> threads;
  for (int i = 0; i < count; ++i)
    threads.emplace_back([&, i] {
      ready.arrive_and_wait();
      work(i);
    });
}

}  // namespace vitrine
