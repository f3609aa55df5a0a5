#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vitrine {

/// Memory that will be read soon, fetched into the cache a little at a time: a processor drops what it is asked for too
/// fast.
class RowFetch {
 public:
  void clear() {
    rows_.clear();
    next_ = 0;
  }

  void add(const std::uint8_t* begin, const std::uint8_t* end) {
    if (begin < end) rows_.push_back({begin, end});
  }

  /// Asks for up to `lines` cache lines.
  void step(int lines) {
    constexpr std::ptrdiff_t kLine = 64;
    while (lines > 0 && next_ < rows_.size()) {
      Row& row = rows_[next_];
      for (; lines > 0 && row.begin < row.end; --lines, row.begin += kLine) __builtin_prefetch(row.begin, 0, 2);
      if (row.begin >= row.end) ++next_;
    }
  }

 private:
  struct Row {
    const std::uint8_t* begin;
    const std::uint8_t* end;
  };
  std::vector<Row> rows_;
  std::size_t next_ = 0;
};

}  // namespace vitrine
