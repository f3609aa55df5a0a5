#include "generate/bfl_picture.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "support/bfl_pictures.h"
#include "support/errors.h"

namespace vitrine {
namespace {

constexpr BflField kField = {"input_image", BflType::picture, 64, 20};

std::string base64_of_picture(Size size) { return nlohmann::json::parse(picture_parameter(size)).get<std::string>(); }

TEST(BflPicture, KnowsTheSizeOfWhatItHolds) {
  const auto picture = read_bfl_picture(kField, base64_of_picture({80, 64}));
  EXPECT_EQ(picture.size, (Size{80, 64}));
}

TEST(BflPicture, LosesThePrefixOfAWebPage) {
  const auto base64 = base64_of_picture({64, 64});
  EXPECT_EQ(read_bfl_picture(kField, "data:image/png;base64," + base64).value, base64);
}

TEST(BflPicture, MayBeAnAddressOfUnknownSize) {
  const auto picture = read_bfl_picture(kField, "https://example.com/a.png");
  EXPECT_EQ(picture.value, "https://example.com/a.png");
  EXPECT_EQ(picture.size, std::nullopt);
}

TEST(BflPicture, MayBeAsSmallAsTheFieldAllows) {
  EXPECT_NO_THROW(read_bfl_picture(kField, base64_of_picture({64, 64})));
  EXPECT_THROW(read_bfl_picture(kField, base64_of_picture({63, 64})), std::invalid_argument);
}

TEST(BflPicture, MayBeAsLargeAsTheFieldAllows) {
  EXPECT_NO_THROW(read_bfl_picture(kField, base64_of_picture({5'000, 4'000})));
  EXPECT_THROW(read_bfl_picture(kField, base64_of_picture({5'001, 4'000})), std::invalid_argument);
}

TEST(BflPicture, MayNotBeAStripe) {
  EXPECT_NO_THROW(read_bfl_picture(kField, base64_of_picture({64 * 64, 64})));
  EXPECT_THROW(read_bfl_picture(kField, base64_of_picture({64 * 64 + 1, 64})), std::invalid_argument);
}

class WrongPictures : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Values, WrongPictures,
                         ::testing::Values("", "fox.png", "/etc/passwd", "file:///etc/passwd", "http://example.com/a",
                                           "https://", "https://example.com/ä", "https://example.com/a b",
                                           "https://example.com/" + std::string(9'000, 'a'), "data:image/png,abc",
                                           "data:image/png;base64,", "data:image/png;base64,!!!!", "R0lGODlh"));

TEST_P(WrongPictures, AreRefused) { EXPECT_THROW(read_bfl_picture(kField, GetParam()), std::invalid_argument); }

TEST(BflPicture, OfTooManyBytesIsRefusedBeforeItIsEncoded) {
  EXPECT_EQ(code_of([] { bfl_picture(Bytes(20'000'001)); }), ErrorCode::image_too_large);
}

}  // namespace
}  // namespace vitrine
