#include "generate/active_tasks.h"

#include <algorithm>
#include <utility>

namespace vitrine {
namespace {

using std::chrono::milliseconds;

// An order that nobody has asked for this long is taken to have ended: its caller gave up, and the service ends every
// picture within a minute or so. Without this, given-up orders would keep their places for ever.
constexpr std::chrono::minutes kAbandonedAfter{2};
constexpr milliseconds kCancelCheck{50};

milliseconds between(ActiveTasks::Time from, ActiveTasks::Time to) {
  return std::chrono::duration_cast<milliseconds>(to - from);
}

}  // namespace

ActiveTasks::Place::Place(ActiveTasks& tasks, std::string model) : tasks_(&tasks), model_(std::move(model)) {}

ActiveTasks::Place::Place(Place&& other) noexcept
    : tasks_(std::exchange(other.tasks_, nullptr)), model_(std::move(other.model_)) {}

ActiveTasks::Place::~Place() {
  if (tasks_ == nullptr) return;
  const std::lock_guard lock(tasks_->mutex_);
  tasks_->give_back(model_);
}

void ActiveTasks::Place::keep_for(const std::string& id) {
  if (tasks_ == nullptr) return;
  const std::lock_guard lock(tasks_->mutex_);
  const Time now = tasks_->now_();
  // A service that gives one id twice has one order for it: the second place is free again.
  if (!tasks_->tasks_.emplace(id, Task{model_, now, now, std::nullopt}).second) tasks_->give_back(model_);
  tasks_ = nullptr;
}

ActiveTasks::ActiveTasks(int most, std::map<std::string, int> most_of_model, Now now)
    : most_(most), most_of_model_(std::move(most_of_model)), now_(std::move(now)) {}

ActiveTasks::Place ActiveTasks::wait_for_place(const std::string& model, Context& context) {
  std::unique_lock lock(mutex_);
  const auto me = line_.insert(line_.end(), Waiting{model});
  try {
    for (forget_abandoned(); !is_next(me); forget_abandoned()) {
      changed_.wait_for(lock, kCancelCheck);
      // Unlocked, since it may run the host's code, which may ask for active().
      lock.unlock();
      context.check();
      lock.lock();
    }
  } catch (...) {
    if (!lock.owns_lock()) lock.lock();
    line_.erase(me);
    changed_.notify_all();  // somebody behind may be next now
    throw;
  }
  line_.erase(me);
  ++placed_[model];
  ++total_;
  changed_.notify_all();
  return {*this, model};
}

ActiveTasks::Known ActiveTasks::seen(const std::string& id, const std::string& model) {
  const std::lock_guard lock(mutex_);
  Task& task = task_of(id, model);
  task.missing_since.reset();
  return {between(task.first_seen, task.last_seen), milliseconds(0)};
}

ActiveTasks::Known ActiveTasks::missed(const std::string& id, const std::string& model) {
  const std::lock_guard lock(mutex_);
  Task& task = task_of(id, model);
  if (!task.missing_since) task.missing_since = task.last_seen;
  return {between(task.first_seen, task.last_seen), between(*task.missing_since, task.last_seen)};
}

void ActiveTasks::ended(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = tasks_.find(id);
  if (found == tasks_.end()) return;
  const std::string model = found->second.model;
  tasks_.erase(found);
  give_back(model);
}

int ActiveTasks::active() const {
  const std::lock_guard lock(mutex_);
  return total_;
}

int ActiveTasks::waiting() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(line_.size());
}

bool ActiveTasks::fits(const std::string& model) const {
  if (total_ >= most_) return false;
  const auto limit = most_of_model_.find(model);
  const auto taken = placed_.find(model);
  return limit == most_of_model_.end() || taken == placed_.end() || taken->second < limit->second;
}

// One whose model is full does not stop those of other models behind it.
bool ActiveTasks::is_next(std::list<Waiting>::const_iterator me) const {
  return fits(me->model) && std::none_of(line_.begin(), me, [&](const Waiting& each) { return fits(each.model); });
}

void ActiveTasks::forget_abandoned() {
  const Time now = now_();
  for (auto each = tasks_.begin(); each != tasks_.end();) {
    if (now - each->second.last_seen < kAbandonedAfter) {
      ++each;
      continue;
    }
    const std::string model = each->second.model;
    each = tasks_.erase(each);
    give_back(model);
  }
}

ActiveTasks::Task& ActiveTasks::task_of(const std::string& id, const std::string& model) {
  forget_abandoned();
  const Time now = now_();
  const auto [entry, is_new] = tasks_.emplace(id, Task{model, now, now, std::nullopt});
  if (is_new) {
    ++placed_[model];
    ++total_;
  }
  entry->second.last_seen = now;
  return entry->second;
}

void ActiveTasks::give_back(const std::string& model) {
  --placed_[model];
  --total_;
  changed_.notify_all();
}

}  // namespace vitrine
