#include "vitrine/storage/memory_store.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "storage/object_rules.h"
#include "vitrine/base/sha256.h"

namespace vitrine {
namespace {

constexpr std::size_t kBlock = 256u << 10u;

Bytes read_all(ByteSource& source, Context& context) {
  Bytes all;
  Bytes block(kBlock);
  context.check();
  for (std::size_t count = source.read(block); count > 0; count = source.read(block)) {
    all.insert(all.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(count));
    context.check();
  }
  return all;
}

class MemoryObjectStore final : public ObjectStore {
 public:
  explicit MemoryObjectStore(std::shared_ptr<Clock> clock) : clock_(std::move(clock)) {}

  ObjectRef put(std::string_view key, ByteSource& source, const PutOptions& options, Context& context) override {
    require_put(key, options);
    // Read before the lock is taken: a source may be slow, or be this store.
    auto bytes = std::make_shared<const Bytes>(read_all(source, context));
    ObjectRef ref{std::string(key), sha256_hex(*bytes), bytes->size(), options.media_type};

    const std::lock_guard lock(mutex_);
    if (options.mode == PutMode::create_only && objects_.contains(ref.key)) throw object_exists(key);
    objects_[ref.key] = {std::move(bytes), {ref, clock_->now()}};
    return ref;
  }

  ObjectRef get(std::string_view key, ByteSink& sink, Context& context) override {
    const Object object = require(key, context);
    for (ByteView rest = *object.bytes; !rest.empty(); rest = rest.subspan(std::min(kBlock, rest.size()))) {
      context.check();
      sink.write(rest.first(std::min(kBlock, rest.size())));
    }
    return object.info.ref;
  }

  std::optional<ObjectInfo> head(std::string_view key, Context& context) override {
    const auto object = find(key, context);
    if (!object) return std::nullopt;
    return object->info;
  }

  ObjectPage list(std::string_view prefix, std::optional<std::string> after, int limit, Context& context) override {
    require_list_limit(limit);
    context.check();
    const std::lock_guard lock(mutex_);
    ObjectPage page;
    auto each = objects_.lower_bound(prefix);
    if (after && *after >= prefix) each = objects_.upper_bound(*after);
    for (; each != objects_.end() && each->first.starts_with(prefix); ++each) {
      if (std::ssize(page.objects) == limit) {
        page.next = page.objects.back().ref.key;
        break;
      }
      page.objects.push_back(each->second.info);
    }
    return page;
  }

  bool remove(std::string_view key, Context& context) override {
    require_object_key(key);
    context.check();
    const std::lock_guard lock(mutex_);
    return objects_.erase(std::string(key)) > 0;
  }

  std::string url(std::string_view key, std::chrono::seconds lifetime, Context& context) override {
    require_url(key, lifetime);
    return "memory:" + require(key, context).info.ref.key;
  }

 private:
  struct Object {
    std::shared_ptr<const Bytes> bytes;  // shared, so that a reader keeps what it reads while it is replaced
    ObjectInfo info;
  };

  std::optional<Object> find(std::string_view key, Context& context) const {
    require_object_key(key);
    context.check();
    const std::lock_guard lock(mutex_);
    const auto found = objects_.find(key);
    if (found == objects_.end()) return std::nullopt;
    return found->second;
  }

  Object require(std::string_view key, Context& context) const {
    auto object = find(key, context);
    if (!object) throw no_such_object(key);
    return *std::move(object);
  }

  mutable std::mutex mutex_;
  std::map<std::string, Object, std::less<>> objects_;
  std::shared_ptr<Clock> clock_;
};

}  // namespace

std::unique_ptr<ObjectStore> make_memory_object_store(std::shared_ptr<Clock> clock) {
  return std::make_unique<MemoryObjectStore>(std::move(clock));
}

}  // namespace vitrine
