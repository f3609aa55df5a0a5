#pragma once

#include <cstdint>
#include <string_view>

#include "vitrine/generate/generator.h"
#include "vitrine/generate/procedural_artwork.h"
#include "vitrine/generate/procedural_scene.h"

namespace vitrine {

/// The request's own seed, or one that its prompt gives.
std::uint64_t seed_of(const GenerationRequest& request);

/// The style that the prompt names; if it names none, an opaque one that the seed picks.
ArtworkStyle style_of_words(std::string_view prompt, std::uint64_t seed);

/// Place, number of surfaces, cover and tilt as far as the prompt speaks of them; defaults otherwise.
SceneOptions scene_of_words(std::string_view prompt);

}  // namespace vitrine
