#include "storage/crc32c.h"

#include <array>

namespace vitrine {
namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78u;  // 0x1edc6f41 with its bits reversed

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

// tables[k][b]: what byte b does to the checksum when k more bytes follow it in the same group of eight.
constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1u ^ ((crc & 1u) != 0 ? kPolynomial : 0);
    tables[0][i] = crc;
  }
  for (std::size_t k = 1; k < 8; ++k)
    for (std::size_t i = 0; i < 256; ++i) tables[k][i] = tables[k - 1][i] >> 8u ^ tables[0][tables[k - 1][i] & 255u];
  return tables;
}

constexpr Tables kTables = make_tables();

}  // namespace

std::uint32_t crc32c(std::uint32_t crc, ByteView bytes) {
  crc = ~crc;
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    crc ^= static_cast<std::uint32_t>(bytes[i]) | static_cast<std::uint32_t>(bytes[i + 1]) << 8u |
           static_cast<std::uint32_t>(bytes[i + 2]) << 16u | static_cast<std::uint32_t>(bytes[i + 3]) << 24u;
    crc = kTables[7][crc & 255u] ^ kTables[6][crc >> 8u & 255u] ^ kTables[5][crc >> 16u & 255u] ^
          kTables[4][crc >> 24u] ^ kTables[3][bytes[i + 4]] ^ kTables[2][bytes[i + 5]] ^ kTables[1][bytes[i + 6]] ^
          kTables[0][bytes[i + 7]];
  }
  for (; i < bytes.size(); ++i) crc = crc >> 8u ^ kTables[0][(crc ^ bytes[i]) & 255u];
  return ~crc;
}

}  // namespace vitrine
