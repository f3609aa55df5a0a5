#include "compose/patch_rects.h"

#include <algorithm>
#include <cstdint>

namespace vitrine {
namespace {

bool overlap(const Rect& a, const Rect& b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

Rect joined(const Rect& a, const Rect& b) {
  const int x = std::min(a.x, b.x);
  const int y = std::min(a.y, b.y);
  return {x, y, std::max(a.x + a.width, b.x + b.width) - x, std::max(a.y + a.height, b.y + b.height) - y};
}

}  // namespace

std::vector<Rect> patch_rects(const PatchableJpeg& scene, const std::vector<Rect>& targets) {
  std::vector<Rect> rects;
  for (const Rect& target : targets) {
    if (target.empty()) continue;
    Rect rect = scene.aligned(target);
    // What it joins makes it larger, so that it may meet others that it did not meet before.
    for (auto met = rects.begin(); met != rects.end();) {
      if (!overlap(*met, rect)) {
        ++met;
        continue;
      }
      rect = joined(*met, rect);
      rects.erase(met);
      met = rects.begin();
    }
    rects.push_back(rect);
  }
  return rects;
}

bool holds(const Rect& outer, const Rect& inner) {
  return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width &&
         inner.y + inner.height <= outer.y + outer.height;
}

MutableImageView in_scene(JpegPatch& patch, Size scene) {
  MutableImageView view = patch.pixels.edit();
  // The scene's first pixel is in no memory of ours, so this is no arithmetic on a pointer.
  const auto first = reinterpret_cast<std::uintptr_t>(view.data) -
                     static_cast<std::uintptr_t>(patch.rect.y * view.stride + std::ptrdiff_t{3} * patch.rect.x);
  view.data = reinterpret_cast<std::uint8_t*>(first);
  view.size = scene;
  return view;
}

}  // namespace vitrine
