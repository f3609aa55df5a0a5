#include "jobs/plain_text.h"

#include <array>
#include <cstdint>

namespace vitrine {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t i) { return static_cast<std::uint8_t>(text[i]); }

struct LeadByte {
  std::uint8_t first, last;  // of the first byte
  std::size_t length;
  std::uint8_t low, high;  // of the second byte: shuts out overlong forms, surrogates, what is past U+10FFFF
};
constexpr std::array<LeadByte, 8> kLeadBytes{{{0xC2, 0xDF, 2, 0x80, 0xBF},
                                              {0xE0, 0xE0, 3, 0xA0, 0xBF},
                                              {0xE1, 0xEC, 3, 0x80, 0xBF},
                                              {0xED, 0xED, 3, 0x80, 0x9F},
                                              {0xEE, 0xEF, 3, 0x80, 0xBF},
                                              {0xF0, 0xF0, 4, 0x90, 0xBF},
                                              {0xF1, 0xF3, 4, 0x80, 0xBF},
                                              {0xF4, 0xF4, 4, 0x80, 0x8F}}};

// Bytes of the character that `text` starts with; 0 if it starts with none. RFC 3629, section 4.
std::size_t character_length(std::string_view text) noexcept {
  const std::uint8_t first = byte_at(text, 0);
  if (first < 0x80) return first == 0 ? 0 : 1;
  for (const auto& lead : kLeadBytes) {
    if (first < lead.first || first > lead.last) continue;
    if (text.size() < lead.length) return 0;
    if (byte_at(text, 1) < lead.low || byte_at(text, 1) > lead.high) return 0;
    for (std::size_t i = 2; i < lead.length; ++i)
      if ((byte_at(text, i) & 0xC0u) != 0x80) return 0;
    return lead.length;
  }
  return 0;
}

}  // namespace

bool is_plain_text(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string cut_to_plain_text(std::string_view text, std::size_t most) {
  std::string cut;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const std::string_view character = length == 0 ? std::string_view("?") : text.substr(0, length);
    if (cut.size() + character.size() > most) break;
    cut += character;
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return cut;
}

}  // namespace vitrine
