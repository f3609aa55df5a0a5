#include "base/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <utility>

namespace vitrine {

struct ThreadPool::Batch {
  std::size_t count = 0;
  const std::function<void(std::size_t)>* work = nullptr;
  Context context;
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> stop = false;

  std::mutex mutex;
  std::condition_variable idle;
  std::size_t seats = 0;   // helpers that may still join
  std::size_t active = 0;  // helpers at work
  std::exception_ptr error;

  void fail(std::exception_ptr problem) {
    const std::lock_guard lock(mutex);
    if (!error) error = std::move(problem);
    stop.store(true);
  }
};

int thread_count(int threads) {
  return threads > 0 ? threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
}

void ThreadPool::run(Batch& batch, Context* context) {
  for (;;) {
    const std::size_t piece = batch.next.fetch_add(1);
    if (piece >= batch.count || batch.stop.load(std::memory_order_relaxed)) return;
    try {
      context->check();
      (*batch.work)(piece);
    } catch (...) {
      batch.fail(std::current_exception());
      return;
    }
  }
}

void ThreadPool::help() {
  for (;;) {
    std::shared_ptr<Batch> batch;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stopping_ || !open_.empty(); });
      if (stopping_) return;
      batch = open_.front();
      const std::lock_guard seat(batch->mutex);
      // Active is counted before the pool's lock is let go: the caller closes the batch under that same lock.
      ++batch->active;
      if (--batch->seats == 0) open_.pop_front();
    }
    run(*batch, &batch->context);
    const std::lock_guard lock(batch->mutex);
    --batch->active;
    batch->idle.notify_all();
  }
}

void ThreadPool::start_helpers(std::size_t wanted) {
  while (helpers_.size() < wanted) helpers_.emplace_back([this] { help(); });
}

void ThreadPool::for_each(std::size_t count, int threads, Context& context,
                          const std::function<void(std::size_t)>& work) {
  const auto batch = std::make_shared<Batch>();
  batch->count = count;
  batch->work = &work;
  batch->context = context;
  batch->seats = std::min(static_cast<std::size_t>(thread_count(threads)), count);
  if (batch->seats > 0) --batch->seats;  // the caller's own
  if (batch->seats > 0) {
    const std::lock_guard lock(mutex_);
    start_helpers(batch->seats);
    open_.push_back(batch);
    wake_.notify_all();
  }
  run(*batch, &context);
  {
    const std::lock_guard lock(mutex_);
    std::erase(open_, batch);
  }
  std::unique_lock lock(batch->mutex);
  batch->idle.wait(lock, [&] { return batch->active == 0; });
  if (batch->error) std::rethrow_exception(batch->error);
}

}  // namespace vitrine
