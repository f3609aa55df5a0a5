#include "compose/section_file.h"

#include <zlib.h>

#include <algorithm>

#include "vitrine/base/error.h"

namespace vitrine {
namespace {

constexpr std::array<std::uint8_t, 8> kMagic{'V', 'I', 'T', 'R', 'I', 'N', 'E', 0x1A};
constexpr std::size_t kHeaderBytes = 16;
constexpr std::size_t kEntryBytes = 32;
constexpr std::size_t kMostSections = 4096;

std::uint32_t checksum(ByteView bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, bytes.data(), bytes.size()));
}

}  // namespace

void refuse_template(const std::string& what) {
  throw Error(ErrorCode::corrupt_data,
              "The template is damaged: " + what + " Make it again with 'vitrine template' or save_template().");
}

bool starts_as_section_file(ByteView bytes) {
  return bytes.size() >= kMagic.size() && std::equal(kMagic.begin(), kMagic.end(), bytes.begin());
}

Bytes section_file(std::uint32_t version, const std::vector<Section>& sections) {
  Bytes bytes(kMagic.begin(), kMagic.end());
  append_number(bytes, version);
  append_number(bytes, static_cast<std::uint32_t>(sections.size()));
  std::uint64_t offset = kHeaderBytes + sections.size() * kEntryBytes + 4;
  for (const Section& section : sections) {
    bytes.insert(bytes.end(), section.tag.begin(), section.tag.end());
    append_number(bytes, section.index);
    append_number(bytes, checksum(section.content));
    append_number(bytes, std::uint32_t{0});
    append_number(bytes, offset);
    append_number(bytes, static_cast<std::uint64_t>(section.content.size()));
    offset += section.content.size();
  }
  append_number(bytes, checksum(bytes));
  for (const Section& section : sections) bytes.insert(bytes.end(), section.content.begin(), section.content.end());
  return bytes;
}

SectionReader::SectionReader(ByteView bytes, Versions versions) : bytes_(bytes) {
  if (!starts_as_section_file(bytes_)) refuse_template("it does not start as a .vitrine file.");
  if (bytes_.size() < kHeaderBytes) refuse_template("it ends within its header.");
  const auto version = number_at<std::uint32_t>(bytes_, 8);
  if (version < versions.oldest || version > versions.newest)
    throw Error(ErrorCode::corrupt_data, "The template has format version " + std::to_string(version) +
                                             "; this library reads versions " + std::to_string(versions.oldest) +
                                             " to " + std::to_string(versions.newest) +
                                             ". Make it again, or update the library.");
  const auto count = number_at<std::uint32_t>(bytes_, 12);
  const std::size_t table_end = kHeaderBytes + static_cast<std::size_t>(count) * kEntryBytes;
  if (count > kMostSections || table_end + 4 > bytes_.size())
    refuse_template("its table of sections is cut off or too long.");
  if (checksum(bytes_.first(table_end)) != number_at<std::uint32_t>(bytes_, table_end))
    refuse_template("its table of sections has a wrong checksum.");
  for (std::size_t i = 0; i < count; ++i) read_entry(kHeaderBytes + i * kEntryBytes, table_end + 4);
}

void SectionReader::read_entry(std::size_t at, std::size_t content_begin) {
  Tag tag{};
  for (std::size_t c = 0; c < 4; ++c) tag[c] = static_cast<char>(bytes_[at + c]);
  const auto index = number_at<std::uint32_t>(bytes_, at + 4);
  const auto expected = number_at<std::uint32_t>(bytes_, at + 8);
  const auto offset = number_at<std::uint64_t>(bytes_, at + 16);
  const auto length = number_at<std::uint64_t>(bytes_, at + 24);
  if (offset < content_begin || offset > bytes_.size() || length > bytes_.size() - offset)
    refuse_template("a section reaches outside the file.");
  const ByteView content = bytes_.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(length));
  if (checksum(content) != expected) refuse_template("a section has a wrong checksum.");
  sections_[{tag, index}] = content;
}

std::optional<ByteView> SectionReader::find(Tag tag, std::size_t index) const {
  const auto found = sections_.find({tag, index});
  return found == sections_.end() ? std::nullopt : std::optional(found->second);
}

ByteView SectionReader::require(Tag tag, std::size_t index) const {
  const auto section = find(tag, index);
  if (!section) refuse_template("section " + std::string(tag.begin(), tag.end()) + " is missing.");
  return *section;
}

}  // namespace vitrine
