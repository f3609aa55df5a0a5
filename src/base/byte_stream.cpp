#include "vitrine/base/byte_stream.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "base/file_error.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(ByteView bytes) : bytes_(bytes) {}

  std::size_t read(std::span<std::uint8_t> buffer) override {
    const std::size_t count = std::min(buffer.size(), bytes_.size());
    std::copy_n(bytes_.begin(), count, buffer.begin());
    bytes_ = bytes_.subspan(count);
    return count;
  }

 private:
  ByteView bytes_;
};

class MemorySink final : public ByteSink {
 public:
  MemorySink(Bytes& bytes, std::size_t most) : bytes_(bytes), most_(most) {}

  void write(ByteView bytes) override {
    if (bytes.size() > most_ - std::min(most_, bytes_.size()))
      throw Error(ErrorCode::image_too_large, "There are more than " + std::to_string(most_) +
                                                  " bytes, which is the limit for this transfer. Raise the limit or "
                                                  "use a smaller file.");
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }

 private:
  Bytes& bytes_;
  std::size_t most_;
};

class FileSource final : public ByteSource {
 public:
  explicit FileSource(const std::filesystem::path& path) : path_(path), file_(std::fopen(path.c_str(), "rb")) {
    if (file_ == nullptr) throw_file_error("read", path);
    if (std::filesystem::is_directory(path)) throw_is_folder(path);
  }

  std::size_t read(std::span<std::uint8_t> buffer) override {
    const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file_.get());
    if (count == 0 && std::ferror(file_.get()) != 0) throw_file_error("read", path_);
    return count;
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace

std::unique_ptr<ByteSource> make_memory_source(ByteView bytes) { return std::make_unique<MemorySource>(bytes); }

std::unique_ptr<ByteSink> make_memory_sink(Bytes& bytes, std::size_t most) {
  return std::make_unique<MemorySink>(bytes, most);
}

std::unique_ptr<ByteSource> open_file_source(const std::filesystem::path& path) {
  return std::make_unique<FileSource>(path);
}

}  // namespace vitrine
