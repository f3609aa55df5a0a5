#pragma once

#include <opencv2/core.hpp>
#include <vector>

namespace vitrine {

/// A 4-connected area of a mask.
struct ConnectedArea {
  int pixels = 0;
  cv::Rect box;
  std::vector<cv::Point2f> outline;  ///< Corners of its leftmost and rightmost pixels, row by row: they span its hull.

  /// Pixels between its outermost ones in each row, and in each column, the lesser sum: its area with holes filled.
  double filled = 0;
};

/// The areas of non-zero pixels in `mask` (8UC1) with at least `min_pixels` and a bounding box of at most `max_box`
/// pixels, largest first, at most `max_count`.
std::vector<ConnectedArea> connected_areas(const cv::Mat& mask, double min_pixels, double max_box,
                                           std::size_t max_count);

}  // namespace vitrine
