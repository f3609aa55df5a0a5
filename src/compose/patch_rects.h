#pragma once

#include <vector>

#include "image/patchable_jpeg.h"

namespace vitrine {

/// The parts of `scene` to take out so that each of `targets` lies in one: on its grid, apart from each other. Empty
/// targets need none.
std::vector<Rect> patch_rects(const PatchableJpeg& scene, const std::vector<Rect>& targets);

bool holds(const Rect& outer, const Rect& inner);

/// The patch's pixels for writing, addressed by the scene's pixels: only rows and columns inside patch.rect are there.
MutableImageView in_scene(JpegPatch& patch, Size scene);

}  // namespace vitrine
