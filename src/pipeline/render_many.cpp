#include "vitrine/pipeline/render_many.h"

#include <chrono>
#include <exception>
#include <mutex>
#include <new>
#include <stdexcept>
#include <utility>

#include "base/thread_pool.h"
#include "pipeline/pair_order.h"
#include "pipeline/shared_cache.h"
#include "vitrine/image/image_cache.h"

namespace vitrine {
namespace {

bool ends_all(const Error& error) {
  return error.code() == ErrorCode::cancelled || error.code() == ErrorCode::deadline_exceeded;
}

class Many {
 public:
  Many(const ManyRequest& request, const Compositor& compositor, const std::function<void(ManyItem&&)>& deliver)
      : request_(request),
        compositor_(compositor),
        deliver_(deliver),
        order_(request.artworks.size(), request.rooms.size(), request.memory / 2),
        artworks_(request.memory / 2),
        failures_(request.artworks.size()),
        rooms_(std::vector<std::size_t>(request.rooms.size(), request.artworks.size())) {}

  void run(Context& context) {
    const std::size_t count = request_.artworks.size() * request_.rooms.size();
    ThreadPool pool;
    pool.for_each(count, request_.threads, context, [&](std::size_t) {
      make(next(), context);
      report(count, context);
    });
  }

 private:
  PairOrder::Pair next() {
    const std::lock_guard lock(mutex_);
    return order_.next().value();
  }

  void report(std::size_t count, Context& context) {
    const std::lock_guard lock(mutex_);
    context.report(static_cast<double>(++finished_) / static_cast<double>(count));
  }

  Image artwork(std::size_t i) {
    {
      const std::lock_guard lock(mutex_);
      if (failures_[i]) std::rethrow_exception(failures_[i]);
    }
    try {
      return artworks_.get(std::to_string(i), request_.artworks[i]);
    } catch (const Error& error) {
      if (!ends_all(error)) keep_failure(i);
      throw;
    } catch (...) {
      keep_failure(i);
      throw;
    }
  }

  void keep_failure(std::size_t artwork) {
    const std::lock_guard lock(mutex_);
    failures_[artwork] = std::current_exception();
  }

  Template room(std::size_t i) {
    Template room = rooms_.get(i, request_.rooms[i]);
    const std::size_t bytes = room.memory();
    const std::lock_guard lock(mutex_);
    order_.weigh(i, bytes);
    return room;
  }

  void make(const PairOrder::Pair& pair, Context& context) {
    ManyItem item;
    item.artwork = pair.artwork;
    item.room = pair.room;
    const auto fail = [&](ErrorCode code, std::string message) {
      item.error = code;
      item.message = std::move(message);
    };
    const auto start = std::chrono::steady_clock::now();
    try {
      render(item, context);
    } catch (const Error& error) {
      if (ends_all(error)) throw;
      fail(error.code(), error.what());
    } catch (const std::invalid_argument& error) {
      fail(ErrorCode::invalid_image, error.what());
    } catch (const std::bad_alloc&) {
      fail(ErrorCode::image_too_large,
           "There is not enough memory for this artwork in this scene. Scale one of them down, or use fewer threads.");
    }
    item.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    rooms_.release(pair.room);
    deliver_(std::move(item));
  }

  void render(ManyItem& item, Context& context) {
    const Image art = artwork(item.artwork);
    const Template scene = room(item.room);
    Context silent = context.part(0, 0);  // its progress is not ours
    RenderOptions alone;
    alone.threads = 1;
    item.bytes = compositor_.render_encoded(scene, {{art, request_.region, request_.fit, request_.look}},
                                            request_.encoding, alone, silent);
    context.check();
    item.region = scene.regions().at(request_.region);
  }

  const ManyRequest& request_;
  const Compositor& compositor_;
  const std::function<void(ManyItem&&)>& deliver_;
  std::mutex mutex_;  // of the order, the failures and the count
  PairOrder order_;
  ImageCache artworks_;
  std::vector<std::exception_ptr> failures_;
  SharedCache<Template> rooms_;
  std::size_t finished_ = 0;
};

}  // namespace

void render_many(const ManyRequest& request, const Compositor& compositor,
                 const std::function<void(ManyItem&&)>& deliver, Context& context) {
  Many(request, compositor, deliver).run(context);
}

}  // namespace vitrine
