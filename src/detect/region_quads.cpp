#include "detect/region_quads.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "detect/hull_quad.h"
#include "detect/mask_quads.h"

namespace vitrine {
namespace {

constexpr double kLeastShare = 0.006;  // of the scene
constexpr double kMostShare = 0.92;
constexpr std::size_t kMostContours = 400;  // of one edge map, the largest

// Gradients of lightness and colour, scaled so that steps that are seen alike weigh alike.
constexpr std::array<double, 3> kGain{2.0, 2.5, 2.5};

// Thresholds of Canny's edges in those gradients, from faint to strong.
constexpr std::array<std::array<double, 2>, 5> kThresholds{{{4, 8}, {8, 16}, {16, 32}, {32, 70}, {70, 150}}};

struct SignedGradient {
  cv::Mat dx, dy;  // 16SC1
};

// Of the channel that changes most at each pixel.
SignedGradient strongest_gradient(const cv::Mat& lab) {
  cv::Mat dx, dy;
  cv::Sobel(lab, dx, CV_32F, 1, 0);
  cv::Sobel(lab, dy, CV_32F, 0, 1);
  SignedGradient gradient{cv::Mat(lab.size(), CV_16S), cv::Mat(lab.size(), CV_16S)};
  for (int y = 0; y < lab.rows; ++y) {
    const float* gx = dx.ptr<float>(y);
    const float* gy = dy.ptr<float>(y);
    for (int x = 0; x < lab.cols; ++x, gx += 4, gy += 4) {
      std::size_t strongest = 0;
      double most = -1;
      for (std::size_t c = 0; c < 3; ++c) {
        const double square = kGain[c] * kGain[c] * (gx[c] * gx[c] + gy[c] * gy[c]);
        if (square > most) {
          most = square;
          strongest = c;
        }
      }
      gradient.dx.at<short>(y, x) = cv::saturate_cast<short>(kGain[strongest] * gx[strongest]);
      gradient.dy.at<short>(y, x) = cv::saturate_cast<short>(kGain[strongest] * gy[strongest]);
    }
  }
  return gradient;
}

std::vector<Quad> between_edges(const cv::Mat& barrier, double pixels) {
  AreaLimits limits;
  limits.min_area = kLeastShare * pixels;
  limits.max_area = kMostShare * pixels;
  limits.min_fill = 0.82;
  std::vector<Quad> quads;
  for (const FilledQuad& filled : mask_quads(barrier == 0, limits)) quads.push_back(filled.quad);
  return quads;
}

std::vector<std::vector<cv::Point>> large_contours(const cv::Mat& mask, double least_box) {
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(mask, contours, cv::RETR_LIST, cv::CHAIN_APPROX_SIMPLE);
  const auto box_area = [](const std::vector<cv::Point>& contour) { return cv::boundingRect(contour).area(); };
  std::erase_if(contours, [&](const auto& contour) { return contour.size() < 4 || box_area(contour) < least_box; });
  std::stable_sort(contours.begin(), contours.end(),
                   [&](const auto& a, const auto& b) { return box_area(a) > box_area(b); });
  if (contours.size() > kMostContours) contours.resize(kMostContours);
  return contours;
}

// Around connected edges, whatever lies between them.
std::vector<Quad> around_edges(const cv::Mat& edges, double pixels) {
  cv::Mat joined;
  cv::dilate(edges, joined, cv::Mat::ones(3, 3, CV_8U));
  const double least = kLeastShare * pixels;
  const double most = kMostShare * pixels;
  std::vector<Quad> quads;
  for (const auto& contour : large_contours(joined, least)) {
    std::vector<cv::Point> hull;
    cv::convexHull(contour, hull);
    const double hull_area = cv::contourArea(hull);
    if (hull_area <= least || hull_area >= most) continue;
    std::vector<cv::Point2f> points;
    for (const cv::Point& p : hull) points.emplace_back(static_cast<float>(p.x) + 0.5f, static_cast<float>(p.y) + 0.5f);
    const auto quad = hull_quad(points);
    if (quad && hull_area > 0.88 * area(*quad)) quads.push_back(*quad);
  }
  return quads;
}

}  // namespace

std::vector<Candidate> region_quads(const WorkingScene& scene, Context& context) {
  cv::Mat smooth;
  cv::GaussianBlur(scene.small_lab, smooth, cv::Size(5, 5), 1.0);
  const SignedGradient gradient = strongest_gradient(smooth);
  const double pixels = static_cast<double>(smooth.total());
  std::vector<Candidate> found;
  const auto keep = [&](const std::vector<Quad>& quads) {
    context.check();
    for (const Quad& quad : quads) found.push_back({scene.from_small(quad), Placeholder::none, 0});
  };
  cv::Mat transparency_edges;
  if (!scene.small_alpha.empty()) cv::Canny(scene.small_alpha, transparency_edges, 60, 120);
  for (const auto& [low, high] : kThresholds) {
    cv::Mat edges;
    cv::Canny(gradient.dx, gradient.dy, edges, low, high, true);
    if (!transparency_edges.empty()) edges |= transparency_edges;
    // Wider edges close gaps, but eat small areas: each width is tried.
    cv::Mat wide, wider;
    cv::dilate(edges, wide, cv::getStructuringElement(cv::MORPH_CROSS, cv::Size(3, 3)));
    cv::dilate(edges, wider, cv::Mat::ones(5, 5, CV_8U));
    for (const cv::Mat& barrier : {edges, wide, wider}) keep(between_edges(barrier, pixels));
    keep(around_edges(edges, pixels));
  }
  return found;
}

}  // namespace vitrine
