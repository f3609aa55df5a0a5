#pragma once

#include "vitrine/pipeline/local_engine.h"

namespace vitrine {

/// The options with a worker's name in them. Throws std::invalid_argument for what an engine cannot work with.
LocalEngineOptions checked(LocalEngineOptions options, const JobKinds& kinds);

}  // namespace vitrine
