#include "net/arriving_file.h"

#include <algorithm>
#include <utility>

#include "image/foreign_format.h"
#include "vitrine/base/error.h"
#include "vitrine/image/codec.h"

namespace vitrine {
namespace {

constexpr std::size_t kHeadBytes = 64;

using Seconds = std::chrono::duration<double>;

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

}  // namespace

ArrivingFile::ArrivingFile(ByteSink& sink, const DownloadOptions& options, std::string host)
    : sink_(sink), options_(options), host_(std::move(host)) {}

void ArrivingFile::write(ByteView bytes) {
  check_rate(bytes.size());
  result_.size += bytes.size();
  if (is_settled_) return sink_.write(bytes);
  head_.insert(head_.end(), bytes.begin(), bytes.end());
  if (head_.size() >= kHeadBytes) settle_type();
}

Download ArrivingFile::finish() {
  if (!is_settled_) settle_type();
  return result_;
}

// Spans that follow each other, and not the mean of all: a fast beginning must not buy an endless end.
void ArrivingFile::check_rate(std::size_t more) {
  const Timestamp now = options_.clock->now();
  if (!has_begun_ || now < span_begin_) {  // also when the clock was set back
    has_begun_ = true;
    span_begin_ = now;
    span_bytes_ = 0;
  }
  span_bytes_ += more;
  if (now - span_begin_ < options_.patience) return;
  const double rate = static_cast<double>(span_bytes_) / std::max(1e-3, Seconds(now - span_begin_).count());
  if (rate < static_cast<double>(options_.min_bytes_per_second))
    throw Error(ErrorCode::unavailable, host_ + " sends " + std::to_string(static_cast<long long>(rate)) +
                                            " bytes a second; at least " +
                                            std::to_string(options_.min_bytes_per_second) +
                                            " are asked for. Try again or lower "
                                            "DownloadOptions::min_bytes_per_second.");
  span_begin_ = now;
  span_bytes_ = 0;
}

void ArrivingFile::settle_type() {
  if (const auto format = sniff_format(head_)) result_.media_type = media_type_of(*format);
  const auto& allowed = options_.media_types;
  if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), result_.media_type) == allowed.end()) {
    const std::string_view foreign = foreign_format(head_);
    const std::string seen = !result_.media_type.empty() ? result_.media_type
                             : foreign.empty()           ? "no picture"
                                                         : std::string(foreign);
    throw Error(ErrorCode::invalid_image,
                "What " + host_ + " sent is " + seen + "; allowed are " + listed(allowed) + ". Check the address.");
  }
  is_settled_ = true;
  sink_.write(head_);
  head_ = {};
}

}  // namespace vitrine
