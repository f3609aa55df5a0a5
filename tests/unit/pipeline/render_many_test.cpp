#include "vitrine/pipeline/render_many.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>

#include "support/errors.h"
#include "support/test_images.h"
#include "vitrine/compose/mock.h"
#include "vitrine/compose/perspective.h"

namespace vitrine {
namespace {

class RenderMany : public ::testing::Test {
 protected:
  // Artwork i is of red 40 i, room j of green 20 j.
  void ask_for(std::size_t artworks, std::size_t rooms) {
    for (std::size_t i = 0; i < artworks; ++i)
      request_.artworks.push_back([this, i] {
        ++decoded_[i];
        return plain_image({50, 40}, PixelFormat::rgb8, {static_cast<int>(40 * i), 0, 0});
      });
    for (std::size_t j = 0; j < rooms; ++j)
      request_.rooms.push_back([this, j] {
        ++made_[j];
        return compositor_->prepare(plain_image({60, 50}, PixelFormat::rgb8, {0, static_cast<int>(20 * j), 0}),
                                    {{.quad = quad_of({20, 20, 30, 20})}});
      });
    decoded_ = std::vector<std::atomic<int>>(artworks);
    made_ = std::vector<std::atomic<int>>(rooms);
    request_.encoding.format = FileFormat::png;
    request_.look.light = Light::flat;
  }

  void run() {
    render_many(request_, *compositor_, [this](ManyItem&& item) {
      const std::lock_guard lock(mutex_);
      const std::pair key{item.artwork, item.room};
      items_[key] = std::move(item);
    }, context_);
  }

  std::unique_ptr<Compositor> compositor_ = make_perspective_compositor();
  ManyRequest request_;
  Context context_;
  std::vector<std::atomic<int>> decoded_;
  std::vector<std::atomic<int>> made_;
  std::mutex mutex_;
  std::map<std::pair<std::size_t, std::size_t>, ManyItem> items_;
};

TEST_F(RenderMany, PutsEveryArtworkIntoEveryRoom) {
  ask_for(3, 4);
  run();
  ASSERT_EQ(items_.size(), 12U);
  for (const auto& [key, item] : items_) {
    const Image mockup = decode_image(item.bytes);
    EXPECT_EQ(pixel(mockup, 35, 30)[0], 40 * static_cast<int>(key.first));
    EXPECT_EQ(pixel(mockup, 5, 5)[1], 20 * static_cast<int>(key.second));
  }
}

TEST_F(RenderMany, MakesEachInputOnceWhereTheyFit) {
  ask_for(3, 4);
  run();
  for (const auto& count : decoded_) EXPECT_EQ(count, 1);
  for (const auto& count : made_) EXPECT_EQ(count, 1);
}

TEST_F(RenderMany, MakesRoomsOnceAndArtworksAgainWhereTheyDoNotFit) {
  ask_for(4, 6);
  request_.memory = 20'000;  // one room and one artwork of 9,000 and 6,000 bytes
  request_.threads = 1;
  run();
  EXPECT_EQ(items_.size(), 24U);
  for (const auto& count : made_) EXPECT_EQ(count, 1);
  EXPECT_GT(decoded_[0], 1);
}

TEST_F(RenderMany, WorksWithoutAnyMemoryToKeepThings) {
  ask_for(2, 3);
  request_.memory = 0;
  run();
  EXPECT_EQ(items_.size(), 6U);
}

TEST_F(RenderMany, FailsOnlyTheMockupsOfABadArtwork) {
  ask_for(2, 2);
  int tries = 0;
  request_.threads = 1;
  request_.artworks[0] = [&tries]() -> Image {
    ++tries;
    throw Error(ErrorCode::invalid_image, "It is torn.");
  };
  run();
  EXPECT_EQ((items_[{0, 0}].error), ErrorCode::invalid_image);
  EXPECT_EQ((items_[{0, 1}].message), "It is torn.");
  EXPECT_TRUE((items_[{0, 1}].bytes.empty()));
  EXPECT_FALSE((items_[{1, 1}].error));
  EXPECT_EQ(tries, 1);
}

TEST_F(RenderMany, FailsOnlyTheMockupsInABadRoom) {
  ask_for(2, 2);
  request_.rooms[1] = []() -> Template { throw Error(ErrorCode::not_found, "It is gone."); };
  run();
  EXPECT_FALSE((items_[{1, 0}].error));
  EXPECT_EQ((items_[{0, 1}].error), ErrorCode::not_found);
  EXPECT_EQ((items_[{1, 1}].message), "It is gone.");
}

TEST_F(RenderMany, SaysThatARegionDoesNotExist) {
  ask_for(1, 1);
  request_.region = 3;
  run();
  EXPECT_EQ((items_[{0, 0}].error), ErrorCode::invalid_image);
}

TEST_F(RenderMany, NeverHasMoreMockupsUnderWayThanThreads) {
  ask_for(4, 4);
  request_.threads = 3;
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  render_many(request_, *compositor_, [&](ManyItem&&) {
    const int now = ++inside;
    int seen = most;
    while (now > seen && !most.compare_exchange_weak(seen, now)) continue;
    --inside;
  }, context_);
  EXPECT_LE(most, 3);
}

TEST_F(RenderMany, EndsWithWhatTheReceiverThrows) {
  ask_for(3, 3);
  const auto refuse = [&](ManyItem&&) { throw Error(ErrorCode::disk_full, "No room."); };
  EXPECT_EQ(code_of([&] { render_many(request_, *compositor_, refuse, context_); }), ErrorCode::disk_full);
}

TEST_F(RenderMany, StopsWhenCancelled) {
  ask_for(3, 3);
  request_.threads = 1;
  int delivered = 0;
  const auto cancel = [&](ManyItem&&) { ++delivered, context_.cancel(); };
  EXPECT_EQ(code_of([&] { render_many(request_, *compositor_, cancel, context_); }), ErrorCode::cancelled);
  EXPECT_EQ(delivered, 1);
}

TEST_F(RenderMany, ReportsProgressToItsEnd) {
  ask_for(2, 2);
  double last = 0;
  context_.on_progress([&](double share) { last = share; });
  run();
  EXPECT_DOUBLE_EQ(last, 1);
}

TEST_F(RenderMany, DoesNothingForAnEmptyRequest) {
  run();
  EXPECT_TRUE(items_.empty());
}

}  // namespace
}  // namespace vitrine
