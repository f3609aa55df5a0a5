#include "image/restart_grid.h"

#include <cstring>

namespace vitrine {
namespace {

// Markers of ITU-T T.81, table B.1.
constexpr std::uint8_t kStart = 0xD8;
constexpr std::uint8_t kEnd = 0xD9;
constexpr std::uint8_t kScan = 0xDA;
constexpr std::uint8_t kRestart0 = 0xD0;
constexpr std::uint8_t kComment = 0xFE;

bool is_frame(std::uint8_t marker) { return marker == 0xC0 || marker == 0xC1; }
bool is_application(std::uint8_t marker) { return marker >= 0xE0 && marker <= 0xEF; }
bool stands_alone(std::uint8_t marker) { return marker == 0x01 || (marker >= kRestart0 && marker <= kEnd); }

// Copies the segments up to the scan; where its data begin, 0 if the header makes no sense.
std::size_t read_header(ByteView jpeg, RestartGrid& grid) {
  if (jpeg.size() < 4 || jpeg[0] != 0xFF || jpeg[1] != kStart) return 0;
  grid.tables = {0xFF, kStart};
  std::size_t at = 2;
  while (at + 4 <= jpeg.size()) {
    const std::uint8_t marker = jpeg[at + 1];
    if (jpeg[at] != 0xFF || stands_alone(marker)) return 0;
    const std::size_t length = std::size_t{jpeg[at + 2]} << 8U | jpeg[at + 3];
    if (length < 2 || length > jpeg.size() - at - 2) return 0;
    const ByteView segment = jpeg.subspan(at, length + 2);
    if (is_frame(marker)) {
      if (grid.frame_height_at != 0 || length < 8) return 0;
      grid.frame_height_at = grid.tables.size() + 5;
    }
    if (!is_application(marker) && marker != kComment)
      grid.tables.insert(grid.tables.end(), segment.begin(), segment.end());
    at += segment.size();
    if (marker == kScan) return grid.frame_height_at == 0 ? 0 : at;
  }
  return 0;
}

}  // namespace

std::optional<RestartGrid> find_restart_grid(ByteView jpeg) {
  RestartGrid grid;
  std::size_t begin = read_header(jpeg, grid);
  if (begin == 0) return std::nullopt;
  std::size_t at = begin;
  while (at < jpeg.size()) {
    const void* found = std::memchr(jpeg.data() + at, 0xFF, jpeg.size() - at);
    if (found == nullptr) return std::nullopt;
    at = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - jpeg.data());
    if (at + 1 >= jpeg.size()) return std::nullopt;
    const std::uint8_t marker = jpeg[at + 1];
    if (marker != 0) {
      const auto due = static_cast<std::uint8_t>(kRestart0 + grid.intervals.size() % 8);
      grid.intervals.push_back({begin, at});
      grid.tail = at;
      if (marker == kEnd) return grid;
      if (marker != due) return std::nullopt;
      begin = at + 2;
    }
    at += 2;
  }
  return std::nullopt;
}

int restart_interval_for(int mcus_in_row) {
  // Short intervals cost bytes, for each starts anew; long ones make patches wider than what is drawn into them.
  const auto cost = [](int length) { return 16.0 / length + length; };
  int best = 1;
  for (int length = 2; length <= mcus_in_row && length <= 32; ++length)
    if (mcus_in_row % length == 0 && cost(length) < cost(best)) best = length;
  return best;
}

}  // namespace vitrine
