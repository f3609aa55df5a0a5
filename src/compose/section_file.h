#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vitrine/base/bytes.h"

// The container of a .vitrine file, described in docs/template_format.md: sections with checksums behind a table.
namespace vitrine {

using Tag = std::array<char, 4>;

struct Section {
  Tag tag;
  std::uint32_t index = 0;
  Bytes content;
};

/// Throws Error corrupt_data with `what`, a sentence that begins small.
[[noreturn]] void refuse_template(const std::string& what);

/// Numbers are little-endian.
template <typename Number>
void append_number(Bytes& bytes, Number value) {
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    bytes.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i)));
}

template <typename Number>
Number number_at(ByteView bytes, std::size_t offset) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) value |= static_cast<std::uint64_t>(bytes[offset + i]) << (8 * i);
  return static_cast<Number>(value);
}

bool starts_as_section_file(ByteView bytes);

Bytes section_file(std::uint32_t version, const std::vector<Section>& sections);

/// The sections of a file. Nothing in it is trusted.
class SectionReader {
 public:
  struct Versions {
    std::uint32_t oldest;
    std::uint32_t newest;
  };

  /// Checks the table and every checksum. Borrows `bytes`. Throws Error corrupt_data.
  SectionReader(ByteView bytes, Versions versions);

  std::optional<ByteView> find(Tag tag, std::size_t index) const;
  ByteView require(Tag tag, std::size_t index = 0) const;  ///< Throws Error corrupt_data if it is missing.

 private:
  void read_entry(std::size_t at, std::size_t content_begin);

  ByteView bytes_;
  std::map<std::pair<Tag, std::size_t>, ByteView> sections_;
};

}  // namespace vitrine
