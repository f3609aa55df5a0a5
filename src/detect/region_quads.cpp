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

double percentile(const cv::Mat& channel, double share) {
  std::vector<float> values(channel.begin<float>(), channel.end<float>());
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), nth, values.end());
  return *nth;
}

cv::Mat opened(const cv::Mat& mask) {
  cv::Mat result;
  cv::morphologyEx(mask, result, cv::MORPH_OPEN, cv::Mat::ones(3, 3, CV_8U));
  return result;
}

// Collects the quads of one small picture, in working pixels.
class RegionSearch {
 public:
  RegionSearch(const WorkingScene& scene, Context& context)
      : scene_(scene), context_(context), pixels_(static_cast<double>(scene.small_lab.total())) {
    cv::GaussianBlur(scene.small_lab, smooth_, cv::Size(), 1.0);
    cv::split(smooth_, planes_.data());
  }

  std::vector<Candidate> run() {
    search_between_edges();
    search_levels();
    search_local_contrast();
    search_one_color();
    return std::move(found_);
  }

 private:
  void keep(const Quad& quad_in_small, double fill, double reduction = 1) {
    Quad quad = quad_in_small;
    for (Point& p : quad.corners)
      p = {p.x * reduction / scene_.small_scale_x(), p.y * reduction / scene_.small_scale_y()};
    found_.push_back({quad, Placeholder::none, fill});
  }

  void take(const cv::Mat& mask, double min_fill, std::size_t max_count) {
    context_.check();
    AreaLimits limits;
    limits.min_area = kLeastShare * pixels_;
    limits.max_area = kMostShare * pixels_;
    limits.min_fill = min_fill;
    limits.max_count = max_count;
    for (const FilledQuad& filled : mask_quads(mask, limits)) keep(filled.quad, filled.fill);
  }

  void take_both_sides(const cv::Mat& channel, double level) {
    const cv::Mat above = channel > level;
    take(opened(above), 0.85, 12);
    take(opened(~above), 0.85, 12);
  }

  void search_between_edges();
  void take_outlines(const cv::Mat& edges);
  void search_levels();
  void search_local_contrast();
  void search_one_color();

  const WorkingScene& scene_;
  Context& context_;
  double pixels_;
  cv::Mat smooth_;
  std::array<cv::Mat, 3> planes_;
  std::vector<Candidate> found_;
};

struct SignedGradient {
  cv::Mat dx, dy;  // 16SC1
};

SignedGradient gradient_of(const cv::Mat& channel, double gain) {
  SignedGradient gradient;
  cv::Sobel(channel, gradient.dx, CV_32F, 1, 0, 3, gain);
  cv::Sobel(channel, gradient.dy, CV_32F, 0, 1, 3, gain);
  gradient.dx.convertTo(gradient.dx, CV_16S);
  gradient.dy.convertTo(gradient.dy, CV_16S);
  return gradient;
}

void RegionSearch::search_between_edges() {
  const std::array<SignedGradient, 3> gradients{gradient_of(planes_[0], 2.0), gradient_of(planes_[1], 2.5),
                                                gradient_of(planes_[2], 2.5)};
  constexpr std::array<std::array<double, 2>, 5> kThresholds{{{4, 8}, {8, 16}, {16, 32}, {32, 70}, {70, 150}}};
  for (const auto& [low, high] : kThresholds) {
    cv::Mat edges = cv::Mat::zeros(smooth_.size(), CV_8U);
    cv::Mat found;
    for (const SignedGradient& gradient : gradients) {
      context_.check();
      cv::Canny(gradient.dx, gradient.dy, found, low, high, true);
      edges |= found;
    }
    if (!scene_.small_alpha.empty()) {
      cv::Canny(scene_.small_alpha, found, 60, 120);
      edges |= found;
    }
    // Wider edges close gaps, but eat small areas: each width is tried.
    cv::Mat wide, wider;
    cv::dilate(edges, wide, cv::getStructuringElement(cv::MORPH_CROSS, cv::Size(3, 3)));
    cv::dilate(edges, wider, cv::Mat::ones(5, 5, CV_8U));
    for (const cv::Mat& barrier : {edges, wide, wider}) take(barrier == 0, 0.82, 40);
    take_outlines(edges);
  }
}

// The hulls of connected edges.
void RegionSearch::take_outlines(const cv::Mat& edges) {
  cv::Mat joined;
  cv::dilate(edges, joined, cv::Mat::ones(3, 3, CV_8U));
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(joined, contours, cv::RETR_LIST, cv::CHAIN_APPROX_SIMPLE);
  const double least = kLeastShare * pixels_;
  const double most = kMostShare * pixels_;
  std::erase_if(contours,
                [&](const auto& contour) { return contour.size() < 4 || cv::boundingRect(contour).area() < least; });
  std::stable_sort(contours.begin(), contours.end(), [](const auto& a, const auto& b) {
    return cv::boundingRect(a).area() > cv::boundingRect(b).area();
  });
  if (contours.size() > kMostContours) contours.resize(kMostContours);
  for (const auto& contour : contours) {
    std::vector<cv::Point> hull;
    cv::convexHull(contour, hull);
    const double hull_area = cv::contourArea(hull);
    if (hull_area <= least || hull_area >= most) continue;
    std::vector<cv::Point2f> points;
    for (const cv::Point& p : hull) points.emplace_back(static_cast<float>(p.x) + 0.5f, static_cast<float>(p.y) + 0.5f);
    const auto quad = hull_quad(points);
    if (quad && hull_area > 0.88 * area(*quad)) keep(*quad, 0.8);
  }
}

void RegionSearch::search_levels() {
  constexpr std::array<int, 3> kLevels{20, 8, 8};
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const double low = percentile(planes_[channel], 0.01);
    const double high = percentile(planes_[channel], 0.99);
    if (high - low < 2) continue;
    for (int i = 1; i <= kLevels[channel]; ++i)
      take_both_sides(planes_[channel], low + (high - low) * i / (kLevels[channel] + 1));
  }
}

// Lighter or darker than the neighbourhood, whatever the light on it.
void RegionSearch::search_local_contrast() {
  const cv::Mat& lightness = planes_[0];
  for (const double share : {0.04, 0.12}) {
    const int side = static_cast<int>(share * std::max(lightness.rows, lightness.cols)) * 2 + 1;
    cv::Mat mean, spread;
    cv::blur(lightness, mean, cv::Size(side, side));
    const cv::Mat apart = lightness - mean;
    cv::blur(apart.mul(apart), spread, cv::Size(side, side));
    cv::sqrt(cv::max(spread, 0), spread);
    const cv::Mat contrast = apart / (spread + 1);
    for (const double level : {-0.6, 0.0, 0.6}) take_both_sides(contrast, level);
  }
}

// Grown from a grid of seeds, with a fixed tolerance to the seed or a small one from pixel to pixel.
void RegionSearch::search_one_color() {
  cv::Mat quarter;
  cv::resize(scene_.small_lab, quarter, cv::Size(), 0.5, 0.5, cv::INTER_AREA);
  cv::GaussianBlur(quarter, quarter, cv::Size(), 1.0);
  const double reduction = static_cast<double>(scene_.small_lab.cols) / quarter.cols;
  AreaLimits limits;
  limits.min_area = kLeastShare * static_cast<double>(quarter.total());
  limits.max_area = kMostShare * static_cast<double>(quarter.total());
  limits.min_fill = 0.82;
  limits.max_count = 1;
  struct Growth {
    double tolerance;
    int flags;
  };
  for (const Growth growth : {Growth{3, cv::FLOODFILL_FIXED_RANGE}, Growth{6, cv::FLOODFILL_FIXED_RANGE},
                              Growth{12, cv::FLOODFILL_FIXED_RANGE}, Growth{0.7, 0}, Growth{1.5, 0}}) {
    cv::Mat done = cv::Mat::zeros(quarter.size(), CV_8U);
    for (int i = 0; i < 144; ++i) {
      if (i % 12 == 0) context_.check();
      const cv::Point seed((i % 12 + 1) * (quarter.cols - 1) / 13, (i / 12 + 1) * (quarter.rows - 1) / 13);
      if (done.at<std::uint8_t>(seed) != 0) continue;
      cv::Mat bordered = cv::Mat::zeros(quarter.rows + 2, quarter.cols + 2, CV_8U);
      const int grown =
          cv::floodFill(quarter, bordered, seed, cv::Scalar(), nullptr, cv::Scalar::all(growth.tolerance),
                        cv::Scalar::all(growth.tolerance), 4 | (255 << 8) | growth.flags | cv::FLOODFILL_MASK_ONLY);
      cv::Mat mask = bordered(cv::Rect(1, 1, quarter.cols, quarter.rows)).clone();
      done |= mask;
      if (grown <= limits.min_area || grown >= limits.max_area) continue;
      cv::morphologyEx(mask, mask, cv::MORPH_CLOSE, cv::Mat::ones(3, 3, CV_8U));
      for (const FilledQuad& filled : mask_quads(mask, limits)) keep(filled.quad, filled.fill, reduction);
    }
  }
}

}  // namespace

std::vector<Candidate> region_quads(const WorkingScene& scene, Context& context) {
  return RegionSearch(scene, context).run();
}

}  // namespace vitrine
