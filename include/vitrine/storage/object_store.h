#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/byte_stream.h"
#include "vitrine/base/bytes.h"
#include "vitrine/base/clock.h"
#include "vitrine/base/context.h"
#include "vitrine/base/export.h"

namespace vitrine {

/// Names stored bytes; the only thing about them that travels between processes.
struct ObjectRef {
  std::string key;
  std::string sha256;      ///< 64 lower-case hex digits; empty where only the bytes can tell, see ObjectStore::head().
  std::uint64_t size = 0;  ///< Bytes.
  std::string media_type;
  friend bool operator==(const ObjectRef&, const ObjectRef&) = default;
};

struct ObjectInfo {
  ObjectRef ref;
  Timestamp updated_at;
};

enum class PutMode {
  create_only,  ///< Error `conflict` if the key is taken; of two that race, one wins.
  replace,      ///< The last one wins, whole.
};

struct PutOptions {
  PutMode mode = PutMode::create_only;

  /// "type/subtype", perhaps with parameters: 3 to 127 printable ASCII characters.
  std::string media_type = "application/octet-stream";
};

struct ObjectPage {
  /// Ordered by key, bytewise. ref.sha256 and ref.media_type are empty where the service does not list them (S3):
  /// asking for each would take a request an object; head() does.
  std::vector<ObjectInfo> objects;
  std::optional<std::string> next;  ///< Pass it as `after` for the next page; empty at the end.
};

/// Keys: 1 to 512 bytes, parts of [A-Za-z0-9._=@+-] joined by single '/', none of them "." or "..", no '/' at either
/// end. Throws std::invalid_argument with the reason otherwise.
VITRINE_EXPORT void require_object_key(std::string_view key);

/// Keeps bytes under keys. A reader sees an object whole or not at all. Objects are private. Every call checks the key
/// first. Safe to use from many threads at once, and from many processes where the backend outlives one.
/// Throws Error: not_found, conflict, permission_denied, disk_full, unavailable, corrupt_data (stored bytes do not have
/// their digest), cancelled, deadline_exceeded.
class VITRINE_EXPORT ObjectStore {
 public:
  ObjectStore() = default;
  virtual ~ObjectStore() = default;
  ObjectStore(const ObjectStore&) = delete;
  ObjectStore& operator=(const ObjectStore&) = delete;

  /// Stores everything `source` gives. On an error the key is as it was before.
  virtual ObjectRef put(std::string_view key, ByteSource& source, const PutOptions& options, Context& context) = 0;

  /// Writes the object to `sink` and returns its reference. Throws not_found. On an error `sink` may have got a part.
  virtual ObjectRef get(std::string_view key, ByteSink& sink, Context& context) = 0;

  /// What is stored under `key`, if anything. ref.sha256 is empty for an object in a service that something else put:
  /// get() takes the digest.
  virtual std::optional<ObjectInfo> head(std::string_view key, Context& context) = 0;

  /// A page of at most `limit` objects (1 to 1000) whose keys start with `prefix`, from the first key behind `after`
  /// on. Objects that come or go meanwhile may be in it or not; only an empty `next` means the end.
  virtual ObjectPage list(std::string_view prefix, std::optional<std::string> after, int limit, Context& context) = 0;

  /// Removes the object; true if there was one.
  virtual bool remove(std::string_view key, Context& context) = 0;

  /// An address where a reader with no other right gets the object until `lifetime` (1 s to 7 days) is over, or the
  /// object is replaced or removed. Throws not_found.
  virtual std::string url(std::string_view key, std::chrono::seconds lifetime, Context& context) = 0;

  /// The same with bytes in memory.
  ObjectRef put(std::string_view key, ByteView bytes, const PutOptions& options, Context& context);

  /// The whole object. Throws image_too_large past `most` bytes.
  Bytes get(std::string_view key, Context& context, std::size_t most = 256u << 20u);
};

}  // namespace vitrine
