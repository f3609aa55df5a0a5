#include "compose/filter_tables.h"

#include <gtest/gtest.h>

#include <numeric>

#include "compose/row_pairs.h"

namespace vitrine {
namespace {

int even(std::int32_t pair) { return static_cast<std::int16_t>(pair & 0xFFFF); }
int odd(std::int32_t pair) { return pair >> 16; }

TEST(FilterTables, ColumnWeightsSumToOneAtEveryPhase) {
  FilterTables tables;
  const ColumnFilter& filter = tables.columns(4.5);
  const auto width = filter.groups * kColumnGroup;
  for (auto phase = filter.weights.begin(); phase != filter.weights.end() - kTableSlack; phase += width)
    EXPECT_NEAR(std::accumulate(phase, phase + width, 0.0) * kWeightOne * kLinearOne, 1, 1e-5);
}

TEST(FilterTables, RowWeightsSumToOneAtEveryPhase) {
  FilterTables tables;
  const RowFilter& filter = tables.rows(3.7);
  for (auto phase = filter.weights.begin(); phase != filter.weights.end(); phase += filter.pairs)
    EXPECT_EQ(std::accumulate(phase, phase + filter.pairs, 0, [](int sum, std::int32_t pair) { return sum + even(pair) + odd(pair); }),
              kWeightOne);
}

TEST(FilterTables, RowsOfTheSecondParityBeginWithTheOddRow) {
  FilterTables tables;
  const RowFilter& filter = tables.rows(3.7);
  const std::size_t half = filter.weights.size() / 2;
  EXPECT_EQ(even(filter.weights[half]), 0);
  EXPECT_EQ(odd(filter.weights[half]), even(filter.weights[0]));
}

TEST(FilterTables, AreaWeightsSumToOneAtEveryPhase) {
  FilterTables tables;
  const AreaFilter& filter = tables.area({3, -2, 2, 3});
  const auto entry = filter.pairs * filter.groups * kColumnGroup;
  for (auto phase = filter.weights.begin(); phase != filter.weights.end() - kTableSlack; phase += entry)
    EXPECT_EQ(std::accumulate(phase, phase + entry, 0, [](int sum, std::int32_t pair) { return sum + even(pair) + odd(pair); }),
              kWeightOne);
}

TEST(FilterTables, CopyAnArtworkOfTheSameSize) {
  FilterTables tables;
  const RowFilter& filter = tables.rows(1);
  // A pixel's centre on a texel's centre: the middle one of five taps has all the weight, but for the width of a point.
  const Span& span = filter.span;
  const double step = (10.5 - static_cast<double>(span.before)) * (1 << span.phases_log2);
  const int phase = static_cast<int>(step) & ((1 << span.phases_log2) - 1);
  const std::int32_t* pairs = filter.weights.data() + static_cast<std::ptrdiff_t>(phase) * filter.pairs;
  EXPECT_GT(even(pairs[1]), 0.999 * kWeightOne);
}

TEST(FilterTables, SpanNoMoreThanAWindowGivesThem) {
  FilterTables tables;
  EXPECT_LE(tables.columns(kMostTaps - 6).span.taps, kMostTaps);
  EXPECT_LE(tables.rows(kMostTaps - 6).span.taps, kMostTaps);
  EXPECT_LE(tables.area({13, 13, 13, -13}).columns.taps, kMostTaps);
}

TEST(FilterTables, GiveTheSameForAFootprintThatComesAgain) {
  FilterTables tables;
  const std::vector<std::int32_t> first = tables.area({3, -2, 2, 3}).weights;
  for (int i = 0; i < 100; ++i) tables.area({3 + i * 0.1, -2, 2, 3});
  EXPECT_EQ(tables.area({3, -2, 2, 3}).weights, first);
}

}  // namespace
}  // namespace vitrine
