// Whole mockups against pictures that somebody has looked at. VITRINE_UPDATE_GOLDEN=1 writes them anew: then look again.
//
// Tolerance: one step of 255, which is what another instruction set's rounding may change; none where the artwork does not
// reach, since there the scene's bytes stay.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "support/test_images.h"
#include "vitrine/compose/perspective.h"
#include "vitrine/image/codec.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

constexpr Size kSize{200, 150};
const Quad kPlace{{{{40.3, 24.6}, {158.8, 36.2}, {152.1, 121.7}, {36.4, 128.9}}}};

using Rgb = std::array<std::uint8_t, 3>;

// A frame around kPlace on a striped wall; `inside` gives the colour of the place at a pixel.
template <typename Inside>
Image room(Inside inside) {
  Image scene(kSize, PixelFormat::rgb8);
  const MutableImageView view = scene.edit();
  for (int y = 0; y < kSize.height; ++y)
    for (int x = 0; x < kSize.width; ++x) {
      const double held = std::abs(signed_area(clip(quad_of({x, y, 1, 1}).corners, kPlace.corners)));
      const Rgb color = inside(x, y);
      const Rgb wall = x / 10 % 2 == 0 ? Rgb{150, 140, 128} : Rgb{158, 148, 136};
      const Quad frame{{{{33, 17}, {166, 30}, {159, 129}, {29, 137}}}};
      const bool framed = !clip(quad_of({x, y, 1, 1}).corners, frame.corners).empty();
      for (std::size_t c = 0; c < 3; ++c) {
        const double rest = framed ? 40 : wall[c];
        view.row(y)[3 * x + static_cast<int>(c)] = static_cast<std::uint8_t>(std::lround(held * color[c] + (1 - held) * rest));
      }
    }
  return scene;
}

Rgb lit_paper(int x, int /*y*/) {
  const std::uint8_t value = srgb8_from_linear(0.9F - 0.003F * static_cast<float>(x));
  return {value, value, value};
}

Image paper_with_leaf() {
  return room([](int x, int y) {
    const bool leaf = (x - 110) * (x - 110) / 9 + (y - 125) * (y - 125) / 25 < 60;
    return leaf ? Rgb{24, 84, 28} : lit_paper(x, y);
  });
}

Image key_with_fold() {
  return room([](int x, int /*y*/) { return x >= 95 && x < 98 ? Rgb{0, 188, 0} : Rgb{0, 255, 0}; });
}

Image render(const Image& scene, Shows shows, Fit fit) {
  Region region;
  region.quad = kPlace;
  region.shows = shows;
  const auto compositor = make_perspective_compositor();
  return compositor->render(compositor->prepare(scene, {region}),
                            {{wavy_image({420, 330}, PixelFormat::rgba8), 0, fit, {}}});
}

struct Difference {
  int inside = 0;
  int outside = 0;
};

Difference compare(const Image& mockup, const Image& golden) {
  Difference most;
  for (int y = 0; y < kSize.height; ++y)
    for (int x = 0; x < kSize.width; ++x) {
      const Quad reach{{{{37, 21}, {162, 33}, {156, 125}, {33, 132}}}};
      const bool outside = clip(quad_of({x, y, 1, 1}).corners, reach.corners).empty();
      for (int c = 0; c < 3; ++c) {
        const int apart = std::abs(int{sample(mockup, x, y, c)} - int{sample(golden, x, y, c)});
        int& largest = outside ? most.outside : most.inside;
        largest = std::max(largest, apart);
      }
    }
  return most;
}

struct Case {
  std::string name;
  Image (*make)();
};

class Golden : public ::testing::TestWithParam<Case> {
 protected:
  static Image expected(const Image& mockup) {
    const std::filesystem::path path = std::filesystem::path(VITRINE_GOLDEN_FOLDER) / GetParam().name / "mockup.png";
    if (std::getenv("VITRINE_UPDATE_GOLDEN") != nullptr) {
      std::filesystem::create_directories(path.parent_path());
      write_image(path, mockup);
    }
    return read_image(path);
  }
};

TEST_P(Golden, MockupIsAsItWasWhenSomebodyLooked) {
  const Image mockup = GetParam().make();
  const Difference most = compare(mockup, expected(mockup));
  EXPECT_LE(most.inside, 1);
  EXPECT_EQ(most.outside, 0);
}

TEST_P(Golden, AMockupShiftedByAPixelIsRejected) {
  const Image mockup = GetParam().make();
  Image shifted = mockup;
  const MutableImageView view = shifted.edit();
  for (int y = 0; y < kSize.height; ++y)
    for (int x = 0; x + 1 < kSize.width; ++x) std::copy_n(mockup.row(y) + 3 * (x + 1), 3, view.row(y) + 3 * x);
  const Difference most = compare(shifted, expected(mockup));
  EXPECT_GT(most.inside, 1);
  EXPECT_GT(most.outside, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, Golden,
    ::testing::Values(
        Case{"lit_paper", [] { return render(room(lit_paper), Shows::plain, Fit::cover); }},
        Case{"paper_behind_leaf", [] { return render(paper_with_leaf(), Shows::plain, Fit::contain); }},
        Case{"folded_key_colour", [] { return render(key_with_fold(), Shows::key, Fit::cover); }},
        Case{"print_replaced", [] { return render(room(lit_paper), Shows::filled, Fit::stretch); }}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace vitrine
