#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "vitrine/base/bytes.h"

namespace vitrine {

/// Where the parts of a baseline JPEG lie whose only scan is cut by restart markers. Every interval between two of them
/// can be decoded and replaced without the others.
struct RestartGrid {
  struct Interval {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  Bytes tables;                     ///< The header that a decoder needs, without application data and comments.
  std::size_t frame_height_at = 0;  ///< Where `tables` holds the picture's height, then its width: 2 bytes each.
  std::vector<Interval> intervals;  ///< Of the file, without the markers; at least one.
  std::size_t tail = 0;             ///< Where the marker after the last interval lies in the file.
};

/// Finds them. Empty if the file has several scans, ends too early or numbers its markers wrongly. Looks at no pixel.
std::optional<RestartGrid> find_restart_grid(ByteView jpeg);

/// How many MCUs an interval has: a divisor of `mcus_in_row`, so that every row of MCUs starts one.
int restart_interval_for(int mcus_in_row);

}  // namespace vitrine
