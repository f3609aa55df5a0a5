#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "vitrine/base/context.h"
#include "vitrine/base/error.h"
#include "vitrine/base/export.h"
#include "vitrine/compose/compositor.h"

namespace vitrine {

/// Every artwork into every room. Sources are called when their picture is needed, from the working threads, several at
/// once but each by one thread only.
struct ManyRequest {
  std::vector<std::function<Image()>> artworks;
  std::vector<std::function<Template()>> rooms;
  std::size_t region = 0;  ///< In each room.
  Fit fit = Fit::cover;
  Look look{};
  EncodeOptions encoding{};

  /// Bytes of decoded artworks and of rooms to keep, half each. More saves decoding an artwork again where artworks and
  /// rooms are many; what each thread works on comes on top.
  std::size_t memory = std::size_t{512} << 20U;
  int threads = 0;  ///< Mockups made side by side; 0: as many as there are cores.
};

/// One mockup, made or not.
struct ManyItem {
  std::size_t artwork = 0;
  std::size_t room = 0;
  Bytes bytes{};                     ///< The encoded mockup; empty if it failed.
  std::optional<Region> region{};    ///< Where the artwork went.
  std::optional<ErrorCode> error{};  ///< Set if it failed; misuse counts as invalid_image.
  std::string message{};
  double seconds = 0;
};

/// Makes them all and hands each to `deliver` as it is ready: in no order, from the working threads, several at once. A
/// thread makes its next mockup when `deliver` returns, so that a slow receiver slows the work and nothing piles up.
/// Makes each room once; decodes each artwork once, or if rooms do not fit in the memory, once for as many as do.
/// A source that throws fails each of its mockups with the same sentence. Memory does not grow with the number of
/// mockups. What `deliver` throws ends the work and comes out here. Throws Error: cancelled, deadline_exceeded.
VITRINE_EXPORT void render_many(const ManyRequest& request, const Compositor& compositor,
                                const std::function<void(ManyItem&&)>& deliver, Context& context);

}  // namespace vitrine
