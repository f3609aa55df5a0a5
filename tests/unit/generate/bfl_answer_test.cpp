#include "generate/bfl_answer.h"

#include <gtest/gtest.h>

#include "support/fake_bfl_api.h"

namespace vitrine {
namespace {

struct Row {
  std::string word;
  GenerationState state;
};
class BflStatuses : public ::testing::TestWithParam<Row> {};
INSTANTIATE_TEST_SUITE_P(
    Words, BflStatuses,
    ::testing::Values(Row{"Pending", GenerationState::pending}, Row{"Reasoning", GenerationState::pending},
                      Row{"Generating", GenerationState::pending}, Row{"Ready", GenerationState::ready},
                      Row{"Error", GenerationState::failed}, Row{"Failed", GenerationState::failed},
                      Row{"Request Moderated", GenerationState::moderated},
                      Row{"Content Moderated", GenerationState::moderated},
                      Row{"Task not found", GenerationState::lost}, Row{"Upscaling", GenerationState::pending}));

TEST_P(BflStatuses, AreRead) {
  const auto report = parse_bfl_report(R"({"id": "1", "status": ")" + GetParam().word + R"("})", {});
  EXPECT_EQ(report.status.state, GetParam().state);
}

TEST(BflReport, SaysThatAWordIsNew) {
  EXPECT_TRUE(parse_bfl_report(R"({"status": "Upscaling"})", {}).unknown);
  EXPECT_FALSE(parse_bfl_report(R"({"status": "Reasoning"})", {}).unknown);
}

TEST(BflReport, GivesAddressAndCostOfWhatIsReady) {
  const auto report = parse_bfl_report(R"({"status": "Ready", "result": {"sample": "https://d/1"}, "cost": 4.5})", {});
  EXPECT_EQ(report.status.result_url, "https://d/1");
  EXPECT_EQ(report.status.settled_cost, MicroUsd{45'000});
  EXPECT_EQ(report.status.progress, 1);
}

TEST(BflReport, ToleratesNullEverywhere) {
  const auto report = parse_bfl_report(
      R"({"id": null, "status": "Ready", "result": null, "progress": null, "details": null, "cost": null})", {});
  EXPECT_EQ(report.status.state, GenerationState::ready);
  EXPECT_EQ(report.status.settled_cost, std::nullopt);
}

TEST(BflReport, TakesProgressAsAShareOrInPercent) {
  EXPECT_EQ(parse_bfl_report(R"({"status": "Pending", "progress": 0.25})", {}).status.progress, 0.25);
  EXPECT_EQ(parse_bfl_report(R"({"status": "Pending", "progress": 25})", {}).status.progress, 0.25);
  EXPECT_EQ(parse_bfl_report(R"({"status": "Pending", "progress": -1})", {}).status.progress, 0);
  EXPECT_EQ(parse_bfl_report(R"({"status": "Pending", "progress": 1e300})", {}).status.progress, 1);
}

TEST(BflReport, GivesTheReasonsOfModeration) {
  const auto report = parse_bfl_report(
      R"({"status": "Content Moderated", "details": {"Moderation Reasons": ["Violence", "Derivative Works Filter"]}})",
      {});
  EXPECT_EQ(report.status.detail, "Content Moderated (Violence, Derivative Works Filter).");
}

TEST(BflReport, TakesDetailsThatAreAText) {
  EXPECT_EQ(parse_bfl_report(R"({"status": "Error", "details": "no GPU"})", {}).status.detail, "Error (no GPU).");
}

TEST(BflReport, CountsModerationAsFreeUnlessTheServiceNamesACost) {
  EXPECT_EQ(parse_bfl_report(R"({"status": "Request Moderated"})", {}).status.settled_cost, MicroUsd{0});
  EXPECT_EQ(parse_bfl_report(R"({"status": "Content Moderated", "cost": 3})", {}).status.settled_cost,
            MicroUsd{30'000});
}

class OddReports : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Bodies, OddReports,
                         ::testing::Values("", "{", "[]", "null", "\"Ready\"", "{}", R"({"status": null})",
                                           R"({"status": 7})", R"({"status": {"a": 1}})", "<html>busy</html>",
                                           "{\"status\": \"\xff\"}", std::string(200'000, '['),
                                           std::string(200'000, '[') + std::string(200'000, ']')));

TEST_P(OddReports, AreNoReports) { EXPECT_EQ(parse_bfl_report(GetParam(), {}).word, ""); }

TEST_P(OddReports, AreNoReceipts) { EXPECT_EQ(parse_bfl_receipt(GetParam()), std::nullopt); }

TEST(BflReceipt, HoldsIdAddressAndCost) {
  const auto receipt = parse_bfl_receipt(R"({"id": "7", "polling_url": "https://api.eu.bfl.ai/7", "cost": 3})");
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->id, "7");
  EXPECT_EQ(receipt->polling_url, "https://api.eu.bfl.ai/7");
  EXPECT_EQ(receipt->cost, MicroUsd{30'000});
}

TEST(BflReceipt, MayLackAllButTheId) {
  const auto receipt = parse_bfl_receipt(R"({"id": "7", "polling_url": null, "cost": null})");
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->cost, std::nullopt);
}

TEST(BflReceipt, RefusesAnIdThatCouldNotBeSentBack) {
  EXPECT_EQ(parse_bfl_receipt(R"({"id": "a\nb"})"), std::nullopt);
  EXPECT_EQ(parse_bfl_receipt(R"({"id": ""})"), std::nullopt);
  EXPECT_EQ(parse_bfl_receipt(R"({"id": ")" + std::string(257, 'a') + R"("})"), std::nullopt);
}

TEST(BflCredits, AreCents) { EXPECT_EQ(micro_usd_of_credits(1.4), MicroUsd{14'000}); }

TEST(BflCredits, ThatAreNoMoneyAreNone) {
  EXPECT_EQ(micro_usd_of_credits(-1), std::nullopt);
  EXPECT_EQ(micro_usd_of_credits(1e300), std::nullopt);
  EXPECT_EQ(micro_usd_of_credits(std::numeric_limits<double>::quiet_NaN()), std::nullopt);
}

std::string reason_of(const char* body) { return bfl_reason(json_response(422, nlohmann::json::parse(body)), "k3y"); }

TEST(BflReason, IsTheTextOfDetail) { EXPECT_EQ(reason_of(R"({"detail": "Not authenticated"})"), "Not authenticated"); }

TEST(BflReason, NamesTheFieldOfAValidationErrorAndNotItsInput) {
  EXPECT_EQ(
      reason_of(R"({"detail": [{"loc": ["body", "images", 0], "msg": "too large", "type": "t", "input": "AAAA"}]})"),
      "body.images.0: too large");
}

TEST(BflReason, TakesTheOtherShapes) {
  EXPECT_EQ(reason_of(R"({"error": "overloaded", "retry_after": 3})"), "overloaded");
  EXPECT_EQ(reason_of(R"({"errors": ["a", "b"]})"), "a; b");
  EXPECT_EQ(reason_of(R"([1, 2])"), "");
}

TEST(BflReason, HidesTheKey) { EXPECT_EQ(reason_of(R"({"detail": "bad key k3y!"})"), "bad key ***!"); }

TEST(BflReason, HidesTheQueryOfAnAddress) {
  EXPECT_EQ(reason_of(R"({"detail": "see https://d.bfl.ai/a?sig=abc now"})"), "see https://d.bfl.ai/a?… now");
}

TEST(BflReason, IsShortAndPrintable) {
  const auto reason = bfl_words(std::string(299, 'a') + "ä\n" + std::string(10'000, 'b'), {});
  EXPECT_EQ(reason, std::string(299, 'a') + "…");
  EXPECT_EQ(bfl_words("a\nb\x7f", {}), "a b ");
}

}  // namespace
}  // namespace vitrine
