#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/context.h"
#include "vitrine/base/export.h"
#include "vitrine/image/region.h"

namespace vitrine {

/// Why a detector, or a policy, gives no answer.
enum class Abstention {
  none,            ///< It answers.
  no_candidate,    ///< Nothing in the scene looks like a surface.
  not_sure,        ///< The best candidate is not good enough.
  filtered,        ///< Good candidates were there; the policy accepts none of them.
  unusable_scene,  ///< The scene is too small or has no visible pixel.
};

VITRINE_EXPORT std::string_view name_of(Abstention abstention) noexcept;

/// What a detector says of a scene.
struct Detection {
  /// Best first: each surface once, then runners-up, marked `alternative`. Empty if it abstains.
  std::vector<Region> regions{};

  /// What was found but not believed, best first, for people who want to know why; never placed on by itself.
  std::vector<Region> rejected{};

  Abstention abstention = Abstention::none;  ///< Set if and only if `regions` is empty.
  std::string reason{};                      ///< The same in sentences, with what to do about it.

  // Reads as the list of its regions.
  auto begin() const { return regions.begin(); }
  auto end() const { return regions.end(); }
  std::size_t size() const { return regions.size(); }
  bool empty() const { return regions.empty(); }
  const Region& operator[](std::size_t i) const { return regions[i]; }
  operator const std::vector<Region>&() const { return regions; }
};

/// Finds the surfaces in a scene that can carry an artwork. Safe to call from many threads at once.
class VITRINE_EXPORT Detector {
 public:
  Detector() = default;
  virtual ~Detector() = default;
  Detector(const Detector&) = delete;
  Detector& operator=(const Detector&) = delete;

  /// Finding nothing is no error: the answer then has no regions and says why. Borrows `scene`, an 8-bit image of any
  /// format, for the call. Cancel is noticed within 50 ms. Throws Error: cancelled, deadline_exceeded,
  /// model_unavailable; std::invalid_argument for an empty or float image.
  virtual Detection detect(ImageView scene, Context& context) const = 0;

  Detection detect(ImageView scene) const;  ///< The same with a context that never ends.
};

}  // namespace vitrine
