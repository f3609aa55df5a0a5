#include "vitrine/generate/mock.h"

#include <gtest/gtest.h>

#include "support/errors.h"
#include "vitrine/generate/submit_unknown.h"
#include "vitrine/image/codec.h"

namespace vitrine {
namespace {

GenerationRequest request_for(std::string prompt) {
  GenerationRequest request;
  request.prompt = std::move(prompt);
  return request;
}

MockOrder order_that_ends(GenerationState state, std::string detail = "") {
  MockOrder order;
  order.ends = state;
  order.detail = std::move(detail);
  return order;
}

class Mock : public ::testing::Test {
 protected:
  Context context_;
};

TEST_F(Mock, PlaysItsScriptAndThenBehaves) {
  MockGenerator generator({order_that_ends(GenerationState::failed)});
  EXPECT_EQ(code_of([&] { generator.generate(request_for("a"), nullptr, context_); }), ErrorCode::unavailable);
  EXPECT_FALSE(code_of([&] { generator.generate(request_for("a"), nullptr, context_); }));
}

TEST_F(Mock, ChargesNothingForAnOrderThatIsRefused) {
  MockOrder refused;
  refused.submit_error = ErrorCode::rate_limited;
  MockGenerator generator({refused});
  EXPECT_EQ(code_of([&] { generator.submit(request_for("a"), context_); }), ErrorCode::rate_limited);
  EXPECT_EQ(generator.charged(), MicroUsd{0});
}

TEST_F(Mock, ChargesAnOrderWhoseAnswerIsLost) {
  MockOrder unknown;
  unknown.submit_unknown = true;
  MockGenerator generator({unknown}, {55'000});
  EXPECT_THROW(generator.submit(request_for("a"), context_), SubmitUnknown);
  EXPECT_EQ(generator.orders_charged(), 1);
  EXPECT_EQ(generator.charged(), MicroUsd{55'000});
}

TEST_F(Mock, SaysPendingAsOftenAsPlanned) {
  MockOrder slow;
  slow.pending_polls = 2;
  MockGenerator generator({slow});
  const auto task = generator.submit(request_for("a"), context_);
  const auto first = generator.poll(task, context_);
  const auto second = generator.poll(task, context_);
  EXPECT_EQ(first.state, GenerationState::pending);
  EXPECT_LT(first.progress, second.progress);
  EXPECT_EQ(generator.poll(task, context_).state, GenerationState::ready);
}

TEST_F(Mock, StampsWithTheClockItIsGiven) {
  const auto clock = std::make_shared<FakeClock>();
  MockGenerator generator({}, {1}, clock);
  EXPECT_EQ(generator.submit(request_for("a"), context_).submitted_at, clock->now());
}

TEST_F(Mock, CollectsAgainAfterAnAddressExpired) {
  MockOrder expiring;
  expiring.expired_fetches = 4;
  MockGenerator generator({expiring});
  EXPECT_FALSE(code_of([&] { generator.generate(request_for("a"), nullptr, context_); }));
}

TEST_F(Mock, GivesUpWhenTheAddressIsExpiredForEver) {
  MockOrder expiring;
  expiring.expired_fetches = 5;
  MockGenerator generator({expiring});
  EXPECT_EQ(code_of([&] { generator.generate(request_for("a"), nullptr, context_); }), ErrorCode::not_found);
}

TEST_F(Mock, TellsWhyAPictureWasModerated) {
  MockGenerator generator({order_that_ends(GenerationState::moderated, "violence")});
  const auto message = message_of([&] { generator.generate(request_for("a"), nullptr, context_); });
  EXPECT_NE(message.find("violence"), std::string::npos);
}

TEST_F(Mock, DrawsAnotherPictureForAnyOtherRequest) {
  MockGenerator generator;
  const auto picture = [&](const GenerationRequest& request) {
    return generator.generate(request, nullptr, context_).bytes;
  };
  const auto plain = request_for("a");
  auto other_seed = plain;
  other_seed.seed = 7;
  auto other_parameter = plain;
  other_parameter.parameters["steps"] = "28";
  EXPECT_EQ(picture(plain), picture(plain));
  EXPECT_NE(picture(plain), picture(request_for("b")));
  EXPECT_NE(picture(plain), picture(other_seed));
  EXPECT_NE(picture(plain), picture(other_parameter));
}

TEST_F(Mock, KeepsTheRatioOfTheRequest) {
  MockGenerator generator;
  auto wide = request_for("a");
  wide.size = {1344, 768};
  const auto picture = decode_image(generator.generate(wide, nullptr, context_).bytes);
  EXPECT_EQ(picture.width(), 64);
  EXPECT_NEAR(picture.height(), 64.0 * 768 / 1344, 1);
}

}  // namespace
}  // namespace vitrine
