#include <gtest/gtest.h>

#include "support/errors.h"
#include "support/instant_clock.h"
#include "support/send.h"
#include "support/temporary_folder.h"
#include "vitrine/net/mock_transport.h"
#include "vitrine/net/retry.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kUrl = "https://api.example.com/v1";

class RetryingTransport : public ::testing::Test {
 protected:
  std::unique_ptr<HttpTransport> repeating(RetryPolicy policy = {}) {
    return make_retrying_transport(mock_, policy, clock_, [] { return 0.5; });
  }

  int status_of(const HttpRequest& request) { return repeating()->send(request, context_).status; }
  std::size_t attempts() const { return mock_->requests().size(); }

  std::shared_ptr<MockTransport> mock_ = std::make_shared<MockTransport>();
  std::shared_ptr<InstantClock> clock_ = std::make_shared<InstantClock>();
  Context context_;
};

TEST_F(RetryingTransport, GivesAGoodAnswerAtOnce) {
  mock_->then({200, {}, {}});
  EXPECT_EQ(status_of(request_to(kUrl)), 200);
  EXPECT_EQ(attempts(), 1u);
}

TEST_F(RetryingTransport, RepeatsAGetThatFoundTheServerBusy) {
  mock_->then({503, {}, {}});
  mock_->then({200, {}, {}});
  EXPECT_EQ(status_of(request_to(kUrl)), 200);
  EXPECT_EQ(clock_->slept(), milliseconds(125));
}

TEST_F(RetryingTransport, RepeatsAGetWithoutAnAnswer) {
  mock_->then_fail(ErrorCode::unavailable, SendFate::unknown);
  mock_->then({200, {}, {}});
  EXPECT_EQ(status_of(request_to(kUrl)), 200);
}

TEST_F(RetryingTransport, RepeatsNoPostThatMayHaveArrived) {
  mock_->then_fail(ErrorCode::unavailable, SendFate::unknown);
  const auto transport = repeating();
  EXPECT_EQ(failure_of_send(*transport, request_to(kUrl, HttpMethod::post)).fate, SendFate::unknown);
  EXPECT_EQ(attempts(), 1u);
}

TEST_F(RetryingTransport, RepeatsAPostOfWhichNoByteLeft) {
  mock_->then_fail(ErrorCode::unavailable, SendFate::not_sent);
  mock_->then({200, {}, {}});
  EXPECT_EQ(status_of(request_to(kUrl, HttpMethod::post)), 200);
}

class PostAnswer : public RetryingTransport, public ::testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Ambiguous, PostAnswer, ::testing::Values(408, 500, 502, 503, 504));

TEST_P(PostAnswer, IsNotRepeatedWhenTheServerMayHaveActed) {
  mock_->then({GetParam(), {}, {}});
  EXPECT_EQ(status_of(request_to(kUrl, HttpMethod::post)), GetParam());
  EXPECT_EQ(attempts(), 1u);
}

TEST_F(RetryingTransport, RepeatsAPostThatTheServerDidNotTake) {
  mock_->then({429, {}, {}});
  mock_->then({200, {}, {}});
  EXPECT_EQ(status_of(request_to(kUrl, HttpMethod::post)), 200);
}

TEST_F(RetryingTransport, RepeatsNoPatchThatMayHaveArrived) {
  mock_->then_fail(ErrorCode::unavailable, SendFate::unknown);
  const auto transport = repeating();
  EXPECT_TRUE(failure_of_send(*transport, request_to(kUrl, HttpMethod::patch)).code);
  EXPECT_EQ(attempts(), 1u);
}

TEST_F(RetryingTransport, WaitsAsLongAsTheServerAsks) {
  mock_->then({429, {{"Retry-After", "30"}}, {}});
  mock_->then({200, {}, {}});
  EXPECT_EQ(status_of(request_to(kUrl)), 200);
  EXPECT_EQ(clock_->slept(), milliseconds(30'125));
}

TEST_F(RetryingTransport, GivesTheAnswerBackWhenTheServerAsksForTooLong) {
  mock_->then({503, {{"Retry-After", "86400"}}, {}});
  EXPECT_EQ(status_of(request_to(kUrl)), 503);
  EXPECT_EQ(clock_->slept(), seconds(0));
}

TEST_F(RetryingTransport, GivesTheAnswerBackWhenTheWaitWouldPassTheDeadline) {
  mock_->then({503, {{"Retry-After", "61"}}, {}});
  context_ = Context::with_timeout(seconds(60));
  EXPECT_EQ(status_of(request_to(kUrl)), 503);
}

TEST_F(RetryingTransport, RepeatsNoAnswerThatWillStayTheSame) {
  mock_->then({404, {}, {}});
  EXPECT_EQ(status_of(request_to(kUrl)), 404);
  EXPECT_EQ(attempts(), 1u);
}

TEST_F(RetryingTransport, GivesTheLastAnswerAfterTheLastAttempt) {
  RetryPolicy policy;
  policy.max_attempts = 3;
  for (int i = 0; i < 3; ++i) mock_->then({500, {}, {}});
  EXPECT_EQ(repeating(policy)->send(request_to(kUrl), context_).status, 500);
  EXPECT_EQ(attempts(), 3u);
}

TEST_F(RetryingTransport, RepeatsNoRequestWithASource) {
  const Bytes body = bytes_of("once");
  auto request = request_to(kUrl, HttpMethod::put);
  request.source = make_memory_source(body);
  request.source_size = body.size();
  mock_->then({503, {}, {}});
  EXPECT_EQ(status_of(request), 503);
  EXPECT_EQ(attempts(), 1u);
}

/// Writes a part of an answer into the sink and breaks off.
class BreakingTransport final : public HttpTransport {
 public:
  HttpResponse send(const HttpRequest& request, Context&) override {
    ++attempts;
    request.sink->write(bytes_of("half"));
    throw HttpError(ErrorCode::unavailable, "broken", SendFate::unknown);
  }
  int attempts = 0;
};

TEST_F(RetryingTransport, RepeatsNothingOnceTheSinkHasBytes) {
  const auto breaking = std::make_shared<BreakingTransport>();
  const auto transport = make_retrying_transport(breaking, {}, clock_, [] { return 0.5; });
  Bytes kept;
  auto request = request_to(kUrl);
  request.sink = make_memory_sink(kept);
  EXPECT_EQ(failure_of_send(*transport, request).code, ErrorCode::unavailable);
  EXPECT_EQ(breaking->attempts, 1);
  EXPECT_EQ(text_of(kept), "half");
}

TEST_F(RetryingTransport, RepeatsWithASinkThatIsStillEmpty) {
  mock_->then({503, {}, bytes_of("busy")});
  mock_->then({200, {}, bytes_of("picture")});
  Bytes kept;
  auto request = request_to(kUrl);
  request.sink = make_memory_sink(kept);
  EXPECT_EQ(status_of(request), 200);
  EXPECT_EQ(text_of(kept), "picture");
}

TEST_F(RetryingTransport, StopsRepeatingWhenAllItsCallsFail) {
  RetryPolicy policy;
  policy.budget = 2;
  const auto down = std::make_shared<MockTransport>([](const HttpRequest&) { return HttpResponse{503, {}, {}}; });
  const auto transport = make_retrying_transport(down, policy, clock_, [] { return 0.5; });
  for (int i = 0; i < 10; ++i) transport->send(request_to(kUrl), context_);
  EXPECT_EQ(down->requests().size(), 12u);
}

TEST_F(RetryingTransport, EarnsRepeatsByCallsThatGoWell) {
  RetryPolicy policy;
  policy.budget = 1;
  policy.max_attempts = 2;
  const auto transport = repeating(policy);
  mock_->then({503, {}, {}});
  for (int i = 0; i < 11; ++i) mock_->then({200, {}, {}});
  for (int i = 0; i < 11; ++i) transport->send(request_to(kUrl), context_);
  mock_->then({503, {}, {}});
  mock_->then({200, {}, {}});
  EXPECT_EQ(transport->send(request_to(kUrl), context_).status, 200);
}

TEST_F(RetryingTransport, EndsTheWaitWhenItIsCancelled) {
  const auto cancels = std::make_shared<MockTransport>([this](const HttpRequest&) {
    context_.cancel();
    return HttpResponse{503, {}, {}};
  });
  const auto transport = make_retrying_transport(cancels, {}, clock_, [] { return 0.5; });
  EXPECT_EQ(failure_of_send(*transport, request_to(kUrl), context_).code, ErrorCode::cancelled);
}

TEST_F(RetryingTransport, NeedsATransport) { EXPECT_THROW(make_retrying_transport(nullptr), std::invalid_argument); }

}  // namespace
}  // namespace vitrine
