#pragma once

#include <memory>

#include "vitrine/base/export.h"
#include "vitrine/compose/compositor.h"

namespace vitrine {

/// The engine: one inverse map, exact area coverage at the edges, light and occluders from the scene.
VITRINE_EXPORT std::unique_ptr<Compositor> make_perspective_compositor();

}  // namespace vitrine
