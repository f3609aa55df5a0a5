#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "vitrine/base/error.h"
#include "vitrine/base/export.h"
#include "vitrine/compose/compositor.h"

namespace vitrine {

/// What the mock compositor does, for users' unit tests.
struct MockCompositorOptions {
  std::optional<ErrorCode> render_error{};  ///< Thrown by render() instead of a mockup.
  std::chrono::milliseconds takes{0};     ///< Waits this long in render(); can be cancelled.
};

/// Fills each region's box with the artwork's mean colour: fast, and easy to assert on.
VITRINE_EXPORT std::unique_ptr<Compositor> make_mock_compositor(MockCompositorOptions options = {});

}  // namespace vitrine
