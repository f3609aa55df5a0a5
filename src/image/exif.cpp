#include "image/exif.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace vitrine {
namespace {

constexpr unsigned kOrientationTag = 0x0112;
constexpr unsigned kShort = 3;
constexpr unsigned kLong = 4;
constexpr std::size_t kEntrySize = 12;

// Numbers out of a TIFF structure, in its byte order; empty past its end.
class TiffReader {
 public:
  TiffReader(ByteView bytes, bool big_endian) : bytes_(bytes), big_endian_(big_endian) {}

  std::optional<std::uint32_t> u16(std::size_t at) const { return number(at, 2); }
  std::optional<std::uint32_t> u32(std::size_t at) const { return number(at, 4); }

 private:
  std::optional<std::uint32_t> number(std::size_t at, std::size_t count) const {
    if (at > bytes_.size() || bytes_.size() - at < count) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 8U | bytes_[at + (big_endian_ ? i : count - 1 - i)];
    return value;
  }

  ByteView bytes_;
  bool big_endian_;
};

bool starts_with(ByteView bytes, std::string_view prefix) {
  return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()).starts_with(prefix);
}

std::optional<std::uint32_t> orientation_in(const TiffReader& tiff) {
  const auto directory = tiff.u32(4);
  if (!directory) return std::nullopt;
  const auto count = tiff.u16(*directory);
  if (!count) return std::nullopt;
  for (std::size_t i = 0; i < *count; ++i) {
    const std::size_t entry = *directory + 2 + i * kEntrySize;
    const auto tag = tiff.u16(entry);
    if (!tag) return std::nullopt;
    if (*tag != kOrientationTag) continue;
    const auto type = tiff.u16(entry + 2);
    if (type == kShort) return tiff.u16(entry + 8);
    return type == kLong ? tiff.u32(entry + 8) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

int exif_orientation(ByteView exif) {
  using std::string_view_literals::operator""sv;
  if (starts_with(exif, "Exif\0\0"sv)) exif = exif.subspan(6);
  const bool big_endian = starts_with(exif, "MM\0*"sv);
  if (!big_endian && !starts_with(exif, "II*\0"sv)) return 1;
  const auto value = orientation_in(TiffReader(exif, big_endian));
  return value && *value >= 1 && *value <= 8 ? static_cast<int>(*value) : 1;
}

}  // namespace vitrine
