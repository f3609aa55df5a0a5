#include "pipeline/pair_order.h"

#include <algorithm>

namespace vitrine {

PairOrder::PairOrder(std::size_t artworks, std::size_t rooms, std::size_t budget)
    : artworks_(artworks), rooms_(artworks == 0 ? 0 : rooms), budget_(budget), weights_(rooms) {}

bool PairOrder::fits_another() const {
  std::size_t bytes = largest_;
  for (std::size_t room = begin_; room < end_; ++room) bytes += weights_[room].value_or(largest_);
  return bytes <= budget_;
}

std::size_t PairOrder::artwork() const { return backward_ ? artworks_ - 1 - turn_ : turn_; }

void PairOrder::start_block() {
  begin_ = end_;
  opening_ = true;
  turn_ = 0;
  backward_ = !backward_;
}

std::optional<PairOrder::Pair> PairOrder::next() {
  for (;;) {
    if (opening_) {
      if (end_ < rooms_ && (end_ == begin_ || fits_another())) return Pair{artwork(), end_++};
      if (begin_ == end_) return std::nullopt;
      opening_ = false;
      turn_ = 1;
      at_ = begin_;
    }
    if (turn_ < artworks_ && at_ < end_) {
      const Pair pair{artwork(), at_};
      if (++at_ == end_) {
        ++turn_;
        at_ = begin_;
      }
      return pair;
    }
    start_block();
  }
}

void PairOrder::weigh(std::size_t room, std::size_t bytes) {
  weights_[room] = bytes;
  largest_ = std::max(largest_, bytes);
}

}  // namespace vitrine
