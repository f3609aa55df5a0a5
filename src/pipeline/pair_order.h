#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace vitrine {

/// In which order artworks go into rooms: as many rooms as fit in a budget are opened, every artwork goes into each of
/// them, then come the next. So each room is made once, and each artwork once for as many rooms as fit. Not thread-safe.
class PairOrder {
 public:
  struct Pair {
    std::size_t artwork;
    std::size_t room;
  };

  PairOrder(std::size_t artworks, std::size_t rooms, std::size_t budget);

  /// Empty when all were given out.
  std::optional<Pair> next();

  /// Says how many bytes an opened room takes; until then it counts as much as the largest one known.
  void weigh(std::size_t room, std::size_t bytes);

 private:
  bool fits_another() const;
  std::size_t artwork() const;
  void start_block();

  std::size_t artworks_;
  std::size_t rooms_;
  std::size_t budget_;
  std::size_t begin_ = 0;  // the open rooms
  std::size_t end_ = 0;
  bool opening_ = true;     // while the first artwork goes around
  std::size_t turn_ = 0;    // of the artworks in this block
  std::size_t at_ = 0;      // room of this turn
  bool backward_ = false;   // every other block starts with the artwork that the one before ended with
  std::vector<std::optional<std::size_t>> weights_;
  std::size_t largest_ = 0;
};

}  // namespace vitrine
