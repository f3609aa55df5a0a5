#pragma once

#include <opencv2/core.hpp>

#include "vitrine/image/geometry.h"
#include "vitrine/image/image.h"

namespace vitrine {

/// The scene at the size that detection works on, in the forms that its stages read. Coordinates of working pixels
/// follow the same rule as those of the scene: the centre of the first is (0.5, 0.5), where OpenCV says (0, 0).
struct WorkingScene {
  Size size;           ///< Never larger than the scene.
  double scale_x = 1;  ///< Working pixels per scene pixel.
  double scale_y = 1;
  double diagonal = 0;  ///< In working pixels.
  double pixels = 0;

  cv::Mat lab;    ///< 32FC4, lightly smoothed CIE L*a*b* (D65) and a zero: what sides are measured on.
  cv::Mat alpha;  ///< 8UC1; empty where all is opaque.

  // At about half the working size, where whole areas are looked for. Transparency is laid on a ground that contrasts
  // with what is visible.
  cv::Mat small_rgb;       ///< 8UC3
  cv::Mat small_lab;       ///< 32FC4, not smoothed.
  cv::Mat small_alpha;     ///< 8UC1; empty where `alpha` is.
  cv::Mat small_gradient;  ///< 32FC1, length of the smoothed L*a*b* gradient per working pixel.

  double small_scale_x() const { return static_cast<double>(small_lab.cols) / size.width; }
  double small_scale_y() const { return static_cast<double>(small_lab.rows) / size.height; }

  Quad to_scene(const Quad& quad_in_working) const;
  Quad from_small(const Quad& quad_in_small) const;
};

/// Reduces `scene` by area so that its long side has at most `working_side` pixels.
WorkingScene make_working_scene(ImageView scene, int working_side);

/// The share of opaque pixels, in [0, 1].
double visible_share(const WorkingScene& scene);

/// `image` as an OpenCV matrix over the same pixels, 8UC1, 8UC3 or 8UC4. Rows must run downward in memory.
cv::Mat borrowed_matrix(ImageView image);

}  // namespace vitrine
