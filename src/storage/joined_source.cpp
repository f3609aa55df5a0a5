#include "storage/joined_source.h"

#include <algorithm>
#include <utility>

namespace vitrine {
namespace {

class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string text) : text_(std::move(text)) {}
  std::size_t read(std::span<std::uint8_t> buffer) override {
    const std::size_t count = std::min(buffer.size(), text_.size() - read_);
    std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(read_), count, buffer.begin());
    read_ += count;
    return count;
  }

 private:
  const std::string text_;
  std::size_t read_ = 0;
};

class JoinedSource final : public ByteSource {
 public:
  JoinedSource(std::string head, std::unique_ptr<ByteSource> middle, std::string tail)
      : head_(std::move(head)), middle_(std::move(middle)), tail_(std::move(tail)) {}
  std::size_t read(std::span<std::uint8_t> buffer) override {
    for (ByteSource* source : {static_cast<ByteSource*>(&head_), middle_.get(), static_cast<ByteSource*>(&tail_)})
      if (const std::size_t count = source->read(buffer); count > 0) return count;
    return 0;
  }

 private:
  TextSource head_;
  const std::unique_ptr<ByteSource> middle_;
  TextSource tail_;
};

}  // namespace

std::unique_ptr<ByteSource> joined_source(std::string head, std::unique_ptr<ByteSource> middle, std::string tail) {
  return std::make_unique<JoinedSource>(std::move(head), std::move(middle), std::move(tail));
}

}  // namespace vitrine
