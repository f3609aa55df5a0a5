#include "compose/window_rows.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

// A tile of 10 x 10 pixels, and a map that leans it to the right by two texels a row.
const Rect kTile{0, 0, 10, 10};
const Homography kLeaning{{1, 2, 0, 0, 1, 0, 0, 0, 1}};

TEST(WindowRows, HoldNoMoreThanLiesUnderTheTile) {
  const WindowRows rows(kTile, kLeaning, 40, 0);
  const Columns columns = rows.columns(4, 5);
  EXPECT_EQ(columns.begin, 8);
  EXPECT_EQ(columns.end, 20);
}

TEST(WindowRows, ReachAMarginBeyond) {
  const WindowRows rows(kTile, kLeaning, 40, 1);
  const Columns columns = rows.columns(4, 5);
  EXPECT_EQ(columns.begin, 5);
  EXPECT_EQ(columns.end, 23);
}

TEST(WindowRows, StayInsideTheWindow) {
  const WindowRows rows(kTile, kLeaning, 25, 3);
  EXPECT_EQ(rows.columns(0, 2).begin, 0);
  EXPECT_EQ(rows.columns(8, 10).end, 25);
}

TEST(WindowRows, AreEmptyBesideTheTile) {
  const WindowRows rows(kTile, kLeaning, 40, 1);
  EXPECT_EQ(rows.columns(12, 14).begin, rows.columns(12, 14).end);
}

TEST(WindowRows, AreWholeWhereTheTileReachesTheHorizon) {
  const WindowRows rows(kTile, Homography{{1, 0, 0, 0, 1, 0, 0, 1, -5}}, 40, 1);
  EXPECT_EQ(rows.columns(4, 5).begin, 0);
  EXPECT_EQ(rows.columns(4, 5).end, 40);
}

}  // namespace
}  // namespace vitrine
