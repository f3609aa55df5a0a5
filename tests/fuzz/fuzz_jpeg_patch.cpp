// Any bytes as a JPEG to be patched: what can be recoded decodes as before, takes a patch anywhere and decodes again.
#include <algorithm>
#include <cstdlib>

#include "image/patchable_jpeg.h"
#include "vitrine/base/error.h"

namespace {

constexpr std::size_t kMaxPixels = 40'000;  // for many tries a second

void require(bool holds) {
  if (!holds) std::abort();
}

vitrine::DecodeOptions limits() {
  vitrine::DecodeOptions options;
  options.max_pixels = kMaxPixels;
  options.max_metadata = 1u << 20u;
  return options;
}

// A rectangle that the bytes choose.
vitrine::Rect rect_of(vitrine::ByteView bytes, vitrine::Size size) {
  const auto at = [&](std::size_t i) { return i < bytes.size() ? int{bytes[bytes.size() - 1 - i]} : 0; };
  const vitrine::Rect rect{at(0) * (size.width - 1) / 255, at(1) * (size.height - 1) / 255, 1 + at(2), 1 + at(3)};
  return {rect.x, rect.y, std::min(rect.width, size.width - rect.x), std::min(rect.height, size.height - rect.y)};
}

void paint(vitrine::JpegPatch& patch) {
  const vitrine::MutableImageView view = patch.pixels.edit();
  for (int y = 0; y < view.size.height; y += 3)
    for (int x = 0; x < 3 * view.size.width; ++x) view.row(y)[x] = static_cast<std::uint8_t>(~view.row(y)[x]);
}

// Of a file from outside the coded pixels may be damaged, which shows only when they are decoded.
void patch(const vitrine::PatchableJpeg& jpeg, vitrine::ByteView choice) {
  const vitrine::Rect rect = jpeg.aligned(rect_of(choice, jpeg.size()));
  vitrine::JpegPatch patch = jpeg.patch(rect);
  require(patch.pixels.width() == rect.width && patch.pixels.height() == rect.height);
  const vitrine::Bytes same = jpeg.with({patch});
  require(std::equal(same.begin(), same.end(), jpeg.bytes().begin(), jpeg.bytes().end()));
  paint(patch);
  const vitrine::Bytes painted = jpeg.with({patch});
  require(vitrine::PatchableJpeg::open(painted, nullptr, {})->size() == jpeg.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const vitrine::ByteView bytes(data, size);
  try {
    const auto made = vitrine::PatchableJpeg::from(bytes, limits());
    require((made.jpeg == nullptr) != made.obstacle.empty());
    if (made.jpeg) patch(*made.jpeg, bytes);
  } catch (const vitrine::Error&) {
    // Refused, as most inputs should be.
  }
  try {
    patch(*vitrine::PatchableJpeg::open(bytes, nullptr, limits()), bytes);
  } catch (const vitrine::Error&) {
    // No file of ours.
  }
  return 0;
}
