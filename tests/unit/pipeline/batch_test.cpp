#include "vitrine/pipeline/batch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>

#include "support/errors.h"
#include "support/temporary_folder.h"
#include "support/test_images.h"
#include "vitrine/base/file.h"
#include "vitrine/compose/mock.h"
#include "vitrine/compose/perspective.h"
#include "vitrine/detect/fixed.h"
#include "vitrine/detect/mock.h"

namespace vitrine {
namespace {

class RunBatch : public ::testing::Test {
 protected:
  RunBatch() {
    write_image(folder_ / "red.png", plain_image({40, 30}, PixelFormat::rgb8, {200, 0, 0}));
    write_image(folder_ / "blue.png", plain_image({30, 40}, PixelFormat::rgb8, {0, 0, 200}));
    write_image(folder_ / "room.png", plain_image({100, 80}, PixelFormat::rgb8, {90, 90, 90}));
    write_image(folder_ / "hall.png", plain_image({120, 90}, PixelFormat::rgb8, {60, 60, 60}));
    request_.artworks = {folder_ / "red.png", folder_ / "blue.png"};
    request_.scenes = {folder_ / "room.png", folder_ / "hall.png"};
    request_.output = folder_ / "out";
  }

  std::vector<BatchItem> run() {
    return run_batch(request_, *detector_, *make_perspective_compositor(), done_, context_);
  }

  TemporaryFolder folder_;
  BatchRequest request_;
  std::unique_ptr<Detector> detector_ = make_fixed_detector({quad_of({20, 20, 50, 40})});
  std::function<void(const BatchItem&)> done_;
  Context context_;
};

TEST_F(RunBatch, MakesEveryArtworkInEveryScene) {
  const auto items = run();
  ASSERT_EQ(items.size(), 4U);
  EXPECT_EQ(items[1].output, folder_ / "out" / "red__hall.jpg");
  EXPECT_EQ(items[2].output, folder_ / "out" / "blue__room.jpg");
  EXPECT_GT(pixel(read_image(items[2].output), 45, 40)[2], 150);
}

TEST_F(RunBatch, ReportsABadArtworkAndFinishesTheOthers) {
  write_file_atomically(folder_ / "blue.png", bytes_of("this is no image"));
  const auto items = run();
  EXPECT_FALSE(items[0].error);
  EXPECT_FALSE(items[1].error);
  EXPECT_EQ(items[2].error, ErrorCode::invalid_image);
  EXPECT_EQ(items[3].error, ErrorCode::invalid_image);
  EXPECT_NE(items[3].message.find("blue.png"), std::string::npos);
  EXPECT_TRUE(items[3].output.empty());
}

TEST_F(RunBatch, ReportsAMissingSceneByName) {
  request_.scenes[0] = folder_ / "gone.png";
  const auto items = run();
  EXPECT_EQ(items[0].error, ErrorCode::not_found);
  EXPECT_NE(items[0].message.find("gone.png"), std::string::npos);
  EXPECT_FALSE(items[1].error);
}

TEST_F(RunBatch, SaysWhyNothingSuitableWasFound) {
  MockDetectorOptions blind;
  blind.regions = std::vector<Region>{};
  blind.reason = "The wall is empty.";
  detector_ = make_mock_detector(blind);
  const auto items = run();
  EXPECT_EQ(items[0].error, ErrorCode::no_suitable_region);
  EXPECT_NE(items[0].message.find("The wall is empty."), std::string::npos);
}

TEST_F(RunBatch, UsesAGivenQuadInsteadOfTheDetector) {
  MockDetectorOptions blind;
  blind.regions = std::vector<Region>{};
  detector_ = make_mock_detector(blind);
  request_.quad = quad_of({5, 5, 20, 20});
  const auto items = run();
  ASSERT_FALSE(items[0].error) << items[0].message;
  EXPECT_EQ(items[0].region->quad, *request_.quad);
}

TEST_F(RunBatch, ReportsAQuadOutsideAScene) {
  request_.quad = quad_of({105, 20, 10, 10});
  const auto items = run();
  EXPECT_EQ(items[0].error, ErrorCode::invalid_image);
  EXPECT_NE(items[0].message.find("outside"), std::string::npos);
  EXPECT_FALSE(items[1].error);
}

TEST_F(RunBatch, TakesATemplateForAScene) {
  const auto compositor = make_perspective_compositor();
  Region region;
  region.quad = quad_of({10, 10, 30, 30});
  save_template(folder_ / "room.vitrine", compositor->prepare(read_image(folder_ / "room.png"), {region}));
  request_.scenes = {folder_ / "room.vitrine"};
  const auto items = run();
  ASSERT_FALSE(items[0].error) << items[0].message;
  EXPECT_EQ(items[0].region->quad, region.quad);
}

TEST_F(RunBatch, WritesOneFileByItsSuffix) {
  request_.artworks.resize(1);
  request_.scenes.resize(1);
  request_.output = folder_ / "mockup.webp";
  request_.output_is_folder = false;
  const auto items = run();
  EXPECT_EQ(sniff_format(read_file(items[0].output, 1 << 20)), FileFormat::webp);
}

TEST_F(RunBatch, WritesNoJpegUnderTheNameOfAnotherFormat) {
  request_.artworks.resize(1);
  request_.scenes.resize(1);
  request_.output = folder_ / "mockup.gif";
  request_.output_is_folder = false;
  const auto items = run();
  EXPECT_EQ(items[0].error, ErrorCode::invalid_image);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "mockup.gif"));
}

TEST_F(RunBatch, RefusesManyMockupsForOneFile) {
  request_.output_is_folder = false;
  EXPECT_THROW(run(), std::invalid_argument);
}

TEST_F(RunBatch, RefusesTwoMockupsOfOneName) {
  request_.artworks[1] = folder_ / "red.jpg";
  EXPECT_THROW(run(), std::invalid_argument);
}

TEST_F(RunBatch, RefusesAnEmptyRequest) {
  request_.scenes.clear();
  EXPECT_THROW(run(), std::invalid_argument);
}

TEST_F(RunBatch, TellsOfEachItemAsItIsReady) {
  int told = 0;
  done_ = [&](const BatchItem&) { ++told; };
  run();
  EXPECT_EQ(told, 4);
}

TEST_F(RunBatch, ReportsProgressToItsEnd) {
  double last = 0;
  context_.on_progress([&](double share) { last = share; });
  run();
  EXPECT_DOUBLE_EQ(last, 1);
}

TEST_F(RunBatch, LeavesNoHalfWrittenFileWhenCancelled) {
  done_ = [&](const BatchItem&) { context_.cancel(); };
  request_.threads = 1;
  EXPECT_EQ(code_of([&] { run(); }), ErrorCode::cancelled);
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "out")) EXPECT_NO_THROW(read_image(entry.path()));
}

TEST_F(RunBatch, ManyArtworksAndScenesAllArrive) {
  request_.artworks.clear();
  request_.scenes.clear();
  for (int i = 0; i < 11; ++i) {
    request_.artworks.push_back(folder_ / ("art" + std::to_string(i) + ".png"));
    write_image(request_.artworks.back(), plain_image({8, 8}, PixelFormat::rgb8, {i * 20, 0, 0}));
    request_.scenes.push_back(folder_ / ("scene" + std::to_string(i) + ".png"));
    write_image(request_.scenes.back(), plain_image({90, 90}, PixelFormat::rgb8, {0, i * 20, 0}));
  }
  request_.encoding.format = FileFormat::png;
  request_.look.light = Light::flat;
  const auto items = run();
  ASSERT_EQ(items.size(), 121U);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Image mockup = read_image(items[i].output);
    EXPECT_EQ(pixel(mockup, 45, 40)[0], static_cast<int>(i / 11) * 20);
    EXPECT_EQ(pixel(mockup, 5, 5)[1], static_cast<int>(i % 11) * 20);
  }
}

TEST_F(RunBatch, GivesTheSameFilesOnAnyNumberOfThreads) {
  request_.threads = 1;
  std::vector<Bytes> first;
  for (const auto& item : run()) first.push_back(read_file(item.output, 1 << 20));
  request_.threads = 4;
  std::vector<Bytes> second;
  for (const auto& item : run()) second.push_back(read_file(item.output, 1 << 20));
  EXPECT_EQ(first, second);
}

}  // namespace
}  // namespace vitrine
