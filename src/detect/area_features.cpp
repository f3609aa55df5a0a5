#include "detect/area_features.h"

#include <algorithm>
#include <cmath>

#include "detect/side_profile.h"
#include "vitrine/image/homography.h"

namespace vitrine {
namespace {

constexpr std::size_t kGrid = 20;
constexpr std::size_t kGridPoints = kGrid * kGrid;
constexpr std::size_t kRingPoints = 64;

using GridPoints = std::array<Point, kGridPoints>;

// Evenly over the surface as it is seen from the front, away from its rim.
GridPoints grid_on(const Quad& quad) {
  const Homography scene_from_unit = target_from_source(quad_of({0, 0, 1, 1}), quad);
  GridPoints points;
  for (std::size_t i = 0; i < kGridPoints; ++i) {
    const double u = 0.06 + 0.88 * static_cast<double>(i % kGrid) / (kGrid - 1);
    const double v = 0.06 + 0.88 * static_cast<double>(i / kGrid) / (kGrid - 1);
    points[i] = scene_from_unit(Point{u, v});
  }
  return points;
}

// On the quad enlarged by a fifth about its middle.
std::array<Point, kRingPoints> ring_around(const Quad& quad) {
  Point middle;
  for (const Point p : quad.corners) middle = {middle.x + p.x / 4, middle.y + p.y / 4};
  Quad large = quad;
  for (Point& p : large.corners) p = {middle.x + 1.2 * (p.x - middle.x), middle.y + 1.2 * (p.y - middle.y)};
  std::array<Point, kRingPoints> ring;
  for (std::size_t i = 0; i < kRingPoints; ++i)
    ring[i] = side_of(large, i / 16).at(static_cast<double>(i % 16) / 15, 0);
  return ring;
}

template <std::size_t n>
LabStep mean_of(const std::array<LabStep, n>& colors) {
  LabStep sum{};
  for (const LabStep& color : colors) sum += color;
  return sum / static_cast<float>(n);
}

// Standard deviations of the three channels, summed.
template <std::size_t n>
double spread_of(const std::array<LabStep, n>& colors, const LabStep& mean) {
  LabStep sum{};
  for (const LabStep& color : colors) sum += (color - mean) * (color - mean);
  return (std::sqrt(sum[0]) + std::sqrt(sum[1]) + std::sqrt(sum[2])) / std::sqrt(static_cast<float>(n));
}

// What is left of the colours when a plane is taken off each channel: light falls unevenly on plain things, too.
double residual_of_plane(const std::array<LabStep, kGridPoints>& colors, const LabStep& mean) {
  constexpr float kMiddle = (kGrid - 1) / 2.0f;
  LabStep by_u{};
  LabStep by_v{};
  float square = 0;
  const auto u_of = [](std::size_t i) { return static_cast<float>(i % kGrid) - kMiddle; };
  const auto v_of = [](std::size_t i) { return static_cast<float>(i / kGrid) - kMiddle; };
  for (std::size_t i = 0; i < kGridPoints; ++i) {
    square += u_of(i) * u_of(i);
    by_u += (colors[i] - mean) * u_of(i);
    by_v += (colors[i] - mean) * v_of(i);
  }
  double sum = 0;
  for (std::size_t i = 0; i < kGridPoints; ++i) {
    const LabStep left = colors[i] - mean - (by_u * u_of(i) + by_v * v_of(i)) / square;
    sum += dot(left, left);
  }
  return std::sqrt(sum / kGridPoints);
}

double share_transparent(const cv::Mat& alpha, std::span<const Point> points) {
  if (alpha.empty()) return 0;
  const auto transparent = [&](Point p) {
    const int x = std::clamp(static_cast<int>(std::floor(p.x)), 0, alpha.cols - 1);
    const int y = std::clamp(static_cast<int>(std::floor(p.y)), 0, alpha.rows - 1);
    return alpha.at<std::uint8_t>(y, x) < 128;
  };
  return static_cast<double>(std::count_if(points.begin(), points.end(), transparent)) /
         static_cast<double>(points.size());
}

LabStep set_inside(QuadFeatures& features, const WorkingScene& scene, const Quad& quad) {
  const GridPoints points = grid_on(quad);
  std::array<LabStep, kGridPoints> colors;
  double gradient = 0;
  int flat = 0;
  int calm = 0;
  for (std::size_t i = 0; i < kGridPoints; ++i) {
    colors[i] = sample_lab(scene.lab, points[i]);
    const Point in_small{points[i].x * scene.small_scale_x(), points[i].y * scene.small_scale_y()};
    const float steepness = value_at(scene.small_gradient, in_small);
    gradient += steepness;
    flat += steepness < 0.6f ? 1 : 0;
    calm += steepness < 2.0f ? 1 : 0;
  }
  const LabStep mean = mean_of(colors);
  features[Feature::inside_spread] = std::log1p(spread_of(colors, mean)) / 4;
  features[Feature::inside_gradient] = std::log1p(gradient / kGridPoints);
  features[Feature::inside_flat] = static_cast<double>(flat) / kGridPoints;
  features[Feature::inside_calm] = static_cast<double>(calm) / kGridPoints;
  features[Feature::inside_residual] = std::log1p(residual_of_plane(colors, mean)) / 3;
  features[Feature::inside_lightness] = mean[0] / 100;
  features[Feature::inside_dark] = std::max(0.0, 0.25 - mean[0] / 100) * 4;
  features[Feature::inside_chroma] = std::hypot(mean[1], mean[2]) / 50;
  features[Feature::inside_transparent] = share_transparent(scene.alpha, points);
  return mean;
}

void set_ring(QuadFeatures& features, const WorkingScene& scene, const Quad& quad, const LabStep& inside) {
  const std::array<Point, kRingPoints> ring = ring_around(quad);
  std::array<LabStep, kRingPoints> colors;
  std::array<double, kRingPoints> apart{};
  int outside = 0;
  for (std::size_t i = 0; i < kRingPoints; ++i) {
    const Point p = ring[i];
    colors[i] = sample_lab(scene.lab, p);
    apart[i] = length_of(colors[i] - inside);
    outside += p.x < 0 || p.y < 0 || p.x >= scene.size.width || p.y >= scene.size.height ? 1 : 0;
  }
  const auto middle = apart.begin() + kRingPoints / 2;
  std::nth_element(apart.begin(), middle, apart.end());
  const double median = (*std::max_element(apart.begin(), middle) + *middle) / 2;
  features[Feature::ring_contrast] = std::log1p(median) / 4;
  features[Feature::ring_spread] = std::log1p(spread_of(colors, mean_of(colors))) / 4;
  features[Feature::ring_outside] = static_cast<double>(outside) / kRingPoints;
  features[Feature::ring_transparent] = share_transparent(scene.alpha, ring);
}

// Sides that run level or upright, as a share.
double share_level(const std::array<Side, 4>& sides) {
  double level = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const double dx = std::abs(sides[i].end.x - sides[i].begin.x);
    const double dy = std::abs(sides[i].end.y - sides[i].begin.y);
    level += (i % 2 == 0 ? dy : dx) < 0.02 * sides[i].length() ? 0.25 : 0;
  }
  return level;
}

void set_shape(QuadFeatures& features, const Quad& quad) {
  std::array<Side, 4> sides;
  std::array<double, 4> length{};
  for (std::size_t i = 0; i < 4; ++i) {
    sides[i] = side_of(quad, i);
    length[i] = sides[i].length();
  }
  double skew = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const Point a = sides[i].inward;
    const Point b = sides[(i + 1) % 4].inward;
    skew = std::max(skew, std::abs(a.x * b.x + a.y * b.y));
  }
  features[Feature::opposite_ratio] =
      std::max(std::abs(std::log(length[0] / length[2])), std::abs(std::log(length[1] / length[3])));
  const double elongation = std::abs(std::log((length[0] + length[2]) / (length[1] + length[3])));
  features[Feature::elongation] = std::max(0.0, elongation - std::log(1.8));
  features[Feature::skew] = skew;
  features[Feature::level] = share_level(sides);
}

void set_place(QuadFeatures& features, const WorkingScene& scene, const Quad& quad) {
  const double size = std::sqrt(area(quad) / scene.pixels);
  features[Feature::size] = size;
  features[Feature::smallness] = std::max(0.0, 0.22 - size) * 5;
  Point middle{-0.5, -0.5};
  double margin = scene.diagonal;
  for (const Point p : quad.corners) {
    middle = {middle.x + p.x / scene.size.width / 4, middle.y + p.y / scene.size.height / 4};
    margin = std::min({margin, p.x, p.y, scene.size.width - p.x, scene.size.height - p.y});
  }
  features[Feature::off_centre] = std::hypot(middle.x, middle.y);
  features[Feature::low] = std::max(0.0, middle.y);
  features[Feature::near_border] = std::clamp((0.012 - margin / scene.diagonal) / 0.012, 0.0, 2.0);
}

}  // namespace

QuadFeatures with_area_features(QuadFeatures features, const WorkingScene& scene, const Quad& quad) {
  const LabStep inside = set_inside(features, scene, quad);
  set_ring(features, scene, quad, inside);
  set_shape(features, quad);
  set_place(features, scene, quad);
  return features;
}

}  // namespace vitrine
