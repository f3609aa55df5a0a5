#include "storage/s3_xml.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

TEST(S3Xml, FindsTheContentOfAnElement) {
  EXPECT_EQ(xml_text("<?xml version=\"1.0\"?><R xmlns=\"u\"><Key>a/b</Key></R>", "Key"), "a/b");
  EXPECT_EQ(xml_text("<R a=\"1\">text</R>", "R"), "text");
}

TEST(S3Xml, TellsNamesApartThatBeginAlike) {
  EXPECT_EQ(xml_text("<KeyCount>1</KeyCount><Key>a</Key>", "Key"), "a");
  EXPECT_FALSE(xml_element("<KeyCount>1</KeyCount>", "Key"));
}

TEST(S3Xml, GivesEveryOccurrenceInOrder) {
  const auto all = xml_elements("<C>1</C><x/><C>2</C><C/>", "C");
  EXPECT_EQ(all, (std::vector<std::string_view>{"1", "2", ""}));
}

TEST(S3Xml, ResolvesEntities) {
  EXPECT_EQ(xml_text("<K>a&amp;b&lt;c&gt;&quot;&apos;&#43;&#x2F;</K>", "K"), "a&b<c>\"'+/");
  EXPECT_EQ(xml_text("<K>&unknown;&#9999999999;& alone</K>", "K"), "&unknown;&#9999999999;& alone");
}

TEST(S3Xml, SurvivesWhatIsBroken) {
  EXPECT_FALSE(xml_element("<K>no end", "K"));
  EXPECT_FALSE(xml_element("<K", "K"));
  EXPECT_FALSE(xml_element("", "K"));
  EXPECT_EQ(xml_text("<K>&</K>", "K"), "&");
}

}  // namespace
}  // namespace vitrine
