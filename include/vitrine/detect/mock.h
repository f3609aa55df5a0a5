#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vitrine/base/error.h"
#include "vitrine/base/export.h"
#include "vitrine/detect/detector.h"

namespace vitrine {

/// What the mock detector does, for users' unit tests.
struct MockDetectorOptions {
  /// Answered for every scene. Default: one region, the middle 40 % of the scene, label "mock_frame".
  std::optional<std::vector<Region>> regions{};
  std::string reason = "The mock detector was told to find nothing.";  ///< Given when `regions` is an empty list.
  std::optional<ErrorCode> error{};                                    ///< Thrown instead of an answer.
  std::chrono::milliseconds takes{0};                                  ///< Waits this long first; can be cancelled.
};

VITRINE_EXPORT std::unique_ptr<Detector> make_mock_detector(MockDetectorOptions options = {});

}  // namespace vitrine
