#pragma once

#include "compose/blend.h"

namespace vitrine {

/// How artwork and surface become one colour where the one does not simply cover the other.
class Mixer {
 public:
  Mixer() = default;
  virtual ~Mixer() = default;
  Mixer(const Mixer&) = delete;
  Mixer& operator=(const Mixer&) = delete;

  /// The surface at scene pixel (x, y) with `art` on it. Safe from many threads at once.
  virtual Layer mix(const Layer& art, const Layer& surface, int x, int y) const = 0;
};

/// One of the blend modes.
class BlendMixer final : public Mixer {
 public:
  BlendMixer(Blend blend, BlendSpace space) : blend_(blend), space_(space) {}
  Layer mix(const Layer& art, const Layer& surface, int /*x*/, int /*y*/) const override {
    return blended(art, surface, blend_, space_);
  }

 private:
  Blend blend_;
  BlendSpace space_;
};

}  // namespace vitrine
