#include "generate/bfl_order.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "support/bfl_pictures.h"
#include "support/errors.h"
#include "support/fake_bfl_api.h"

namespace vitrine {
namespace {

using nlohmann::json;

constexpr std::string_view kDefault = "flux-2-pro";

json body_of(const GenerationRequest& request) { return make_bfl_order(request, kDefault).fields; }

/// A request that its endpoint takes, with as little as it needs.
GenerationRequest least_request(const std::string& model) {
  auto request = bfl_request(model);
  const auto& endpoint = bfl_endpoint(model);
  if (endpoint.prompt == BflPrompt::none) request.prompt.clear();
  for (const auto& field : endpoint.fields)
    if (field.need == BflNeed::required && field.name != "width" && field.name != "height")
      request.parameters[std::string(field.name)] =
          field.type == BflType::text ? "\"my-tune\"" : picture_parameter({256, 256});
  return request;
}

class EveryBflOrder : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Models, EveryBflOrder, ::testing::ValuesIn(bfl_models()), [](const auto& model) {
  std::string name = model.param;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
});

TEST_P(EveryBflOrder, IsMadeOfTheLeastThatTheEndpointNeeds) {
  EXPECT_NO_THROW(make_bfl_order(least_request(GetParam()), kDefault));
}

TEST_P(EveryBflOrder, HoldsFieldsOfItsEndpointOnly) {
  auto request = least_request(GetParam());
  request.seed = 5;
  const json body = body_of(request);
  for (const auto& [name, value] : body.items()) EXPECT_NE(field_of(bfl_endpoint(GetParam()), name), nullptr) << name;
}

TEST_P(EveryBflOrder, RefusesAFieldThatTheEndpointDoesNotHave) {
  auto request = least_request(GetParam());
  request.parameters["shininess"] = "1";
  EXPECT_THROW(make_bfl_order(request, kDefault), std::invalid_argument);
}

TEST_P(EveryBflOrder, RefusesASafetyLevelOverTheEndpointsOwnLimit) {
  const auto most = static_cast<int>(field_of(bfl_endpoint(GetParam()), "safety_tolerance")->most);
  auto request = least_request(GetParam());
  request.parameters["safety_tolerance"] = std::to_string(most);
  EXPECT_NO_THROW(make_bfl_order(request, kDefault));
  request.parameters["safety_tolerance"] = std::to_string(most + 1);
  EXPECT_THROW(make_bfl_order(request, kDefault), std::invalid_argument);
}

TEST_P(EveryBflOrder, HasAnEstimateAboveNothing) {
  EXPECT_GT(estimate_cost(make_bfl_order(least_request(GetParam()), kDefault), built_in_bfl_prices()), MicroUsd{0});
}

TEST(BflOrder, OfTheDefaultModelHasPromptSizeAndSeed) {
  auto request = bfl_request();
  request.seed = 42;
  request.size = {1344, 768};
  EXPECT_EQ(body_of(request), json({{"prompt", "a fox in the snow"}, {"width", 1344}, {"height", 768}, {"seed", 42}}));
}

TEST(BflOrder, LeavesTheSizeToTheModelIfItIsZero) {
  auto request = bfl_request();
  request.size = {0, 0};
  EXPECT_EQ(body_of(request), json({{"prompt", "a fox in the snow"}}));
}

TEST(BflOrder, TakesParametersByTheirNames) {
  auto request = bfl_request("flux-2-flex");
  request.parameters = {
      {"steps", "28"}, {"guidance", "4.5"}, {"prompt_upsampling", "false"}, {"output_format", "\"png\""}};
  const auto body = body_of(request);
  EXPECT_EQ(body["steps"], 28);
  EXPECT_EQ(body["guidance"], 4.5);
  EXPECT_EQ(body["prompt_upsampling"], false);
  EXPECT_EQ(body["output_format"], "png");
}

TEST(BflOrder, TakesNullForNotGiven) {
  auto request = bfl_request("flux-2-flex");
  request.parameters["steps"] = "null";
  EXPECT_FALSE(body_of(request).contains("steps"));
}

TEST(BflOrder, IgnoresTheSeedWhereThereIsNone) {
  auto request = bfl_request("flux-3-image");
  request.seed = 7;
  EXPECT_FALSE(body_of(request).contains("seed"));
}

TEST(BflOrder, TurnsTheSizeIntoARatioForUltra) {
  auto request = bfl_request("flux-pro-1.1-ultra");
  request.size = {1344, 756};
  EXPECT_EQ(body_of(request)["aspect_ratio"], "16:9");
}

TEST(BflOrder, TurnsTheSizeIntoRatioAndResolutionForFlux3) {
  auto request = bfl_request("flux-3-image");
  request.size = {2720, 1536};
  EXPECT_EQ(body_of(request)["aspect_ratio"], "16:9");
  EXPECT_EQ(body_of(request)["resolution"], "2k");
}

TEST(BflOrder, PrefersAGivenRatioToThatOfTheSize) {
  auto request = bfl_request("flux-3-image");
  request.parameters = {{"aspect_ratio", "\"2:3\""}, {"resolution", "\"768sq\""}};
  EXPECT_EQ(body_of(request)["aspect_ratio"], "2:3");
  EXPECT_EQ(body_of(request)["resolution"], "768sq");
}

TEST(BflOrder, SendsPicturesAsBareBase64) {
  auto request = bfl_request();
  const auto value = picture_parameter({64, 64});
  request.parameters["input_image"] = "\"data:image/png;base64," + value.substr(1);
  EXPECT_EQ(body_of(request)["input_image"], json::parse(value));
}

TEST(BflOrder, SendsTheAddressOfAPicture) {
  auto request = bfl_request("flux-kontext-pro");
  request.parameters["input_image"] = "\"https://example.com/a.jpg\"";
  EXPECT_EQ(body_of(request)["input_image"], "https://example.com/a.jpg");
}

TEST(BflOrder, SendsSeveralReferencesToFlux3) {
  auto request = bfl_request("flux-3-image");
  request.parameters["images"] = "[\"https://example.com/a.jpg\", " + picture_parameter({256, 256}) + "]";
  EXPECT_EQ(body_of(request)["images"].size(), 2u);
}

TEST(BflOrder, NeedsNoPromptForAVariationOfAPicture) {
  auto request = bfl_request("flux-pro-1.1", "");
  request.parameters["image_prompt"] = picture_parameter({64, 64});
  EXPECT_FALSE(body_of(request).contains("prompt"));
}

struct Wrong {
  std::string what;
  std::string model;
  std::string name;
  std::string value;
};
void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.what; }
class WrongParameters : public ::testing::TestWithParam<Wrong> {};
INSTANTIATE_TEST_SUITE_P(
    Parameters, WrongParameters,
    ::testing::Values(
        Wrong{"steps below", "flux-2-flex", "steps", "0"}, Wrong{"steps above", "flux-2-flex", "steps", "51"},
        Wrong{"steps with a fraction", "flux-2-flex", "steps", "2.5"},
        Wrong{"steps as text", "flux-2-flex", "steps", "\"28\""}, Wrong{"steps for pro", "flux-2-pro", "steps", "28"},
        Wrong{"guidance below", "flux-2-flex", "guidance", "1.49"},
        Wrong{"guidance above", "flux-dev", "guidance", "5.01"},
        Wrong{"guidance as flag", "flux-dev", "guidance", "true"},
        Wrong{"format that is none", "flux-2-pro", "output_format", "\"gif\""},
        Wrong{"format of two words", "flux-2-pro", "output_format", "\"jpeg|png\""},
        Wrong{"empty format", "flux-2-pro", "output_format", "\"\""},
        Wrong{"flag as number", "flux-2-pro", "disable_pup", "1"},
        Wrong{"klein has none", "flux-2-klein-4b", "disable_pup", "true"},
        Wrong{"fifth picture of klein", "flux-2-klein-4b", "input_image_5", "\"https://example.com/a\""},
        Wrong{"ninth picture", "flux-2-pro", "input_image_9", "\"https://example.com/a\""},
        Wrong{"ratio too wide", "flux-kontext-pro", "aspect_ratio", "\"22:9\""},
        Wrong{"ratio of nothing", "flux-kontext-pro", "aspect_ratio", "\"0:0\""},
        Wrong{"ratio without a colon", "flux-kontext-pro", "aspect_ratio", "\"16\""},
        Wrong{"ratio with more", "flux-kontext-pro", "aspect_ratio", "\"16:9:1\""},
        Wrong{"ratio that is not listed", "flux-3-image", "aspect_ratio", "\"16:10\""},
        Wrong{"no JSON", "flux-2-pro", "output_format", "png"}, Wrong{"two values", "flux-2-flex", "steps", "1 2"},
        Wrong{"empty value", "flux-2-flex", "steps", ""}, Wrong{"an object", "flux-2-flex", "steps", "{}"},
        Wrong{"prompt as parameter", "flux-2-pro", "prompt", "\"a\""},
        Wrong{"seed as parameter", "flux-2-pro", "seed", "1"},
        Wrong{"width as parameter", "flux-2-pro", "width", "1024"},
        Wrong{"insecure webhook", "flux-2-pro", "webhook_url", "\"http://example.com/\""},
        Wrong{"webhook with a line break", "flux-2-pro", "webhook_url", "\"https://example.com/\\n\""},
        Wrong{"picture at an insecure address", "flux-2-pro", "input_image", "\"http://example.com/a\""},
        Wrong{"picture from a file", "flux-2-pro", "input_image", "\"file:///etc/passwd\""},
        Wrong{"picture that is no base64", "flux-2-pro", "input_image", "\"a fox\""},
        Wrong{"picture that is no picture", "flux-2-pro", "input_image", "\"Zm9vYmFy\""},
        Wrong{"empty picture", "flux-2-pro", "input_image", "\"\""},
        Wrong{"several pictures in one field", "flux-2-pro", "input_image", "[\"https://example.com/a\"]"},
        Wrong{"address where bytes are needed", "flux-pro-1.1", "image_prompt", "\"https://example.com/a\""},
        Wrong{"no pictures", "flux-3-image", "images", "[]"},
        Wrong{"numbers as pictures", "flux-3-image", "images", "[1]"},
        Wrong{"a deep nest", "flux-3-image", "images", std::string(100'000, '[') + std::string(100'000, ']')},
        Wrong{"a field that is gone", "flux-2-pro", "transparent_bg", "true"},
        Wrong{"a field that is internal", "flux-2-flex", "input_image_blob_path", "\"a\""}));

TEST_P(WrongParameters, AreRefusedBeforeSending) {
  auto request = bfl_request(GetParam().model);
  request.parameters[GetParam().name] = GetParam().value;
  EXPECT_THROW(make_bfl_order(request, kDefault), std::invalid_argument);
}

TEST(BflOrder, NamesTheFieldTheValueAndTheLimit) {
  auto request = bfl_request("flux-2-flex");
  request.parameters["steps"] = "51";
  const auto message = message_of([&] { body_of(request); });
  EXPECT_EQ(message, "The field 'steps' of flux-2-flex is 51; it must be a whole number from 1 to 50.");
}

TEST(BflOrder, ShowsNoPictureInAMessage) {
  auto request = bfl_request("flux-pro-1.0-fill");
  request.parameters["image"] = picture_parameter({64, 64});
  const auto message = message_of([&] { body_of(request); });
  EXPECT_NE(message.find("64 x 64"), std::string::npos) << message;
  EXPECT_EQ(message.find(request.parameters["image"].substr(1, 20)), std::string::npos) << message;
}

TEST(BflOrder, RefusesAnEmptyPrompt) { EXPECT_THROW(body_of(bfl_request("", "")), std::invalid_argument); }

TEST(BflOrder, RefusesAPromptThatIsNotUtf8) { EXPECT_THROW(body_of(bfl_request("", "\xff")), std::invalid_argument); }

TEST(BflOrder, RefusesAPromptWhereTheToolTakesNone) {
  auto request = least_request("flux-tools/erase-v1");
  request.prompt = "away with it";
  EXPECT_THROW(body_of(request), std::invalid_argument);
}

TEST(BflOrder, CountsCharactersOfAPromptAndNotBytes) {
  std::string prompt;
  for (int i = 0; i < 15'000; ++i) prompt += "ä";
  EXPECT_NO_THROW(body_of(bfl_request("flux-3-image", prompt)));
  EXPECT_THROW(body_of(bfl_request("flux-3-image", prompt + "a")), std::invalid_argument);
}

struct WrongSize {
  std::string model;
  Size size;
};
void PrintTo(const WrongSize& wrong, std::ostream* out) {
  *out << wrong.model << " " << wrong.size.width << " x " << wrong.size.height;
}
class WrongSizes : public ::testing::TestWithParam<WrongSize> {};
INSTANTIATE_TEST_SUITE_P(
    Sizes, WrongSizes,
    ::testing::Values(WrongSize{"flux-2-pro", {0, 128}}, WrongSize{"flux-2-pro", {-16, -16}},
                      WrongSize{"flux-2-pro", {48, 128}}, WrongSize{"flux-2-pro", {1000, 1024}},
                      WrongSize{"flux-2-pro", {2064, 2048}}, WrongSize{"flux-pro-1.1", {1472, 1024}},
                      WrongSize{"flux-pro-1.1", {1040, 1024}}, WrongSize{"flux-pro-1.1", {224, 1024}},
                      WrongSize{"flux-pro-1.1-ultra", {2400, 1000}}, WrongSize{"flux-3-image", {3000, 1000}},
                      WrongSize{"flux-3-image", {17'000, 17'000}},
                      WrongSize{"flux-2-pro", {1'000'000'000, 1'000'000'000}}));

TEST_P(WrongSizes, AreRefusedBeforeSending) {
  auto request = bfl_request(GetParam().model);
  request.size = GetParam().size;
  EXPECT_THROW(body_of(request), std::invalid_argument);
}

class RightSizes : public ::testing::TestWithParam<WrongSize> {};
INSTANTIATE_TEST_SUITE_P(
    Sizes, RightSizes,
    ::testing::Values(WrongSize{"flux-2-pro", {64, 64}}, WrongSize{"flux-2-pro", {2048, 2048}},
                      WrongSize{"flux-2-pro", {4096, 1024}}, WrongSize{"flux-pro-1.1", {256, 1440}},
                      WrongSize{"flux-pro-1.1", {1344, 768}}, WrongSize{"flux-pro-1.1", {768, 1344}},
                      WrongSize{"flux-pro-1.1-ultra", {2100, 900}}, WrongSize{"flux-3-image", {1344, 768}}));

TEST_P(RightSizes, AreTaken) {
  auto request = bfl_request(GetParam().model);
  request.size = GetParam().size;
  EXPECT_NO_THROW(body_of(request));
}

TEST(BflOrder, RefusesAMaskOfAnotherSizeThanItsPicture) {
  auto request = bfl_request("flux-pro-1.0-fill");
  request.parameters = {{"image", picture_parameter({256, 256})}, {"mask", picture_parameter({256, 257})}};
  EXPECT_THROW(body_of(request), std::invalid_argument);
}

TEST(BflOrder, RefusesOutpaintingThatWouldGiveAPictureOfOneColour) {
  auto request = bfl_request("flux-tools/outpainting-v1");
  request.parameters["input_image"] = picture_parameter({256, 250});
  EXPECT_THROW(body_of(request), std::invalid_argument);
  request.parameters["input_image"] = picture_parameter({256, 256});
  request.parameters["reference_offset_x"] = "-16";
  EXPECT_NO_THROW(body_of(request));
  request.parameters["reference_offset_x"] = "-8";
  EXPECT_THROW(body_of(request), std::invalid_argument);
}

TEST(BflOrder, RefusesAPictureOfMoreThanTwentyMegabytes) {
  auto request = bfl_request();
  request.parameters["input_image"] = "\"" + std::string(26'666'672, 'A') + "\"";
  EXPECT_THROW(body_of(request), std::invalid_argument);
}

TEST(BflOrder, RefusesAPictureOfMoreThanTwentyMegapixels) {
  auto request = bfl_request();
  request.parameters["input_image"] = picture_parameter({5'000, 4'001});
  EXPECT_THROW(body_of(request), std::invalid_argument);
}

TEST(BflOrder, KeepsPicturesAddressesAndSecretsOutOfTheTask) {
  auto request = bfl_request();
  request.parameters = {{"input_image", picture_parameter({64, 64})},
                        {"webhook_url", "\"https://example.com/hook?token=s3cret\""},
                        {"webhook_secret", "\"s3cret\""},
                        {"output_format", "\"png\""}};
  const auto kept = without_secrets(request, bfl_endpoint("flux-2-pro"));
  EXPECT_EQ(kept.parameters, (std::map<std::string, std::string>{{"output_format", "\"png\""}}));
}

struct Price {
  std::string what;
  std::string model;
  Size size;
  std::map<std::string, std::string> parameters;
  std::int64_t micro_usd;
};
void PrintTo(const Price& price, std::ostream* out) { *out << price.what; }
class BflEstimates : public ::testing::TestWithParam<Price> {};
const std::string kAddress = "\"https://example.com/a\"";
INSTANTIATE_TEST_SUITE_P(
    Prices, BflEstimates,
    ::testing::Values(
        Price{"one megapixel of pro", "flux-2-pro", {1024, 1024}, {}, 30'000},
        Price{"a part of a megapixel counts whole", "flux-2-pro", {64, 64}, {}, 30'000},
        Price{"1.98 megapixels of pro, as seen in a real answer", "flux-2-pro", {1920, 1072}, {}, 45'000},
        Price{"four megapixels of max", "flux-2-max", {2048, 2048}, {}, 160'000},
        Price{"a picture of unknown size counts as the largest",
              "flux-2-pro",
              {1024, 1024},
              {{"input_image", kAddress}},
              90'000},
        Price{"an edit of unknown size is the largest too", "flux-2-pro", {0, 0}, {{"input_image", kAddress}}, 135'000},
        Price{"the model's own size is a megapixel", "flux-2-klein-4b", {0, 0}, {}, 14'000},
        Price{"flux 3 by its default resolution", "flux-3-image", {0, 0}, {}, 48'000},
        Price{"flux 3 by its resolution", "flux-3-image", {1024, 1024}, {{"resolution", "\"4k\""}}, 607'000},
        Price{"kontext by the picture", "flux-kontext-max", {1024, 1024}, {{"input_image", kAddress}}, 80'000},
        Price{"pro 1.1 by the picture", "flux-pro-1.1", {1440, 1440}, {}, 40'000}));

TEST_P(BflEstimates, FollowTheTable) {
  auto request = bfl_request(GetParam().model);
  request.size = GetParam().size;
  request.parameters = GetParam().parameters;
  EXPECT_EQ(estimate_cost(make_bfl_order(request, kDefault), built_in_bfl_prices()).value, GetParam().micro_usd);
}

TEST(BflEstimate, CountsAGivenPictureByItsSize) {
  auto request = bfl_request();
  request.parameters["input_image"] = picture_parameter({1024, 1024});
  EXPECT_EQ(estimate_cost(make_bfl_order(request, kDefault), built_in_bfl_prices()), MicroUsd{45'000});
}

TEST(BflEstimate, SaysWhichModelTheTableDoesNotHave) {
  const auto order = make_bfl_order(bfl_request(), kDefault);
  EXPECT_EQ(code_of([&] { estimate_cost(order, {"2026-01-01", {}}); }), ErrorCode::corrupt_data);
}

}  // namespace
}  // namespace vitrine
