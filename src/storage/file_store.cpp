// The file store. An object is two files: its bytes under a random name that is never used again, and a reference that
// names them. The rename (or link) of the reference is the one moment in which a put happens:
//
//   1. the bytes arrive in incoming/ and are synced there;
//   2. they move into the object's folder, and the folder is synced: nobody can see them yet;
//   3. the reference is renamed over the old one: now they are the object;
//   4. the bytes that no reference names any more are removed.
//
// Wherever a crash falls, the reference that is there names whole bytes with its digest: before 3 the old ones, after
// it the new ones. What a crash leaves behind is out of sight: in incoming/ until a store is opened while nobody
// writes, in an object's folder until that object is next put or removed. Had the two fixed names, a crash between two
// renames would leave the bytes of one put with the reference of another.
#include "vitrine/storage/file_store.h"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <map>
#include <utility>

#include "base/file_error.h"
#include "base/folder_sync.h"
#include "base/percent_encoding.h"
#include "storage/arrival.h"
#include "storage/file_layout.h"
#include "storage/file_reference.h"
#include "storage/folder_lock.h"
#include "storage/object_rules.h"
#include "vitrine/base/clock.h"
#include "vitrine/base/error.h"
#include "vitrine/base/log.h"
#include "vitrine/base/sha256.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 256u << 10u;

// So that a picture opens with a double click, and a browser knows what file:// leads to.
std::string_view suffix_of(std::string_view media_type) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kSuffixes{
      {{"image/jpeg", ".jpg"},
       {"image/png", ".png"},
       {"image/webp", ".webp"},
       {"application/json", ".json"},
       {"text/plain", ".txt"}}};
  for (const auto& [type, suffix] : kSuffixes)
    if (media_type == type) return suffix;
  return ".bin";
}

// Removes what the reference in `folder` does not name, and the folder if there is none. The caller holds the shard's
// lock. Never throws: what stays behind is out of sight and goes the next time.
void tidy(const fs::path& folder) noexcept try {
  const auto reference = read_reference(folder, std::nullopt);
  std::error_code ignored;
  for (const auto& entry : entries_of(folder)) {
    const auto name = entry.filename().string();
    if (!reference || (name != kReferenceName && name != reference->bytes_name)) fs::remove(entry, ignored);
  }
  if (!reference) fs::remove(folder, ignored);
} catch (const std::exception& error) {
  // A damaged reference: everything stays as it is, for whoever wants to save what can be saved.
  log(LogLevel::warning, "storage", error.what());
}

class FileObjectStore final : public ObjectStore {
 public:
  explicit FileObjectStore(const fs::path& folder) : layout_(folder) {
    make_real_folder(layout_.objects());
    make_real_folder(layout_.incoming());
    clear_incoming(layout_.incoming());
  }

  ObjectRef put(std::string_view key, ByteSource& source, const PutOptions& options, Context& context) override {
    require_put(key, options);
    const FolderLock writing(layout_.incoming(), FolderLock::Mode::shared, context);
    // Asked before the bytes come, to save the trouble; what counts is the link in publish().
    if (options.mode == PutMode::create_only && has_reference(key)) throw object_exists(key);
    Arrival arrival(layout_.incoming(), source, context);
    FileReference reference;
    reference.info.ref = {std::string(key), arrival.sha256(), arrival.size(), options.media_type};
    reference.bytes_name = arrival.name() + std::string(suffix_of(options.media_type));
    publish(arrival, reference, options.mode, context);
    return reference.info.ref;
  }

  ObjectRef get(std::string_view key, ByteSink& sink, Context& context) override {
    const auto [reference, source] = open(key, context);
    const ObjectRef& ref = reference.info.ref;
    Sha256 digest;
    std::uint64_t size = 0;
    Bytes block(kBlock);
    for (std::size_t count = source->read(block); count > 0; count = source->read(block)) {
      context.check();
      const ByteView piece(block.data(), count);
      size += count;
      if (size > ref.size) break;
      digest.update(piece);
      sink.write(piece);
    }
    if (size != ref.size) throw object_corrupt(key, "it does not have its " + std::to_string(ref.size) + " bytes.");
    if (digest.hex_digest() != ref.sha256) throw object_corrupt(key, "its bytes do not have their digest.");
    return ref;
  }

  std::optional<ObjectInfo> head(std::string_view key, Context& context) override {
    const auto reference = find(key, context);
    if (!reference) return std::nullopt;
    return reference->info;
  }

  ObjectPage list(std::string_view prefix, std::optional<std::string> after, int limit, Context& context) override {
    require_list_limit(limit);
    auto candidates = first_keys(prefix, after, static_cast<std::size_t>(limit) + 1, context);
    ObjectPage page;
    if (candidates.size() > static_cast<std::size_t>(limit)) {
      candidates.erase(std::prev(candidates.end()));
      page.next = std::prev(candidates.end())->first;
    }
    for (const auto& [key, folder] : candidates)
      if (auto reference = sound_reference(folder, key)) page.objects.push_back(std::move(reference->info));
    return page;
  }

  bool remove(std::string_view key, Context& context) override {
    require_object_key(key);
    context.check();
    if (!is_real_folder(layout_.objects()) || !is_real_folder(layout_.shard_of(key))) return false;
    const FolderLock lock(layout_.shard_of(key), FolderLock::Mode::exclusive, context);
    const auto folder = layout_.folder_of(key);
    const bool there = has_reference(key);
    if (there && std::remove((folder / kReferenceName).c_str()) != 0) throw_file_error("write", folder);
    if (there) sync_folder(folder);
    if (is_real_folder(folder)) tidy(folder);
    return there;
  }

  std::string url(std::string_view key, std::chrono::seconds lifetime, Context& context) override {
    require_url(key, lifetime);
    const auto reference = find(key, context);
    if (!reference) throw no_such_object(key);
    return "file://" + percent_encoded((layout_.folder_of(key) / reference->bytes_name).string(), "/");
  }

 private:
  struct Opened {
    FileReference reference;
    std::unique_ptr<ByteSource> source;
  };

  std::optional<FileReference> find(std::string_view key, Context& context) const {
    require_object_key(key);
    context.check();
    return read_reference(layout_.folder_of(key), key);
  }

  bool has_reference(std::string_view key) const {
    const auto folder = layout_.folder_of(key);
    return is_real_object_folder(folder) && is_real_file(folder / kReferenceName);
  }

  // A put or remove between the reference and the bytes takes the bytes away: then there is another reference, or none.
  Opened open(std::string_view key, Context& context) const {
    std::string missing;
    for (;;) {
      auto reference = find(key, context);
      if (!reference) throw no_such_object(key);
      if (reference->bytes_name == missing) throw object_corrupt(key, "the file with its bytes is gone.");
      const auto path = layout_.folder_of(key) / reference->bytes_name;
      try {
        if (is_real_file(path)) return {*std::move(reference), open_file_source(path)};
      } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
      }
      missing = reference->bytes_name;
    }
  }

  void publish(Arrival& arrival, FileReference& reference, PutMode mode, Context& context) const {
    const std::string& key = reference.info.ref.key;
    require_real_folder(layout_.objects());
    make_real_folder(layout_.shard_of(key));
    // Held while the object's folder is made and tidied: else one writer would remove what another just moved in.
    const FolderLock lock(layout_.shard_of(key), FolderLock::Mode::exclusive, context);
    const auto folder = layout_.folder_of(key);
    bool won = false;
    try {
      make_real_folder(folder);
      arrival.move_to(folder / reference.bytes_name);
      sync_folder(folder);
      reference.info.updated_at = clock_->now();
      won = write_reference(folder, reference, mode);
    } catch (...) {
      tidy(folder);
      throw;
    }
    tidy(folder);
    if (!won) throw object_exists(key);
  }

  // The first `most` keys behind `after` that start with `prefix`, and their folders. All names are read, few files.
  std::map<std::string, fs::path> first_keys(std::string_view prefix, const std::optional<std::string>& after,
                                             std::size_t most, Context& context) const {
    std::map<std::string, fs::path> keys;
    for (const auto& shard : entries_of(layout_.objects())) {
      context.check();
      if (!is_plain_folder(shard)) continue;
      for (const auto& folder : entries_of(shard)) {
        const auto key = key_of(folder);
        if (!key || !key->starts_with(prefix) || (after && *key <= *after)) continue;
        keys.emplace(*key, folder);
        if (keys.size() > most) keys.erase(std::prev(keys.end()));
      }
    }
    return keys;
  }

  static bool is_plain_folder(const fs::path& path) {
    std::error_code ignored;
    return fs::symlink_status(path, ignored).type() == fs::file_type::directory;
  }

  static std::optional<std::string> key_of(const fs::path& folder) {
    auto named = key_in(folder.filename().string());
    if (!named) return std::nullopt;
    if (named->whole) return std::move(named->begin);
    const auto reference = sound_reference(folder, std::nullopt);
    if (!reference) return std::nullopt;
    return reference->info.ref.key;
  }

  // One damaged object must not keep the others from being listed; get() and head() say what is wrong with it.
  static std::optional<FileReference> sound_reference(const fs::path& folder, std::optional<std::string_view> key) {
    try {
      return read_reference(folder, key);
    } catch (const Error& error) {
      log(LogLevel::warning, "storage", error.what());
      return std::nullopt;
    }
  }

  FileLayout layout_;
  std::shared_ptr<Clock> clock_ = make_system_clock();
};

// The folder with no link left in its name, made if need be.
fs::path open_root(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0)
    sync_folder(folder.has_parent_path() ? folder.parent_path() : fs::path("."));
  else if (errno != EEXIST)
    throw_file_error("write", folder);
  std::error_code error;
  const auto root = fs::canonical(folder, error);
  if (error || !fs::is_directory(root, error))
    throw Error(ErrorCode::not_found, "'" + folder.string() + "' is not a folder. Name one for the object store.");
  return root;
}

}  // namespace

std::unique_ptr<ObjectStore> open_file_object_store(const fs::path& folder) {
  return std::make_unique<FileObjectStore>(open_root(folder));
}

}  // namespace vitrine
