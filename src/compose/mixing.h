#pragma once

#include <memory>
#include <optional>

#include "compose/bend.h"
#include "compose/fabric.h"
#include "compose/mixer.h"
#include "compose/template_parts.h"
#include "vitrine/compose/compositor.h"

namespace vitrine {

/// What a look needs to know of the surface beyond what was prepared; measured when a look asks for it.
class Mixing {
 public:
  Mixing(ImageView scene, const PreparedRegion& prepared, const Look& look);

  const Mixer* mixer() const { return mixer_.get(); }                    ///< Nothing: the artwork covers the surface.
  const Relief* relief() const { return relief_ ? &*relief_ : nullptr; }  ///< Nothing: the surface is flat.

 private:
  std::unique_ptr<const Fabric> fabric_;
  std::unique_ptr<const Mixer> mixer_;
  std::optional<Relief> relief_;
};

/// How the surface bends; empty if it is flat. Borrows the relief of `mixing`.
std::optional<Bend> bend_of(const Region& region, const Placement& placement, const Mixing& mixing);

}  // namespace vitrine
