#include "pipeline/pixel_estimate.h"

namespace vitrine {
namespace {

constexpr std::size_t kBytesPerArtworkPixel = 10;
constexpr std::size_t kBytesPerScenePixel = 16;
constexpr std::size_t kFixed = 16u << 20u;  // working copies that do not grow with the picture

std::size_t pixels(Size size) { return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height); }

}  // namespace

std::size_t bytes_for_artwork(Size size) { return pixels(size) * kBytesPerArtworkPixel; }

std::size_t bytes_for_scene(Size size) { return kFixed + pixels(size) * kBytesPerScenePixel; }

}  // namespace vitrine
