#include "image/decode_limits.h"

#include <cstdint>
#include <string>

#include "vitrine/base/error.h"

namespace vitrine {
namespace {

std::string with_commas(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

// In tenths of a unit, rounded up: "100.1" past a limit of 100, never "100.0".
std::string in_tenths(std::uint64_t value, std::uint64_t unit) {
  const std::uint64_t tenth = unit / 10;
  const std::uint64_t tenths = value / tenth + (value % tenth != 0 ? 1 : 0);
  return with_commas(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string limit_in(std::uint64_t limit, std::uint64_t unit) {
  return limit % unit == 0 ? with_commas(limit / unit) : in_tenths(limit, unit);
}

[[noreturn]] void throw_too_large(const std::string& sentence) { throw Error(ErrorCode::image_too_large, sentence); }

}  // namespace

void require_bytes_within(std::size_t bytes, const DecodeOptions& options) {
  if (bytes <= options.max_bytes) return;
  throw_too_large("The image file has " + with_commas(bytes) + " bytes; the limit is " +
                  with_commas(options.max_bytes) + ". Use a smaller file or raise DecodeOptions::max_bytes.");
}

void require_pixels_within(Size stored, const DecodeOptions& options) {
  const std::uint64_t pixels = static_cast<std::uint64_t>(stored.width) * static_cast<std::uint64_t>(stored.height);
  if (pixels <= options.max_pixels) return;
  constexpr std::uint64_t kMega = 1'000'000;
  const bool small = options.max_pixels < kMega;
  throw_too_large("The image has " +
                  (small ? with_commas(pixels) + " pixels" : in_tenths(pixels, kMega) + " megapixels") +
                  "; the limit is " + (small ? with_commas(options.max_pixels) : limit_in(options.max_pixels, kMega)) +
                  ". Scale it down or raise DecodeOptions::max_pixels.");
}

void require_metadata_within(std::size_t bytes, const DecodeOptions& options) {
  if (bytes <= options.max_metadata) return;
  throw_too_large("The image carries " + with_commas(bytes) + " bytes of metadata; the limit is " +
                  with_commas(options.max_metadata) + ". Strip its metadata or raise DecodeOptions::max_metadata.");
}

}  // namespace vitrine
