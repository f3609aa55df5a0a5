#include <gtest/gtest.h>
#include <zlib.h>

#include <random>

#include "compose/section_file.h"
#include "support/errors.h"
#include "support/temporary_folder.h"
#include "support/test_images.h"
#include "vitrine/compose/perspective.h"
#include "vitrine/compose/template.h"

namespace vitrine {
namespace {

// One region of each backing.
Template rich_template() {
  Image scene = plain_image({160, 90}, PixelFormat::rgba8, {200, 198, 190, 255});
  const MutableImageView view = scene.edit();
  for (int y = 20; y < 60; ++y)
    for (int x = 60; x < 100; ++x) view.row(y)[4 * x + 3] = 0;
  for (int y = 20; y < 60; ++y)
    for (int x = 110; x < 150; ++x) view.row(y)[4 * x] = 0, view.row(y)[4 * x + 1] = 255, view.row(y)[4 * x + 2] = 0;
  std::vector<Region> regions(3);
  regions[0].quad = quad_of({10, 20, 40, 40});
  regions[0].shows = Shows::plain;
  regions[1].quad = quad_of({60, 20, 40, 40});
  regions[1].shows = Shows::hole;
  regions[1].mask = plain_image({160, 90}, PixelFormat::gray8, {7});
  regions[2].quad = quad_of({110, 20, 40, 40});
  regions[2].shows = Shows::key;
  regions[2].label = "screen \"left\"";
  return make_perspective_compositor()->prepare(scene, regions);
}

std::vector<Placement> one_on_each() {
  const Image art = noise_image({70, 80}, PixelFormat::rgba8, 2);
  return {{art, 0, Fit::cover, {}}, {art, 1, Fit::cover, {}}, {art, 2, Fit::contain, {}}};
}

TEST(TemplateFile, RendersAsTheTemplateItWasMadeFrom) {
  const Template room = rich_template();
  const Template again = decode_template(encode_template(room));
  const auto compositor = make_perspective_compositor();
  EXPECT_EQ(largest_difference(compositor->render(room, one_on_each()), compositor->render(again, one_on_each())), 0);
}

TEST(TemplateFile, KeepsWhatIsKnownOfTheRegions) {
  const Template again = decode_template(encode_template(rich_template()));
  EXPECT_EQ(again.regions()[2].label, "screen \"left\"");
  EXPECT_EQ(again.regions()[1].shows, Shows::hole);
  EXPECT_EQ(sample(again.regions()[1].mask.value(), 5, 5), 7);
  EXPECT_TRUE(again.has_light(0));
}

TEST(TemplateFile, IsTheSameBytesEachTime) { EXPECT_EQ(encode_template(rich_template()), encode_template(rich_template())); }

TEST(TemplateFile, GoesThroughAFile) {
  const TemporaryFolder folder;
  save_template(folder / "room.vitrine", rich_template());
  EXPECT_EQ(load_template(folder / "room.vitrine").regions().size(), 3U);
}

TEST(TemplateFile, NamesTheFileThatIsDamaged) {
  const TemporaryFolder folder;
  save_template(folder / "room.vitrine", rich_template());
  std::filesystem::resize_file(folder / "room.vitrine", 500);
  const auto load = [&] { load_template(folder / "room.vitrine"); };
  EXPECT_EQ(code_of(load), ErrorCode::corrupt_data);
  EXPECT_NE(message_of(load).find("room.vitrine"), std::string::npos);
}

TEST(TemplateFile, SaysThatAVersionIsNewer) {
  Bytes bytes = encode_template(rich_template());
  bytes[8] = 9;
  EXPECT_NE(message_of([&] { decode_template(bytes); }).find("version 9"), std::string::npos);
}

TEST(TemplateFile, IsReadAsItWasWrittenBeforeJpegScenes) {
  Bytes bytes = encode_template(rich_template());
  bytes[8] = 1;
  // The table's checksum, behind its entries.
  const std::size_t end = 16 + 32 * number_at<std::uint32_t>(bytes, 12);
  const auto sum = static_cast<std::uint32_t>(crc32_z(0, bytes.data(), end));
  for (std::size_t i = 0; i < 4; ++i) bytes[end + i] = static_cast<std::uint8_t>(sum >> (8 * i));
  EXPECT_EQ(decode_template(bytes).regions().size(), 3U);
}

TEST(TemplateFile, IsRefusedAtEveryLengthShortOfItsOwn) {
  const Bytes bytes = encode_template(rich_template());
  for (std::size_t length = 0; length < bytes.size(); length += length < 600 ? 1 : 37)
    EXPECT_EQ(code_of([&] { decode_template(ByteView(bytes).first(length)); }), ErrorCode::corrupt_data) << length;
}

TEST(TemplateFile, IsRefusedWithAnyByteChanged) {
  const Bytes bytes = encode_template(rich_template());
  std::mt19937 random(1);
  for (int i = 0; i < 400; ++i) {
    Bytes forged = bytes;
    const std::size_t at = i < 120 ? static_cast<std::size_t>(i) : random() % bytes.size();
    // Bytes 12 to 15 of each entry are reserved, but the table's checksum covers them.
    forged[at] ^= static_cast<std::uint8_t>(1U << (random() % 8));
    EXPECT_EQ(code_of([&] { decode_template(forged); }), ErrorCode::corrupt_data) << "byte " << at;
  }
}

}  // namespace
}  // namespace vitrine
