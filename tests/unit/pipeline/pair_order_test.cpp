#include "pipeline/pair_order.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace vitrine {
namespace {

// "0a" is artwork 0 in room a. Each room weighs `bytes` once it was opened.
std::string order_of(PairOrder& order, std::size_t bytes) {
  std::string text;
  while (const auto pair = order.next()) {
    order.weigh(pair->room, bytes);
    text += std::to_string(pair->artwork) + static_cast<char>('a' + pair->room) + ' ';
  }
  return text;
}

TEST(PairOrder, KeepsAllRoomsThatFitOpen) {
  PairOrder order(2, 3, 30);
  EXPECT_EQ(order_of(order, 10), "0a 0b 0c 1a 1b 1c ");
}

TEST(PairOrder, OpensTheNextRoomsWhenAllArtworksWereInTheOpenOnes) {
  PairOrder order(2, 4, 20);
  EXPECT_EQ(order_of(order, 10), "0a 0b 1a 1b 1c 1d 0c 0d ");
}

TEST(PairOrder, OpensARoomThatIsLargerThanTheBudget) {
  PairOrder order(2, 2, 5);
  EXPECT_EQ(order_of(order, 10), "0a 1a 1b 0b ");
}

TEST(PairOrder, TakesOneArtworkThroughAllRooms) {
  PairOrder order(1, 3, 10);
  EXPECT_EQ(order_of(order, 10), "0a 0b 0c ");
}

TEST(PairOrder, IsEmptyWithoutArtworksOrRooms) {
  PairOrder nothing(0, 3, 10);
  PairOrder nowhere(3, 0, 10);
  EXPECT_FALSE(nothing.next());
  EXPECT_FALSE(nowhere.next());
}

TEST(PairOrder, GivesEveryPairOnce) {
  PairOrder order(7, 23, 45);
  std::set<std::pair<std::size_t, std::size_t>> seen;
  std::size_t count = 0;
  while (const auto pair = order.next()) {
    order.weigh(pair->room, 5 + pair->room % 7);
    seen.emplace(pair->artwork, pair->room);
    ++count;
  }
  EXPECT_EQ(count, 7U * 23);
  EXPECT_EQ(seen.size(), count);
}

}  // namespace
}  // namespace vitrine
