#pragma once

#include <memory>

#include "vitrine/base/clock.h"
#include "vitrine/base/export.h"
#include "vitrine/generate/generator.h"

namespace vitrine {

/// Makes scenes and artworks offline, at no cost: the default without a key. The prompt chooses seed and style by its
/// words ("line art", "photo", "text", "pattern"; "key colour", "empty room", …); same prompt and seed, same picture.
/// Scenes take the parameters surfaces (1 to 6), max_tilt_degrees (0 to 60) and covered (true or false). Pictures are
/// PNG. A task of another process can be resumed, since the picture is made when it is fetched.
VITRINE_EXPORT std::unique_ptr<ImageGenerator> make_procedural_generator(
    std::shared_ptr<Clock> clock = make_system_clock());

}  // namespace vitrine
