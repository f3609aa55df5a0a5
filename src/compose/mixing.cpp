#include "compose/mixing.h"

namespace vitrine {

Mixing::Mixing(ImageView scene, const PreparedRegion& prepared, const Look& look) {
  if (prepared.backing != Backing::surface) return;
  if (look.blend != Blend::normal) mixer_ = std::make_unique<BlendMixer>(look.blend, look.blend_space);
  if (!look.ink) return;
  fabric_ = std::make_unique<const Fabric>(scene, prepared.region.quad);
  mixer_ = std::make_unique<InkMixer>(*fabric_, *look.ink);
  const bool flat = look.inner_shadow || look.bevel;
  if (look.ink->relief > 0 && !flat) relief_ = fabric_->relief(look.ink->relief);
}

std::optional<Bend> bend_of(const Region& region, const Placement& placement, const Mixing& mixing) {
  const Look& look = placement.look;
  if (look.cylinder) return Bend(region.quad, *look.cylinder);
  const bool framed = placement.fit == Fit::mat || look.inner_shadow || look.bevel;
  if (framed) return std::nullopt;
  if (region.label == "mug") return Bend(region.quad, Cylinder{});
  if (mixing.relief() != nullptr) return Bend(region.quad, *mixing.relief());
  return std::nullopt;
}

}  // namespace vitrine
