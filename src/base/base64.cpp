#include "base/base64.h"

#include <array>

namespace vitrine {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t kNoDigit = 255;

// By character: looking each up among the digits takes seconds for a large picture.
constexpr auto kValues = [] {
  std::array<std::uint8_t, 256> values{};
  for (auto& value : values) value = kNoDigit;
  for (std::size_t i = 0; i < kDigits.size(); ++i)
    values[static_cast<std::uint8_t>(kDigits[i])] = static_cast<std::uint8_t>(i);
  return values;
}();

// Four digits of which the last `padding` are '='.
bool append_group(std::string_view group, std::size_t padding, Bytes& bytes) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint32_t value = i < 4 - padding ? kValues[static_cast<std::uint8_t>(group[i])] : 0u;
    if (value == kNoDigit) return false;
    bits = bits << 6u | value;
  }
  for (std::size_t i = 0; i < 3 - padding; ++i) bytes.push_back(static_cast<std::uint8_t>(bits >> (16 - 8 * i)));
  return true;
}

}  // namespace

std::string base64(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) bits = bits << 8u | (k < count ? bytes[i + k] : 0u);
    for (std::size_t k = 0; k < 4; ++k) text += k <= count ? kDigits[bits >> (18 - 6 * k) & 63u] : '=';
  }
  return text;
}

std::string base64_url(ByteView bytes) {
  std::string text = base64(bytes);
  while (text.ends_with('=')) text.pop_back();
  for (char& digit : text) digit = digit == '+' ? '-' : digit == '/' ? '_' : digit;
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const auto group = text.substr(i, 4);
    const bool last = i + 4 == text.size();
    const std::size_t padding = !last ? 0 : group.ends_with("==") ? 2 : group.ends_with("=") ? 1 : 0;
    if (!append_group(group, padding, bytes)) return std::nullopt;
  }
  return bytes;
}

}  // namespace vitrine
