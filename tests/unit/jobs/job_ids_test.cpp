#include "jobs/job_ids.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "jobs/job_rules.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

const Timestamp kNow(1'700'000'000s);

// The id with 'x' for each hexadecimal digit but those of the version and the variant.
std::string form_of(std::string id) {
  for (std::size_t i = 0; i < id.size(); ++i)
    if (i != 14 && i != 19 && std::string_view("0123456789abcdef").find(id[i]) != std::string_view::npos) id[i] = 'x';
  return id;
}

TEST(JobIds, HaveTheFormOfUuidVersion7) {
  const std::string id = JobIds().next(kNow);
  EXPECT_EQ(form_of(id), "xxxxxxxx-xxxx-7xxx-8xxx-xxxxxxxxxxxx");
  EXPECT_TRUE(is_job_id(id));
}

TEST(JobIds, BeginWithTheTimeInMilliseconds) {
  EXPECT_EQ(JobIds().next(kNow).substr(0, 13), "018bcfe5-6800");  // 1'700'000'000'000 in hex
}

TEST(JobIds, RiseWhileTheClockStandsStill) {
  JobIds ids;
  std::string last;
  for (int i = 0; i < 10'000; ++i) {
    const auto id = ids.next(kNow);
    ASSERT_LT(last, id);
    last = id;
  }
}

TEST(JobIds, RiseWhenTheClockGoesBack) {
  JobIds ids;
  const auto first = ids.next(kNow);
  EXPECT_LT(first, ids.next(kNow - 1h));
}

TEST(JobIds, OfSeveralMakersAreUnique) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(JobIds().next(kNow));
  EXPECT_EQ(seen.size(), 1000u);
}

TEST(JobIds, TakeAClockFromBefore1970) { EXPECT_TRUE(is_job_id(JobIds().next(Timestamp(-5s)))); }

}  // namespace
}  // namespace vitrine
