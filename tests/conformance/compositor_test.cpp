#include "vitrine/compose/compositor.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/errors.h"
#include "support/test_images.h"
#include "vitrine/compose/mock.h"
#include "vitrine/compose/perspective.h"

namespace vitrine {
namespace {

struct Backend {
  std::string name;
  std::function<std::unique_ptr<Compositor>()> make;
};

class CompositorConformance : public ::testing::TestWithParam<Backend> {
 protected:
  const Compositor& compositor() const { return *compositor_; }
  Template room(PixelFormat format = PixelFormat::rgb8) const {
    return compositor().prepare(noise_image({80, 60}, format, 5), {region()});
  }
  static Region region() {
    Region region;
    region.quad = quad_of({20, 15, 40, 30});
    region.shows = Shows::filled;
    return region;
  }
  static Image red() { return plain_image({30, 30}, PixelFormat::rgb8, {220, 20, 20}); }

 private:
  std::unique_ptr<Compositor> compositor_ = GetParam().make();
};

TEST_P(CompositorConformance, KeepsTheScenesSize) {
  EXPECT_EQ(compositor().render(room(), {{red(), 0, Fit::cover, {}}}).size(), (Size{80, 60}));
}

TEST_P(CompositorConformance, PutsTheArtworksColourIntoTheRegion) {
  const Image mockup = compositor().render(room(), {{red(), 0, Fit::cover, {Light::flat}}});
  EXPECT_EQ(pixel(mockup, 40, 30), (std::array<int, 4>{220, 20, 20, 0}));
}

TEST_P(CompositorConformance, LeavesTheSceneOutsideTheRegion) {
  const Template scene = room();
  const Image mockup = compositor().render(scene, {{red(), 0, Fit::cover, {}}});
  EXPECT_EQ(pixel(mockup, 5, 5), pixel(scene.scene(), 5, 5));
  EXPECT_EQ(pixel(mockup, 79, 59), pixel(scene.scene(), 79, 59));
}

TEST_P(CompositorConformance, RendersNoPlacementAsTheScene) {
  const Template scene = room();
  EXPECT_EQ(largest_difference(compositor().render(scene, {}), scene.scene()), 0);
}

TEST_P(CompositorConformance, AcceptsATemplateWithoutRegions) {
  const Template scene = compositor().prepare(red(), {});
  EXPECT_TRUE(scene.regions().empty());
  EXPECT_EQ(compositor().render(scene, {}).size(), (Size{30, 30}));
}

TEST_P(CompositorConformance, DrawsPlacementsInOrder) {
  const Image blue = plain_image({30, 30}, PixelFormat::rgb8, {0, 0, 200});
  const Image mockup = compositor().render(room(), {{red(), 0, Fit::cover, {Light::flat}}, {blue, 0, Fit::cover, {Light::flat}}});
  EXPECT_EQ(pixel(mockup, 40, 30), (std::array<int, 4>{0, 0, 200, 0}));
}

TEST_P(CompositorConformance, TakesScenesAndArtworksOfEvery8BitFormat) {
  for (const PixelFormat format : {PixelFormat::gray8, PixelFormat::rgb8, PixelFormat::rgba8})
    EXPECT_NO_THROW(compositor().render(room(format), {{noise_image({9, 9}, format, 1), 0, Fit::contain, {}}}));
}

TEST_P(CompositorConformance, KeepsTheRegionsItWasGiven) {
  Region named = region();
  named.label = "poster";
  EXPECT_EQ(compositor().prepare(noise_image({80, 60}, PixelFormat::rgb8, 5), {named}).regions()[0].label, "poster");
}

TEST_P(CompositorConformance, RefusesARegionOutsideTheScene) {
  Region outside = region();
  outside.quad = quad_of({200, 200, 10, 10});
  EXPECT_THROW(compositor().prepare(red(), {outside}), std::invalid_argument);
}

TEST_P(CompositorConformance, RefusesAnEmptyScene) { EXPECT_THROW(compositor().prepare({}, {}), std::invalid_argument); }

TEST_P(CompositorConformance, RefusesAFloatScene) {
  EXPECT_THROW(compositor().prepare(Image({4, 4}, PixelFormat::rgb_f32), {}), std::invalid_argument);
}

TEST_P(CompositorConformance, RefusesAnEmptyArtwork) {
  EXPECT_THROW(compositor().render(room(), {{Image(), 0, Fit::cover, {}}}), std::invalid_argument);
}

TEST_P(CompositorConformance, RefusesAFloatArtwork) {
  EXPECT_THROW(compositor().render(room(), {{Image({4, 4}, PixelFormat::gray_f32), 0, Fit::cover, {}}}), std::invalid_argument);
}

TEST_P(CompositorConformance, RefusesARegionThatIsNotThere) {
  EXPECT_THROW(compositor().render(room(), {{red(), 1, Fit::cover, {}}}), std::invalid_argument);
}

TEST_P(CompositorConformance, RefusesAnOpacityOutOfRange) {
  Look look;
  look.opacity = 1.01;
  EXPECT_THROW(compositor().render(room(), {{red(), 0, Fit::cover, look}}), std::invalid_argument);
}

TEST_P(CompositorConformance, StopsForACancelledContext) {
  Context context;
  context.cancel();
  EXPECT_EQ(code_of([&] { compositor().render(room(), {{red(), 0, Fit::cover, {}}}, {}, context); }), ErrorCode::cancelled);
}

TEST_P(CompositorConformance, StopsAtTheDeadline) {
  Context context = Context::with_timeout(std::chrono::milliseconds(0));
  EXPECT_EQ(code_of([&] { compositor().render(room(), {{red(), 0, Fit::cover, {}}}, {}, context); }), ErrorCode::deadline_exceeded);
}

TEST_P(CompositorConformance, EncodesWhatItRenders) {
  Context context;
  EncodeOptions png;
  png.format = FileFormat::png;
  const Template scene = room();
  const Bytes bytes = compositor().render_encoded(scene, {{red(), 0, Fit::cover, {}}}, png, {}, context);
  EXPECT_EQ(largest_difference(decode_image(bytes), compositor().render(scene, {{red(), 0, Fit::cover, {}}})), 0);
}

TEST_P(CompositorConformance, ServesManyThreadsAtOnce) {
  const Template scene = room();
  const Image expected = compositor().render(scene, {{red(), 0, Fit::cover, {}}});
  std::vector<int> differences(4, -1);
  std::vector<std::jthread> threads;
  for (int& difference : differences)
    threads.emplace_back([&] { difference = largest_difference(compositor().render(scene, {{red(), 0, Fit::cover, {}}}), expected); });
  threads.clear();
  EXPECT_EQ(differences, std::vector<int>(4, 0));
}

INSTANTIATE_TEST_SUITE_P(Backends, CompositorConformance,
                         ::testing::Values(Backend{"perspective", [] { return make_perspective_compositor(); }},
                                           Backend{"mock", [] { return make_mock_compositor(); }}),
                         [](const auto& backend) { return backend.param.name; });

}  // namespace
}  // namespace vitrine
