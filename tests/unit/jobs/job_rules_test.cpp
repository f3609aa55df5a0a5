#include "jobs/job_rules.h"

#include <gtest/gtest.h>

#include "support/errors.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

TEST(Backoff, DoublesFromTwoSecondsToFiveMinutes) {
  EXPECT_EQ(backoff(1, {}), 2s);
  EXPECT_EQ(backoff(2, {}), 4s);
  EXPECT_EQ(backoff(8, {}), 256s);
  EXPECT_EQ(backoff(9, {}), 300s);
  EXPECT_EQ(backoff(100, {}), 300s);
}

TEST(Backoff, YieldsToWhatTheFailureSays) { EXPECT_EQ(backoff(5, {"", "", true, 0ms}), 0ms); }

TEST(Kept, BoundsTheTimeToComeBack) {
  EXPECT_EQ(kept({"", "", true, -1ms}).retry_after, 0ms);
  EXPECT_EQ(kept({"", "", true, std::chrono::milliseconds::max()}).retry_after, 24h);
}

TEST(RequireNewJob, ShowsTheKindAndWhatIsAllowed) {
  NewJob job;
  job.kind = "Mock Up";
  const auto message = message_of([&] { require_new_job(job); });
  EXPECT_NE(message.find("'Mock Up'"), std::string::npos);
  EXPECT_NE(message.find("a-z"), std::string::npos);
}

TEST(RequireJsonObject, SaysWhereLargeContentBelongs) {
  const auto message = message_of([] { require_json_object("The result", std::string(300'000, ' ')); });
  EXPECT_NE(message.find("The result is 300000 bytes long"), std::string::npos) << message;
  EXPECT_NE(message.find("object store"), std::string::npos);
}

TEST(IsJobId, TakesNoPathAndNoSpace) {
  EXPECT_TRUE(is_job_id("aZ0_-"));
  EXPECT_FALSE(is_job_id(""));
  EXPECT_FALSE(is_job_id("a/b"));
  EXPECT_FALSE(is_job_id(std::string(129, 'a')));
}

TEST(JobState, NamesLeadBackToStates) {
  for (const char* name : {"pending", "processing", "completed", "failed", "cancelled"})
    EXPECT_EQ(name_of(job_state_of(name).value()), name);
  EXPECT_FALSE(job_state_of("retried"));
}

}  // namespace
}  // namespace vitrine
