#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "vitrine/base/export.h"
#include "vitrine/compose/compositor.h"
#include "vitrine/image/homography.h"

namespace vitrine {

/// How true an artwork came out in a mockup. The part of the mockup that shows it is taken back to a flat sheet, its light is
/// divided out, and the sheet is compared with the artwork at the same size.
struct Fidelity {
  std::size_t region = 0;
  Quad quad{};                   ///< Where the artwork lies in the scene; its sides may bow between the corners.
  Quad source{};                 ///< The part of the artwork that is shown, in its pixels.
  Homography scene_from_artwork{};  ///< Exact on flat surfaces, through the corners on round ones.
  double scale = 0;              ///< Artwork pixels to a mockup pixel, along the axis that has fewer.
  double ratio_distortion = 0;   ///< How much wider or narrower it looks than it is: 0.03 is 3 %.
  std::array<double, 3> light{1, 1, 1};  ///< Mean of what multiplied its linear light, red, green, blue.

  double visible = 0;            ///< Share of the sheet that could be compared: opaque, not covered, in good light.
  double delta_e_median = 0;     ///< CIEDE2000 over that; 0 if nothing could be.
  double delta_e_95 = 0;         ///< Its 95th percentile.
  double ssim = 0;               ///< Structural similarity of its luma (Wang et al. 2004), 1: the same.
  double sharpness = 0;          ///< Contrast of its finest detail over that of the artwork, about 1 if kept.

  bool recoloured = false;       ///< Look asks for other colours (blend, ink, opacity): colour differences are meant.
  bool distorted = false;        ///< ratio_distortion is above 0.03.
  bool coarse = false;           ///< scale is below 0.5: the artwork has less than half the pixels its place can show.
};

/// Measures each placement of a mockup made by render(room, placements). Placements that overlap spoil each other's figures.
/// Throws std::invalid_argument for a mockup that is not 8-bit or not of the scene's size, or a placement that render()
/// refuses.
VITRINE_EXPORT std::vector<Fidelity> measure_fidelity(const Template& room, const std::vector<Placement>& placements,
                                                      ImageView mockup);

/// One JSON object: {"placements": [{"region", "quad", "delta_e_median", ..., "flags": ["distorted", "coarse"]}]}.
VITRINE_EXPORT std::string fidelity_json(const std::vector<Fidelity>& report);

}  // namespace vitrine
