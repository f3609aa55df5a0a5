#include "jobs/job_transitions.h"

#include <gtest/gtest.h>

#include "support/errors.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

const Timestamp kNow(1'700'000'000s);

StoredJob at_work() {
  NewJob wanted;
  wanted.kind = "mockup";
  return claimed(new_job(wanted, "job-1", kNow), "worker-a", "token", 30s, kNow);
}

TEST(RequireHeld, SaysWhoHasTheJobAndWhatToDo) {
  auto held = with_token(at_work());
  auto stored = at_work();
  stored.token = "newer";
  stored.job.attempt = 3;
  const auto message = message_of([&] { require_held(&stored, held); });
  EXPECT_NE(message.find("attempt 3"), std::string::npos);
  EXPECT_NE(message.find("Drop"), std::string::npos);
  EXPECT_EQ(message.find("token"), std::string::npos) << "a token must not reach a log";
}

TEST(RequireHeld, LetsNoEmptyTokenInWhereNoneIsStored) {
  auto held = with_token(at_work());
  held.lease->token = "";
  auto imported = at_work();
  imported.token = "";
  EXPECT_THROW(require_held(&imported, held), std::invalid_argument);
}

TEST(IsOverdue, CountsAJobWithoutLease) {
  auto imported = at_work();
  imported.job.lease.reset();
  EXPECT_TRUE(is_overdue(imported.job, {}, kNow));
}

TEST(Claimed, HidesTheTokenFromWhoOnlyReads) {
  EXPECT_EQ(at_work().job.lease->token, "");
  EXPECT_EQ(with_token(at_work()).lease->token, "token");
}

TEST(Cancelled, DoesNotTouchAJobThatHasHeardOfIt) {
  const auto once = cancelled(at_work(), kNow + 1s);
  EXPECT_EQ(cancelled(once, kNow + 2s).job.updated_at, kNow + 1s);
}

}  // namespace
}  // namespace vitrine
