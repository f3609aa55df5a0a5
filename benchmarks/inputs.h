#pragma once

#include "vitrine/base/bytes.h"
#include "vitrine/image/geometry.h"
#include "vitrine/image/image.h"

namespace vitrine::bench {

/// Bytes of one of the files that bench_inputs wrote; their folder is in VITRINE_BENCH_INPUTS.
Bytes file(const char* name);

/// The same, decoded.
Image picture(const char* name);

/// Where the artwork goes in scene.jpg.
Quad quad();

}  // namespace vitrine::bench
