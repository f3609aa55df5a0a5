#include "vitrine/generate/bfl_prices.h"

#include <gtest/gtest.h>

#include <fstream>

#include "generate/bfl_endpoints.h"
#include "support/errors.h"
#include "support/temporary_folder.h"

namespace vitrine {
namespace {

TEST(BflPrices, AreDated) { EXPECT_EQ(built_in_bfl_prices().date.size(), 10u); }

TEST(BflPrices, KnowEveryModelThatCanBeOrdered) {
  const auto prices = built_in_bfl_prices();
  for (const auto& endpoint : bfl_endpoints())
    EXPECT_TRUE(prices.models.contains(std::string(endpoint.model))) << endpoint.model;
}

TEST(BflPrices, NameNoModelThatCannotBeOrdered) {
  for (const auto& [model, price] : built_in_bfl_prices().models) EXPECT_NE(find_bfl_endpoint(model), nullptr) << model;
}

TEST(BflPrices, SayWhatEachPriceRestsOn) {
  for (const auto& [model, price] : built_in_bfl_prices().models)
    EXPECT_TRUE(price.basis == "published" || price.basis == "reported" || price.basis == "assumed") << model;
}

TEST(BflPrices, HoldThePublishedPriceOfPro) {
  const auto price = built_in_bfl_prices().models.at("flux-2-pro");
  EXPECT_EQ(price.first, MicroUsd{30'000});
  EXPECT_EQ(price.further, MicroUsd{15'000});
}

constexpr std::string_view kOwn =
    R"({"date": "2027-01-02", "models": {"flux-dev": {"each_micro_usd": 1}, "flux-4": {"first_micro_usd": 2, "further_micro_usd": 3}}})";

TEST(BflPrices, AreReplacedByAFile) {
  EXPECT_EQ(parse_bfl_prices(kOwn).models.at("flux-dev").first, MicroUsd{1});
  EXPECT_EQ(parse_bfl_prices(kOwn).date, "2027-01-02");
}

TEST(BflPrices, KeepThoseThatAFileDoesNotName) {
  EXPECT_EQ(parse_bfl_prices(kOwn).models.at("flux-2-pro").first, MicroUsd{30'000});
}

TEST(BflPrices, TakeModelsThatAreNew) { EXPECT_EQ(parse_bfl_prices(kOwn).models.at("flux-4").further, MicroUsd{3}); }

TEST(BflPrices, AreReadFromAFile) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "prices.json") << kOwn;
  EXPECT_EQ(read_bfl_prices(folder.path() / "prices.json").models.at("flux-dev").first, MicroUsd{1});
}

TEST(BflPrices, NameTheFileThatIsWrong) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "prices.json") << "{";
  const auto message = message_of([&] { read_bfl_prices(folder.path() / "prices.json"); });
  EXPECT_NE(message.find("prices.json"), std::string::npos) << message;
}

TEST(BflPrices, SayThatAFileIsMissing) {
  EXPECT_EQ(code_of([] { read_bfl_prices("/nowhere/prices.json"); }), ErrorCode::not_found);
}

class BadPrices : public ::testing::TestWithParam<std::string_view> {};
INSTANTIATE_TEST_SUITE_P(
    Tables, BadPrices,
    ::testing::Values("", "[]", "null", R"({"models": {}})", R"({"date": "today", "models": {}})",
                      R"({"date": "2027-01-02"})", R"({"date": "2027-01-02", "models": {"a": 1}})",
                      R"({"date": "2027-01-02", "models": {"a": {}}})",
                      R"({"date": "2027-01-02", "models": {"a": {"each_micro_usd": -1}}})",
                      R"({"date": "2027-01-02", "models": {"a": {"each_micro_usd": 0.5}}})",
                      R"({"date": "2027-01-02", "models": {"a": {"each_micro_usd": "1"}}})",
                      R"({"date": "2027-01-02", "models": {"a": {"each_micro_usd": 18446744073709551615}}})",
                      R"({"date": "2027-01-02", "models": {"a": {"each_micro_usd": 1000000001}}})",
                      R"({"date": "2027-01-02", "models": {"a": {"each_micro_usd": 1, "first_micro_usd": 1}}})",
                      R"({"date": "2027-01-02", "models": {"a": {"each_micro_usd": 1, "per_year": 1}}})",
                      R"({"date": "2027-01-02", "models": {"a": {"resolutions_micro_usd": {"1k": true}}}})"));

TEST_P(BadPrices, AreRefused) {
  EXPECT_EQ(code_of([] { parse_bfl_prices(GetParam()); }), ErrorCode::corrupt_data);
}

}  // namespace
}  // namespace vitrine
