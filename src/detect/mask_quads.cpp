#include "detect/mask_quads.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "detect/hull_quad.h"

namespace vitrine {
namespace {

struct Area {
  int label = 0;
  int pixels = 0;
  cv::Rect box;
};

std::vector<Area> largest_areas(const cv::Mat& stats, cv::Size size, const AreaLimits& limits) {
  std::vector<Area> areas;
  for (int label = 1; label < stats.rows; ++label) {
    const int* s = stats.ptr<int>(label);
    const cv::Rect box(s[cv::CC_STAT_LEFT], s[cv::CC_STAT_TOP], s[cv::CC_STAT_WIDTH], s[cv::CC_STAT_HEIGHT]);
    if (s[cv::CC_STAT_AREA] < limits.min_area || box.area() > 1.05 * limits.max_area) continue;
    const bool touches = box.x <= 0 || box.y <= 0 || box.br().x >= size.width || box.br().y >= size.height;
    if (touches && limits.at_border == AtBorder::left_out) continue;
    areas.push_back({label, s[cv::CC_STAT_AREA], box});
  }
  std::stable_sort(areas.begin(), areas.end(), [](const Area& a, const Area& b) { return a.pixels > b.pixels; });
  if (areas.size() > limits.max_count) areas.resize(limits.max_count);
  return areas;
}

// A contour runs through pixel centres; the area of the pixels themselves reaches half a pixel further.
double pixel_area(const std::vector<cv::Point>& contour) {
  return cv::contourArea(contour) + 0.5 * cv::arcLength(contour, true) + 1;
}

// The corners of the pixels in `hull`, which is relative to `origin`.
std::vector<cv::Point2f> pixel_corners(const std::vector<cv::Point>& hull, cv::Point origin) {
  std::vector<cv::Point2f> corners;
  corners.reserve(4 * hull.size());
  for (const cv::Point& p : hull)
    for (const cv::Point step : {cv::Point(0, 0), cv::Point(1, 0), cv::Point(1, 1), cv::Point(0, 1)})
      corners.emplace_back(p + origin + step);
  return corners;
}

std::optional<FilledQuad> quad_around(const cv::Mat& labels, const Area& area, double min_fill) {
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(labels(area.box) == area.label, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_SIMPLE);
  if (contours.empty()) return std::nullopt;
  const auto& outline = *std::max_element(contours.begin(), contours.end(), [](const auto& a, const auto& b) {
    return cv::contourArea(a) < cv::contourArea(b);
  });
  const double filled = pixel_area(outline);
  std::vector<cv::Point> hull;
  cv::convexHull(outline, hull);
  if (filled < min_fill * pixel_area(hull)) return std::nullopt;
  const auto quad = hull_quad(pixel_corners(hull, area.box.tl()));
  if (!quad) return std::nullopt;
  const double fill = filled / std::max(vitrine::area(*quad), 1.0);
  if (fill < min_fill) return std::nullopt;
  return FilledQuad{*quad, fill};
}

}  // namespace

std::vector<FilledQuad> mask_quads(const cv::Mat& mask, const AreaLimits& limits) {
  cv::Mat labels, stats, centres;
  cv::connectedComponentsWithStats(mask, labels, stats, centres, 4, CV_32S);
  std::vector<FilledQuad> quads;
  for (const Area& area : largest_areas(stats, mask.size(), limits)) {
    const auto filled = quad_around(labels, area, limits.min_fill);
    if (filled && vitrine::area(filled->quad) < limits.max_area) quads.push_back(*filled);
  }
  return quads;
}

}  // namespace vitrine
