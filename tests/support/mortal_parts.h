#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vitrine/generate/generator.h"
#include "vitrine/jobs/job_store.h"
#include "vitrine/pipeline/order.h"
#include "vitrine/storage/object_store.h"

namespace vitrine {

/// Thrown where a process would be killed. No std::exception, so that nothing in the library can handle it.
struct Killed {};

/// When the process dies: before or after the effect of its n-th call to the outside. Dead processes do nothing more.
class Mortality {
 public:
  enum class Moment { before, after };

  Mortality(int calls, Moment moment) : left_(calls), moment_(moment) {}
  static Mortality immortal() { return {-1, Moment::before}; }

  template <typename Call>
  auto live(const Call& call) {
    if (dead_) throw Killed{};
    const bool last = left_ >= 0 && left_-- == 0;
    dead_ = last;
    if (last && moment_ == Moment::before) throw Killed{};
    if constexpr (std::is_void_v<decltype(call())>) {
      call();
      if (last) throw Killed{};
    } else {
      auto value = call();
      if (last) throw Killed{};
      return value;
    }
  }

  bool dead() const { return dead_; }

 private:
  int left_;
  Moment moment_;
  bool dead_ = false;
};

/// A job store as a process that may die sees it. Not thread-safe; borrows both.
class MortalJobStore final : public JobStore {
 public:
  /// `Journals::forgotten` is wrong on purpose, for canaries.
  enum class Journals { kept, forgotten };

  MortalJobStore(JobStore& store, Mortality& life, Journals journals = Journals::kept)
      : store_(store), life_(life), journals_(journals) {}

  Job create(const NewJob& job, Context& c) override {
    return life_.live([&] { return store_.create(job, c); });
  }
  std::optional<Job> find(std::string_view id, Context& c) override {
    return life_.live([&] { return store_.find(id, c); });
  }
  JobPage list(const JobFilter& filter, std::optional<std::string> after, int limit, Context& c) override {
    return life_.live([&] { return store_.list(filter, after, limit, c); });
  }
  std::int64_t count(const JobFilter& filter, Context& c) override {
    return life_.live([&] { return store_.count(filter, c); });
  }
  std::vector<Job> claim_batch(std::string_view worker, int most, const std::vector<std::string>& kinds,
                               std::chrono::milliseconds lease, Context& c) override {
    return life_.live([&] { return store_.claim_batch(worker, most, kinds, lease, c); });
  }
  Pulse heartbeat(const Job& held, double progress, std::chrono::milliseconds lease, Context& c) override {
    return life_.live([&] { return store_.heartbeat(held, progress, lease, c); });
  }
  void save_journal(const Job& held, std::string_view journal, Context& c) override {
    life_.live([&] { store_.save_journal(held, journals_ == Journals::kept ? journal : "{}", c); });
  }
  void complete(const Job& held, std::string_view result, Context& c) override {
    life_.live([&] { store_.complete(held, result, c); });
  }
  void fail(const Job& held, const Failure& failure, Context& c) override {
    life_.live([&] { store_.fail(held, failure, c); });
  }
  void release(const Job& held, Context& c) override {
    life_.live([&] { store_.release(held, c); });
  }
  Job cancel(std::string_view id, Context& c) override {
    return life_.live([&] { return store_.cancel(id, c); });
  }
  Job retry(std::string_view id, Context& c) override {
    return life_.live([&] { return store_.retry(id, c); });
  }
  SweepReport sweep(const SweepOptions& options, Context& c) override {
    return life_.live([&] { return store_.sweep(options, c); });
  }
  int remove(const std::vector<std::string>& ids, Context& c) override {
    return life_.live([&] { return store_.remove(ids, c); });
  }
  void export_to(ByteSink& sink, const JobFilter& filter, Context& c) override {
    life_.live([&] { store_.export_to(sink, filter, c); });
  }
  std::int64_t import_from(ByteSource& source, Context& c) override {
    return life_.live([&] { return store_.import_from(source, c); });
  }
  void record_cost(const CostEntry& entry, Context& c) override {
    life_.live([&] { store_.record_cost(entry, c); });
  }
  std::vector<CostEntry> costs(const CostFilter& filter, std::optional<std::string> after, int limit,
                               Context& c) override {
    return life_.live([&] { return store_.costs(filter, after, limit, c); });
  }
  std::vector<CostSum> sum_costs(const CostFilter& filter, CostGrouping grouping, Context& c) override {
    return life_.live([&] { return store_.sum_costs(filter, grouping, c); });
  }

 private:
  JobStore& store_;
  Mortality& life_;
  Journals journals_;
};

/// An object store as a process that may die sees it. Not thread-safe; borrows both.
class MortalObjectStore final : public ObjectStore {
 public:
  MortalObjectStore(ObjectStore& store, Mortality& life) : store_(store), life_(life) {}

  ObjectRef put(std::string_view key, ByteSource& source, const PutOptions& options, Context& c) override {
    return life_.live([&] { return store_.put(key, source, options, c); });
  }
  ObjectRef get(std::string_view key, ByteSink& sink, Context& c) override {
    return life_.live([&] { return store_.get(key, sink, c); });
  }
  std::optional<ObjectInfo> head(std::string_view key, Context& c) override {
    return life_.live([&] { return store_.head(key, c); });
  }
  ObjectPage list(std::string_view prefix, std::optional<std::string> after, int limit, Context& c) override {
    return life_.live([&] { return store_.list(prefix, after, limit, c); });
  }
  bool remove(std::string_view key, Context& c) override {
    return life_.live([&] { return store_.remove(key, c); });
  }
  std::string url(std::string_view key, std::chrono::seconds lifetime, Context& c) override {
    return life_.live([&] { return store_.url(key, lifetime, c); });
  }

 private:
  ObjectStore& store_;
  Mortality& life_;
};

/// The service's own book of orders, which tells what a dead process ordered. Outlives the processes.
class OrderBook {
 public:
  void enter(const GenerationTask& task) { tasks_.push_back(task); }
  FindOrder look_up() {
    return [this](const OrderIntent& intent, Context&) -> std::optional<GenerationTask> {
      for (const GenerationTask& task : tasks_)
        if (task.request.prompt == intent.request.prompt) return task;
      return std::nullopt;
    };
  }

 private:
  std::vector<GenerationTask> tasks_;
};

/// A generator as a process that may die sees it. Not thread-safe; borrows all.
class MortalGenerator final : public ImageGenerator {
 public:
  MortalGenerator(ImageGenerator& generator, OrderBook& book, Mortality& life)
      : generator_(generator), book_(book), life_(life) {}

  MicroUsd estimate(const GenerationRequest& request) const override { return generator_.estimate(request); }
  GenerationTask submit(const GenerationRequest& request, Context& c) override {
    return life_.live([&] {
      GenerationTask task = generator_.submit(request, c);
      book_.enter(task);
      return task;
    });
  }
  GenerationStatus poll(const GenerationTask& task, Context& c) override {
    return life_.live([&] { return generator_.poll(task, c); });
  }
  GeneratedImage fetch(const GenerationTask& task, const GenerationStatus& status, Context& c) override {
    return life_.live([&] { return generator_.fetch(task, status, c); });
  }
  std::chrono::milliseconds poll_interval() const override { return generator_.poll_interval(); }

 private:
  ImageGenerator& generator_;
  OrderBook& book_;
  Mortality& life_;
};

}  // namespace vitrine
