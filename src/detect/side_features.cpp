#include "detect/side_features.h"

#include <algorithm>
#include <cmath>

#include "detect/side_profile.h"

namespace vitrine {
namespace {

constexpr std::size_t kStations = 40;  // along a side
constexpr std::size_t kOffsets = 17;   // across it, from -8 to 8 pixels
constexpr std::size_t kSteps = 13;     // differences between two samples inside and two outside, from -6 to 6
constexpr std::size_t kMiddle = 6;     // the step at the side itself
constexpr float kNoise = 2;            // L*a*b* steps well below it count little

// Mean of the two samples at +1 and +2 less the mean of those at -2 and -1: inner less outer.
LabStep step_at(const LabStep* sample) { return (sample[3] + sample[4] - sample[0] - sample[1]) * 0.5f; }

double mean_of(const std::array<double, 4>& v) { return (v[0] + v[1] + v[2] + v[3]) / 4; }
double min_of(const std::array<double, 4>& v) { return *std::min_element(v.begin(), v.end()); }

double spread_of(const std::array<double, 4>& v) {
  const double mean = mean_of(v);
  double sum = 0;
  for (const double x : v) sum += (x - mean) * (x - mean);
  return std::sqrt(sum / 4);
}

double median_of(std::array<double, kStations> values) {
  const auto middle = values.begin() + kStations / 2;
  std::nth_element(values.begin(), middle, values.end());
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

bool inside(const WorkingScene& scene, Point p) {
  return p.x >= 0 && p.y >= 0 && p.x < scene.size.width && p.y < scene.size.height;
}

struct SideMeasure {
  double support = 0;
  double agreement = 0;
  double significance = 0;
  double certainty = 0;
  double step = 0;  // median
  LabStep mean_step{};
  double sharpness = 0;
  double rim_inside = 0;
  double rim_outside = 0;
  double outside = 0;  // share of samples beyond the scene's border
};

// Sums up the stations of one side.
class SideGauge {
 public:
  void add(const std::array<LabStep, kOffsets>& colors) {
    std::array<float, kSteps> lengths{};
    std::array<LabStep, kSteps> steps;
    for (std::size_t i = 0; i < kSteps; ++i) {
      steps[i] = step_at(&colors[i]);
      lengths[i] = length_of(steps[i]);
    }
    const auto near = std::max_element(lengths.begin() + kMiddle - 1, lengths.begin() + kMiddle + 2);
    const float far = std::max(*std::max_element(lengths.begin(), lengths.begin() + kMiddle - 1),
                               *std::max_element(lengths.begin() + kMiddle + 2, lengths.end()));
    if (*near >= 1.2f && *near >= 0.75f * far) ++peaks_;
    const LabStep step = steps[static_cast<std::size_t>(near - lengths.begin())];
    chosen_[count_] = step;
    length_[count_] = *near;
    ++count_;
    sum_ += step;
    soft_sum_ += step / (*near + kNoise);
    narrow_ += *near;
    wide_ += std::max(*near, length_of(colors[15] + colors[16] - colors[0] - colors[1]) * 0.5f);
    for (std::size_t o = 0; o < 5; ++o) outer_change_ += change(colors[o], colors[o + 1]);
    for (std::size_t o = 11; o + 1 < kOffsets; ++o) inner_change_ += change(colors[o], colors[o + 1]);
  }

  SideMeasure measure() const {
    SideMeasure m;
    m.support = static_cast<double>(peaks_) / kStations;
    m.mean_step = sum_ / static_cast<float>(kStations);
    double mean_length = 0;
    double variance = 0;
    for (std::size_t s = 0; s < kStations; ++s) {
      mean_length += length_[s] / kStations;
      const LabStep apart = chosen_[s] - m.mean_step;
      variance += static_cast<double>(dot(apart, apart)) / kStations;
    }
    const double norm = length_of(m.mean_step);
    m.agreement = norm / (mean_length + 0.3);
    m.significance = length_of(soft_sum_) / kStations;
    m.certainty = std::log1p(std::min(60.0, norm / (std::sqrt(variance) + 0.3) * std::sqrt(1.0 * kStations))) / 4;
    m.step = median_of(length_);
    m.sharpness = narrow_ / (wide_ + 0.5 * kStations);
    m.rim_inside = inner_change_ / (kStations * 5 * 3);
    m.rim_outside = outer_change_ / (kStations * 5 * 3);
    return m;
  }

 private:
  static double change(const LabStep& a, const LabStep& b) {
    return std::abs(a[0] - b[0]) + std::abs(a[1] - b[1]) + std::abs(a[2] - b[2]);
  }

  std::array<LabStep, kStations> chosen_;
  std::array<double, kStations> length_{};
  std::size_t count_ = 0;
  int peaks_ = 0;
  LabStep sum_{};
  LabStep soft_sum_{};
  double narrow_ = 0;
  double wide_ = 0;
  double inner_change_ = 0;
  double outer_change_ = 0;
};

SideMeasure measure_side(const WorkingScene& scene, const Side& side) {
  SideGauge gauge;
  int outside = 0;
  std::array<LabStep, kOffsets> colors;
  for (std::size_t s = 0; s < kStations; ++s) {
    const double share = 0.06 + 0.88 * static_cast<double>(s) / (kStations - 1);
    for (std::size_t o = 0; o < kOffsets; ++o) {
      const Point p = side.at(share, static_cast<double>(o) - 8);
      outside += inside(scene, p) ? 0 : 1;
      colors[o] = sample_lab(scene.lab, p);
    }
    gauge.add(colors);
  }
  SideMeasure measure = gauge.measure();
  measure.outside = static_cast<double>(outside) / (kStations * kOffsets);
  return measure;
}

// How clearly the side goes on between the two shares of its length; nothing where that leaves the scene.
double significance_beyond(const WorkingScene& scene, const Side& side, double from, double to) {
  constexpr int kCount = 8;
  std::array<LabStep, 3> sums{};
  std::array<LabStep, 9> colors;
  for (int s = 0; s < kCount; ++s) {
    const double share = from + (to - from) * s / (kCount - 1);
    for (std::size_t o = 0; o < colors.size(); ++o) {
      const Point p = side.at(share, static_cast<double>(o) - 4);
      if (!inside(scene, p)) return 0;
      colors[o] = sample_lab(scene.lab, p);
    }
    for (std::size_t i = 0; i < 3; ++i) {
      const LabStep step = step_at(&colors[i + 1]);
      sums[i] += step / (length_of(step) + kNoise);
    }
  }
  return std::max({length_of(sums[0]), length_of(sums[1]), length_of(sums[2])}) / kCount;
}

void set_beyond(QuadFeatures& features, const WorkingScene& scene, const Quad& quad) {
  std::array<double, 8> beyond{};
  for (std::size_t i = 0; i < 4; ++i) {
    const Side side = side_of(quad, i);
    beyond[2 * i] = significance_beyond(scene, side, -0.14, -0.03);
    beyond[2 * i + 1] = significance_beyond(scene, side, 1.03, 1.14);
  }
  double sum = 0;
  for (const double value : beyond) sum += value;
  std::nth_element(beyond.begin(), beyond.begin() + 6, beyond.end());
  features[Feature::beyond_mean] = sum / 8;
  features[Feature::beyond_max] = beyond[6];  // one stray edge past one corner is no sign
}

}  // namespace

QuadFeatures with_side_features(QuadFeatures features, const WorkingScene& scene, const Quad& quad) {
  std::array<SideMeasure, 4> sides;
  for (std::size_t i = 0; i < 4; ++i) sides[i] = measure_side(scene, side_of(quad, i));
  const auto each = [&](double SideMeasure::*value) {
    return std::array<double, 4>{sides[0].*value, sides[1].*value, sides[2].*value, sides[3].*value};
  };
  auto support = each(&SideMeasure::support);
  std::sort(support.begin(), support.end());
  features[Feature::support_min] = support[0];
  features[Feature::support_second] = support[1];
  features[Feature::support_mean] = mean_of(support);
  features[Feature::agreement_min] = min_of(each(&SideMeasure::agreement));
  features[Feature::agreement_mean] = mean_of(each(&SideMeasure::agreement));
  features[Feature::significance_min] = min_of(each(&SideMeasure::significance));
  features[Feature::significance_mean] = mean_of(each(&SideMeasure::significance));
  features[Feature::certainty_min] = min_of(each(&SideMeasure::certainty));
  features[Feature::certainty_mean] = mean_of(each(&SideMeasure::certainty));
  auto step = each(&SideMeasure::step);
  for (double& value : step) value = std::log1p(value);
  features[Feature::step_min] = min_of(step) / 4;
  features[Feature::step_mean] = mean_of(step) / 4;
  features[Feature::step_spread] = spread_of(step);
  features[Feature::sharpness_min] = min_of(each(&SideMeasure::sharpness));
  features[Feature::sharpness_mean] = mean_of(each(&SideMeasure::sharpness));
  LabStep sum{};
  double lengths = 0;
  for (const SideMeasure& side : sides) {
    sum += side.mean_step;
    lengths += length_of(side.mean_step);
  }
  features[Feature::same_step] = length_of(sum) / (lengths + 0.5);
  features[Feature::rim_inside] = std::log1p(mean_of(each(&SideMeasure::rim_inside)));
  features[Feature::rim_outside] = std::log1p(mean_of(each(&SideMeasure::rim_outside)));
  features[Feature::samples_outside] = mean_of(each(&SideMeasure::outside));
  set_beyond(features, scene, quad);
  return features;
}

}  // namespace vitrine
