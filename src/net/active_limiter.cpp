#include <map>
#include <stdexcept>
#include <utility>

#include "net/wait_queue.h"
#include "vitrine/net/rate_limiter.h"

namespace vitrine {
namespace {

struct Gate {
  std::size_t active = 0;
  WaitQueue queue;
};

}  // namespace

struct ActiveLimiter::State {
  explicit State(std::size_t limit) : most(limit) {}

  const std::size_t most;
  mutable std::mutex mutex;
  std::map<std::string, std::shared_ptr<Gate>> gates;

  Gate& gate_of(const std::string& key) {
    auto& gate = gates[key];
    if (!gate) gate = std::make_shared<Gate>();
    return *gate;
  }

  void leave(const std::string& key) noexcept {
    const std::lock_guard lock(mutex);
    const auto found = gates.find(key);
    --found->second->active;
    found->second->queue.notify();
    if (found->second->active == 0 && found->second->queue.empty()) gates.erase(found);
  }
};

namespace {

/// Counts one active for its life. Made with the count already raised, under the lock.
template <typename State>
class Active {
 public:
  Active(std::shared_ptr<State> state, std::string key) : state_(std::move(state)), key_(std::move(key)) {}
  ~Active() { state_->leave(key_); }
  Active(const Active&) = delete;
  Active& operator=(const Active&) = delete;

 private:
  std::shared_ptr<State> state_;
  std::string key_;
};

}  // namespace

ActiveSlot& ActiveSlot::operator=(ActiveSlot&& other) noexcept {
  release();
  place_ = std::move(other.place_);
  return *this;
}

void ActiveSlot::release() noexcept { place_.reset(); }

ActiveLimiter::ActiveLimiter(std::size_t most) : state_(std::make_shared<State>(most)) {
  if (most == 0) throw std::invalid_argument("ActiveLimiter got a limit of 0; at least 1 must be allowed.");
}

ActiveSlot ActiveLimiter::acquire(const std::string& key, Context& context) {
  context.check();
  std::unique_lock lock(state_->mutex);
  Gate& gate = state_->gate_of(key);
  {
    WaitQueue::Place place(gate.queue, lock);
    place.wait_to_be_first(context);
    while (gate.active >= state_->most) place.wait_for_change(context);
    ++gate.active;
  }
  lock.unlock();
  return ActiveSlot(std::make_shared<Active<State>>(state_, key));
}

ActiveSlot ActiveLimiter::try_acquire(const std::string& key) {
  {
    const std::lock_guard lock(state_->mutex);
    Gate& gate = state_->gate_of(key);
    if (gate.active >= state_->most || !gate.queue.empty()) return {};
    ++gate.active;
  }
  return ActiveSlot(std::make_shared<Active<State>>(state_, key));
}

std::size_t ActiveLimiter::active(const std::string& key) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->gates.find(key);
  return found == state_->gates.end() ? 0 : found->second->active;
}

std::size_t ActiveLimiter::waiting(const std::string& key) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->gates.find(key);
  return found == state_->gates.end() ? 0 : found->second->queue.size();
}

}  // namespace vitrine
