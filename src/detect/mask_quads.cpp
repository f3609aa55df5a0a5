#include "detect/mask_quads.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "detect/connected_areas.h"
#include "detect/hull_quad.h"

namespace vitrine {
namespace {

bool touches_border(const cv::Rect& box, cv::Size size) {
  return box.x <= 0 || box.y <= 0 || box.br().x >= size.width || box.br().y >= size.height;
}

std::optional<FilledQuad> quad_around(const ConnectedArea& connected, double min_fill) {
  std::vector<cv::Point2f> hull;
  cv::convexHull(connected.outline, hull);
  if (connected.filled < min_fill * cv::contourArea(hull)) return std::nullopt;
  const auto quad = hull_quad(hull);
  if (!quad) return std::nullopt;
  const double fill = connected.filled / std::max(area(*quad), 1.0);
  if (fill < min_fill) return std::nullopt;
  return FilledQuad{*quad, fill};
}

}  // namespace

std::vector<FilledQuad> mask_quads(const cv::Mat& mask, const AreaLimits& limits) {
  std::vector<FilledQuad> quads;
  for (const ConnectedArea& connected :
       connected_areas(mask, limits.min_area, 1.05 * limits.max_area, limits.max_count)) {
    if (limits.at_border == AtBorder::left_out && touches_border(connected.box, mask.size())) continue;
    const auto filled = quad_around(connected, limits.min_fill);
    if (filled && area(filled->quad) < limits.max_area) quads.push_back(*filled);
  }
  return quads;
}

}  // namespace vitrine
