#include "generate/bfl_endpoints.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <string>

#include "support/errors.h"
#include "vitrine/generate/bfl.h"

namespace vitrine {
namespace {

class BflEndpoints : public ::testing::TestWithParam<std::string> {
 protected:
  const BflEndpoint& endpoint() const { return bfl_endpoint(GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(Models, BflEndpoints, ::testing::ValuesIn(bfl_models()), [](const auto& model) {
  std::string name = model.param;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
});

TEST_P(BflEndpoints, AreFoundByTheirName) { EXPECT_EQ(endpoint().model, GetParam()); }

TEST_P(BflEndpoints, NameNoFieldTwice) {
  std::set<std::string_view> names;
  for (const auto& field : endpoint().fields) names.insert(field.name);
  EXPECT_EQ(names.size(), endpoint().fields.size());
}

TEST_P(BflEndpoints, HaveAPromptFieldIfTheyTakeAPrompt) {
  EXPECT_EQ(field_of(endpoint(), "prompt") != nullptr, endpoint().prompt != BflPrompt::none);
}

TEST_P(BflEndpoints, HaveASafetyLevel) { EXPECT_NE(field_of(endpoint(), "safety_tolerance"), nullptr); }

TEST_P(BflEndpoints, HaveWidthAndHeightOrNeither) {
  EXPECT_EQ(field_of(endpoint(), "width") == nullptr, field_of(endpoint(), "height") == nullptr);
}

TEST_P(BflEndpoints, HaveAWebhookWithItsSecretOrNeither) {
  EXPECT_EQ(field_of(endpoint(), "webhook_url") == nullptr, field_of(endpoint(), "webhook_secret") == nullptr);
}

TEST(BflEndpointTable, HasEveryCurrentEndpointThatMakesPictures) { EXPECT_EQ(bfl_endpoints().size(), 22u); }

// Newer endpoints answer fields of their siblings with 422.
TEST(BflEndpointTable, GivesFlux3NoFieldOfFlux2) {
  const auto& flux3 = bfl_endpoint("flux-3-image");
  for (const char* name : {"seed", "width", "height", "input_image", "output_format", "webhook_url"})
    EXPECT_EQ(field_of(flux3, name), nullptr) << name;
}

TEST(BflEndpointTable, GivesOutpaintingNoSeedAndNoWebhook) {
  const auto& outpainting = bfl_endpoint("flux-tools/outpainting-v1");
  EXPECT_EQ(field_of(outpainting, "seed"), nullptr);
  EXPECT_EQ(field_of(outpainting, "webhook_url"), nullptr);
}

TEST(BflEndpointTable, CallsThePictureOfFillByItsOwnName) {
  EXPECT_NE(field_of(bfl_endpoint("flux-pro-1.0-fill"), "image"), nullptr);
  EXPECT_EQ(field_of(bfl_endpoint("flux-pro-1.0-fill"), "input_image"), nullptr);
}

TEST(BflEndpointTable, GivesFluxPro11NoStepsAndNoGuidance) {
  EXPECT_EQ(field_of(bfl_endpoint("flux-pro-1.1"), "steps"), nullptr);
  EXPECT_EQ(field_of(bfl_endpoint("flux-pro-1.1"), "guidance"), nullptr);
}

struct Refused {
  std::string model;
  std::string advice;
};
class RefusedModels : public ::testing::TestWithParam<Refused> {};
INSTANTIATE_TEST_SUITE_P(Models, RefusedModels,
                         ::testing::Values(Refused{"flux-3-video", "videos"}, Refused{"flux-pro", "flux-2-pro"},
                                           Refused{"flux-kontext", "flux-kontext-pro"},
                                           Refused{"flux-fill", "flux-pro-1.0-fill"},
                                           Refused{"flux-pro-1.1-raw", "raw"},
                                           Refused{"flux-2-flex-outpainting", "flux-tools/outpainting-v1"},
                                           Refused{"no-such-model", "flux-2-pro"}, Refused{"", "flux-2-pro"}));

TEST_P(RefusedModels, SayWhatToUseInstead) {
  const auto message = message_of([] { bfl_endpoint(GetParam().model); });
  EXPECT_NE(message.find(GetParam().advice), std::string::npos) << message;
}

TEST_P(RefusedModels, AreMisuse) { EXPECT_THROW(bfl_endpoint(GetParam().model), std::invalid_argument); }

}  // namespace
}  // namespace vitrine
