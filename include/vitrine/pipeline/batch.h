#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "vitrine/base/context.h"
#include "vitrine/base/error.h"
#include "vitrine/base/export.h"
#include "vitrine/compose/compositor.h"
#include "vitrine/detect/detector.h"
#include "vitrine/detect/region_policy.h"
#include "vitrine/image/codec.h"

namespace vitrine {

/// Every artwork into every scene.
struct BatchRequest {
  std::vector<std::filesystem::path> artworks;
  std::vector<std::filesystem::path> scenes;  ///< Pictures or .vitrine templates.

  /// One file (only for one artwork and one scene), or a folder, which is made if it is missing: files are then named
  /// <artwork>__<scene>.<suffix>. Two that would get one name are refused before the work starts.
  std::filesystem::path output;
  bool output_is_folder = true;

  std::optional<Quad> quad;  ///< Used in every scene instead of detection.
  Fit fit = Fit::cover;
  Look look;
  RegionPolicy policy;
  EncodeOptions encoding;
  DecodeOptions decoding;
  int threads = 0;  ///< Mockups made side by side; 0: as many as there are cores.
  std::size_t memory = std::size_t{512} << 20U;  ///< As ManyRequest::memory.
};

/// One mockup of a batch, made or not.
struct BatchItem {
  std::filesystem::path artwork;
  std::filesystem::path scene;
  std::filesystem::path output;       ///< Where it was written; empty if it failed.
  std::optional<Region> region;       ///< Where the artwork went.
  std::optional<ErrorCode> error;     ///< Set if it failed; misuse counts as invalid_image.
  std::string message;
  double seconds = 0;
};

/// Makes them all, as render_many() does, and writes them to files. What fails is reported in its item and the others are
/// finished; an artwork or a scene that cannot be read fails each of its mockups with the same sentence. Items come back
/// in order, artworks outermost; `done` is told of each as it is ready, from the working threads, one at a time. JPEG
/// scenes are prepared as such, so that their mockups may be patched. Throws std::invalid_argument for an empty or
/// clashing request; Error: cancelled and deadline_exceeded, with no half-written file left.
VITRINE_EXPORT std::vector<BatchItem> run_batch(const BatchRequest& request, const Detector& detector,
                                                const Compositor& compositor,
                                                const std::function<void(const BatchItem&)>& done, Context& context);

}  // namespace vitrine
