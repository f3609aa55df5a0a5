#include "storage/arrival.h"

#include <cstdio>

#include "base/file_error.h"
#include "base/random_hex.h"
#include "storage/file_layout.h"
#include "storage/folder_lock.h"
#include "vitrine/base/file.h"
#include "vitrine/base/sha256.h"

namespace vitrine {
namespace {

constexpr std::size_t kBlock = 256u << 10u;
constexpr std::size_t kRandomBytes = 16;

// Only names that we gave, whole or with what AtomicFile puts around them: the folder may be older than the store.
bool is_arrival(std::string name) {
  if (name.starts_with('.') && name.ends_with(".part")) name = name.substr(1, name.find('.', 1) - 1);
  return name.size() == 2 * kRandomBytes && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

Arrival::Arrival(const std::filesystem::path& incoming, ByteSource& source, Context& context)
    : path_(incoming / random_hex(kRandomBytes)) {
  AtomicFile file(path_);
  Sha256 digest;
  Bytes block(kBlock);
  context.check();
  for (std::size_t count = source.read(block); count > 0; count = source.read(block)) {
    const ByteView piece(block.data(), count);
    digest.update(piece);
    file.write(piece);
    size_ += count;
    context.check();
  }
  sha256_ = digest.hex_digest();
  file.commit();
}

Arrival::~Arrival() {
  if (!path_.empty()) std::remove(path_.c_str());
}

void Arrival::move_to(const std::filesystem::path& target) {
  if (std::rename(path_.c_str(), target.c_str()) != 0) throw_file_error("write", target);
  path_.clear();
}

void clear_incoming(const std::filesystem::path& incoming) {
  const auto lock = FolderLock::try_exclusive(incoming);
  if (!lock) return;
  std::error_code ignored;
  for (const auto& entry : entries_of(incoming))
    if (is_arrival(entry.filename().string())) std::filesystem::remove(entry, ignored);
}

}  // namespace vitrine
