#include "vitrine/image/image_cache.h"

#include <condition_variable>
#include <list>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace vitrine {

struct ImageCache::State {
  struct Kept {
    std::string key;
    Image image;  // empty while it is made
  };
  using Place = std::list<Kept>::iterator;

  std::size_t budget = 0;
  std::mutex mutex;
  std::condition_variable made;
  std::list<Kept> kept;  // last used first
  std::unordered_map<std::string, Place> places;
  std::size_t bytes = 0;
  std::size_t misses = 0;

  void drop(Place place) {
    bytes -= place->image.byte_size();
    places.erase(place->key);
    kept.erase(place);
  }

  // Drops what was not used longest; what is being made takes no room yet.
  void shrink() {
    for (auto place = kept.end(); bytes > budget && place != kept.begin();)
      if (const auto last = std::prev(place); last->image.empty())
        place = last;
      else
        drop(last);
  }
};

ImageCache::ImageCache(std::size_t budget) : state_(std::make_unique<State>()) { state_->budget = budget; }
ImageCache::~ImageCache() = default;

Image ImageCache::get(const std::string& key, const std::function<Image()>& make) {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  for (auto found = state.places.find(key); found != state.places.end(); found = state.places.find(key)) {
    if (!found->second->image.empty()) {
      state.kept.splice(state.kept.begin(), state.kept, found->second);
      return found->second->image;
    }
    state.made.wait(lock);
  }
  state.kept.push_front({key, {}});
  const State::Place place = state.kept.begin();
  state.places[key] = place;
  ++state.misses;
  lock.unlock();
  Image image;
  try {
    image = make();
  } catch (...) {
    lock.lock();
    state.drop(place);
    state.made.notify_all();
    throw;
  }
  lock.lock();
  place->image = image;
  state.bytes += image.byte_size();
  if (image.empty() || image.byte_size() > state.budget)
    state.drop(place);
  else
    state.shrink();
  state.made.notify_all();
  return image;
}

std::size_t ImageCache::bytes() const {
  const std::lock_guard lock(state_->mutex);
  return state_->bytes;
}

std::size_t ImageCache::misses() const {
  const std::lock_guard lock(state_->mutex);
  return state_->misses;
}

}  // namespace vitrine
