#include "jobs/cost_sums.h"

#include <gtest/gtest.h>

#include "support/errors.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

CostEntry entry_of(std::int64_t amount) {
  CostEntry entry;
  entry.id = "a";
  entry.amount = {amount};
  return entry;
}

TEST(CostSums, SayThatASumNoLongerFits) {
  CostSums sums(CostGrouping::none);
  sums.add(entry_of(INT64_MAX));
  EXPECT_EQ(code_of([&] { sums.add(entry_of(1)); }), ErrorCode::corrupt_data);
}

TEST(SettledBy, KeepsAllButTheAmount) {
  auto stored = entry_of(40);
  stored.model = "flux";
  auto settled = entry_of(55);
  settled.settled = true;
  settled.model = "other";
  const auto after = settled_by(stored, settled);
  EXPECT_EQ(after.amount, MicroUsd{55});
  EXPECT_EQ(after.model, "flux");
}

TEST(DayOf, ChangesAtMidnightUtc) {
  const Timestamp leap_day(std::chrono::sys_days(std::chrono::year(2028) / 2 / 29));
  EXPECT_EQ(day_of(leap_day), "2028-02-29");
  EXPECT_EQ(day_of(leap_day - 1us), "2028-02-28");
  EXPECT_EQ(day_of(Timestamp(0us)), "1970-01-01");
}

}  // namespace
}  // namespace vitrine
