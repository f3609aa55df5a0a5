#include "jobs/job_filter.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

TEST(JobCursor, LeadsBackToItsPosition) {
  const JobPosition position{Timestamp(std::chrono::microseconds(1'700'000'000'123'456)), "job-1"};
  EXPECT_EQ(position_of_cursor(cursor_of(position)), position);
}

TEST(JobPosition, OrdersByTimeFirst) {
  const Timestamp early(std::chrono::seconds(1));
  const Timestamp late(std::chrono::seconds(2));
  EXPECT_LT((JobPosition{early, "z"}), (JobPosition{late, "a"}));
  EXPECT_LT((JobPosition{early, "a"}), (JobPosition{early, "b"}));
}

}  // namespace
}  // namespace vitrine
