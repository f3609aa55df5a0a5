#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "vitrine/base/context.h"

namespace vitrine {

/// Counts the orders that run at once, lets further ones wait in line, and remembers since when each is known. Time is
/// the machine's steady clock: no wall-clock jump ends an order. Safe to use from many threads at once.
class ActiveTasks {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Now = std::function<Time()>;

  /// A place in the count. Given back when dropped, unless an order keeps it.
  class Place {
   public:
    Place(ActiveTasks& tasks, std::string model);
    ~Place();
    Place(Place&& other) noexcept;
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    Place& operator=(Place&&) = delete;

    /// The place now belongs to the order `id`, until ended(id).
    void keep_for(const std::string& id);

   private:
    ActiveTasks* tasks_;
    std::string model_;
  };

  /// What is known of an order that has not ended.
  struct Known {
    std::chrono::milliseconds age{0};      ///< Since it was first heard of in this process.
    std::chrono::milliseconds missing{0};  ///< Since the service has not known it.
  };

  ActiveTasks(int most, std::map<std::string, int> most_of_model, Now now = std::chrono::steady_clock::now);

  /// Waits for a place, first come, first served among those that could go. Cancel is noticed within 50 ms. Throws
  /// Error: cancelled, deadline_exceeded.
  Place wait_for_place(const std::string& model, Context& context);

  /// The order still runs. One of another process takes a place here as well, without waiting.
  Known seen(const std::string& id, const std::string& model);

  /// The same, but the service does not know it for now.
  Known missed(const std::string& id, const std::string& model);

  void ended(const std::string& id);

  int active() const;   ///< Places taken.
  int waiting() const;  ///< In line.

 private:
  struct Task {
    std::string model;
    Time first_seen;
    Time last_seen;
    std::optional<Time> missing_since;
  };
  struct Waiting {
    std::string model;
  };
  bool fits(const std::string& model) const;
  bool is_next(std::list<Waiting>::const_iterator me) const;
  void forget_abandoned();
  Task& task_of(const std::string& id, const std::string& model);
  void give_back(const std::string& model);

  const int most_;
  const std::map<std::string, int> most_of_model_;
  const Now now_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Task> tasks_;
  std::map<std::string, int> placed_;  ///< Places by model: those being ordered and those kept.
  int total_ = 0;
  std::list<Waiting> line_;
};

}  // namespace vitrine
