#include "storage/spool.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "base/file_error.h"
#include "storage/crc32c.h"
#include "vitrine/base/error.h"
#include "vitrine/base/sha256.h"

namespace vitrine {
namespace {

constexpr std::size_t kBlock = 256u << 10u;
constexpr std::size_t kMostInMemory = 4u << 20u;

}  // namespace

struct Spool::Store {
  std::filesystem::path folder;
  Bytes memory;
  int file = -1;

  Store() = default;
  ~Store() {
    if (file >= 0) ::close(file);
  }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  void append(ByteView bytes) {
    if (file < 0 && memory.size() + bytes.size() <= kMostInMemory) {
      memory.insert(memory.end(), bytes.begin(), bytes.end());
      return;
    }
    if (file < 0) move_to_file();
    write_all(bytes);
  }

  void move_to_file() {
    std::string name = ((folder.empty() ? std::filesystem::temp_directory_path() : folder) / "vitrine-XXXXXX").string();
    file = ::mkstemp(name.data());
    if (file < 0) throw_file_error("write", name);
    ::unlink(name.c_str());
    write_all(memory);
    Bytes().swap(memory);
  }

  void write_all(ByteView bytes) {
    while (!bytes.empty()) {
      const auto count = ::write(file, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw_file_error("write", folder.empty() ? std::filesystem::temp_directory_path() : folder);
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
  }

  std::size_t read(std::uint64_t offset, std::span<std::uint8_t> buffer) const {
    if (file < 0) {
      std::copy_n(memory.begin() + static_cast<std::ptrdiff_t>(offset), buffer.size(), buffer.begin());
      return buffer.size();
    }
    ssize_t count = 0;
    do count = ::pread(file, buffer.data(), buffer.size(), static_cast<off_t>(offset));
    while (count < 0 && errno == EINTR);
    if (count <= 0)
      throw Error(ErrorCode::unavailable, "The temporary copy of an object cannot be read. Put it again.");
    return static_cast<std::size_t>(count);
  }
};

class Spool::Part final : public ByteSource {
 public:
  Part(std::shared_ptr<const Store> store, std::uint64_t offset, std::uint64_t count)
      : store_(std::move(store)), offset_(offset), left_(count) {}

  std::size_t read(std::span<std::uint8_t> buffer) override {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left_, buffer.size()));
    if (most == 0) return 0;
    const std::size_t count = store_->read(offset_, buffer.first(most));
    offset_ += count;
    left_ -= count;
    return count;
  }

 private:
  std::shared_ptr<const Store> store_;
  std::uint64_t offset_;
  std::uint64_t left_;
};

Spool::Spool(ByteSource& source, const std::filesystem::path& folder, Context& context)
    : store_(std::make_shared<Store>()) {
  store_->folder = folder;
  Sha256 digest;
  Bytes block(kBlock);
  context.check();
  for (std::size_t count = source.read(block); count > 0; count = source.read(block)) {
    const ByteView piece(block.data(), count);
    digest.update(piece);
    crc32c_ = vitrine::crc32c(crc32c_, piece);
    store_->append(piece);
    size_ += count;
    context.check();
  }
  sha256_ = digest.hex_digest();
}

std::unique_ptr<ByteSource> Spool::part(std::uint64_t offset, std::uint64_t count) const {
  return std::make_unique<Part>(store_, offset, count);
}

std::string Spool::sha256_of(std::uint64_t offset, std::uint64_t count, Context& context) const {
  if (offset == 0 && count == size_) return sha256_;
  const auto source = part(offset, count);
  Sha256 digest;
  Bytes block(kBlock);
  for (std::size_t got = source->read(block); got > 0; got = source->read(block)) {
    context.check();
    digest.update({block.data(), got});
  }
  return digest.hex_digest();
}

}  // namespace vitrine
