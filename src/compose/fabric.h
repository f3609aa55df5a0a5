#pragma once

#include <vector>

#include "compose/mixer.h"
#include "compose/relief.h"
#include "vitrine/image/image.h"

namespace vitrine {

/// What a piece of cloth shows of its folds and its weave: its luminance, split in two by an edge-aware filter.
class Fabric {
 public:
  /// Measures the cloth around `quad`.
  Fabric(ImageView scene, const Quad& quad);

  /// Its light at a pixel, as a share of that of its well-lit parts: the folds, and the weave over them.
  float folds(int x, int y) const { return folds_[index(x, y)]; }
  float weave(int x, int y) const { return weave_[index(x, y)]; }

  /// Linear light that white ink sends back where the folds are 1.
  float white() const { return white_; }

  /// The shift of what is printed on it, along the slopes of its folds.
  Relief relief(double strength) const;

 private:
  std::size_t index(int x, int y) const;

  Rect box_;
  double side_;  // geometric mean of the quad's, in pixels
  std::vector<float> folds_;
  std::vector<float> weave_;
  float white_ = 1;
};

/// Ink on a white underbase on cloth.
class InkMixer final : public Mixer {
 public:
  /// Borrows `fabric`.
  InkMixer(const Fabric& fabric, const Ink& ink) : fabric_(fabric), ink_(ink) {}
  Layer mix(const Layer& art, const Layer& surface, int x, int y) const override;

 private:
  const Fabric& fabric_;
  Ink ink_;
};

/// Guided filter with the picture as its own guide (He, Sun & Tang, Guided image filtering, PAMI 35(6), 2013): means over
/// squares of 2 radius + 1, keeping edges that are much larger than the square root of `epsilon`.
std::vector<float> edge_aware_mean(const std::vector<float>& values, Size size, int radius, float epsilon);

}  // namespace vitrine
