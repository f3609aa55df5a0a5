#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "vitrine/base/byte_stream.h"
#include "vitrine/base/context.h"

namespace vitrine {

/// Bytes on their way into the file store: read to their end, counted, digested and synced, under a random name.
/// Removed again unless they are moved into place.
class Arrival {
 public:
  /// `incoming` is where they wait; the caller holds a shared FolderLock on it until this is destroyed.
  Arrival(const std::filesystem::path& incoming, ByteSource& source, Context& context);
  ~Arrival();
  Arrival(const Arrival&) = delete;
  Arrival& operator=(const Arrival&) = delete;

  std::string name() const { return path_.filename().string(); }
  std::uint64_t size() const { return size_; }
  const std::string& sha256() const { return sha256_; }

  void move_to(const std::filesystem::path& target);

 private:
  std::filesystem::path path_;
  std::uint64_t size_ = 0;
  std::string sha256_;
};

/// Removes what writers left in `incoming` when they died; nothing while anybody writes.
void clear_incoming(const std::filesystem::path& incoming);

}  // namespace vitrine
