#include "detect/placeholder_quads.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "detect/mask_quads.h"

namespace vitrine {
namespace {

constexpr double kLeastShare = 0.004;  // of the scene
constexpr int kHueBins = 72;           // of 5 degrees

std::vector<Candidate> as_candidates(const WorkingScene& scene, const std::vector<FilledQuad>& quads,
                                     Placeholder placeholder) {
  std::vector<Candidate> candidates;
  for (const FilledQuad& filled : quads)
    candidates.push_back({scene.from_small(filled.quad), placeholder, filled.fill});
  return candidates;
}

void append(std::vector<Candidate>& all, const std::vector<Candidate>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

cv::Mat opened(const cv::Mat& mask) {
  cv::Mat result;
  cv::morphologyEx(mask, result, cv::MORPH_OPEN, cv::Mat::ones(3, 3, CV_8U));
  return result;
}

cv::Mat visible_mask(const WorkingScene& scene) {
  return scene.small_alpha.empty() ? cv::Mat(scene.small_rgb.size(), CV_8U, cv::Scalar(255))
                                   : cv::Mat(scene.small_alpha > 200);
}

cv::Mat white_mask(const WorkingScene& scene, const cv::Mat& visible) {
  cv::Mat white;
  cv::inRange(scene.small_rgb, cv::Scalar::all(250), cv::Scalar::all(255), white);
  return opened(white & visible);
}

struct HueAndChroma {
  cv::Mat hue;     // degrees
  cv::Mat chroma;  // length of (a*, b*)
};

HueAndChroma hue_and_chroma(const cv::Mat& lab) {
  std::array<cv::Mat, 4> planes;
  cv::split(lab, planes.data());
  HueAndChroma result;
  cv::cartToPolar(planes[1], planes[2], result.chroma, result.hue, true);
  return result;
}

using Histogram = std::array<double, kHueBins>;

Histogram hue_histogram(const HueAndChroma& color, const cv::Mat& visible) {
  Histogram bins{};
  for (int y = 0; y < visible.rows; ++y) {
    const float* hue = color.hue.ptr<float>(y);
    const float* chroma = color.chroma.ptr<float>(y);
    const std::uint8_t* seen = visible.ptr(y);
    for (int x = 0; x < visible.cols; ++x)
      if (seen[x] != 0 && chroma[x] > 10) ++bins[static_cast<std::size_t>(hue[x] / 5) % kHueBins];
  }
  return bins;
}

Histogram smoothed(const Histogram& bins) {
  Histogram smooth{};
  for (std::size_t i = 0; i < kHueBins; ++i)
    smooth[i] = bins[i] + bins[(i + 1) % kHueBins] + bins[(i + kHueBins - 1) % kHueBins];
  return smooth;
}

// The middles of the commonest hues, in degrees.
std::vector<double> hue_peaks(const Histogram& bins, double least_pixels) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < kHueBins; ++i)
    if (bins[i] > least_pixels && bins[i] >= std::max(bins[(i + 1) % kHueBins], bins[(i + kHueBins - 1) % kHueBins]))
      order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return bins[a] > bins[b]; });
  if (order.size() > 4) order.resize(4);
  std::vector<double> peaks;
  for (const std::size_t bin : order) peaks.push_back((static_cast<double>(bin) + 0.5) * 5);
  return peaks;
}

struct HueRange {
  float middle;      // degrees
  float tolerance;   // degrees
  float min_chroma;  // greyer pixels have no hue to speak of
};

cv::Mat hue_mask(const HueAndChroma& color, const cv::Mat& visible, HueRange range) {
  cv::Mat mask(visible.size(), CV_8U);
  for (int y = 0; y < visible.rows; ++y) {
    const float* hue = color.hue.ptr<float>(y);
    const float* chroma = color.chroma.ptr<float>(y);
    const std::uint8_t* seen = visible.ptr(y);
    std::uint8_t* out = mask.ptr(y);
    for (int x = 0; x < visible.cols; ++x) {
      const float apart = std::abs(hue[x] - range.middle);
      const bool inside = std::min(apart, 360 - apart) < range.tolerance && chroma[x] > range.min_chroma;
      out[x] = inside && seen[x] != 0 ? 255 : 0;
    }
  }
  return opened(mask);
}

}  // namespace

std::vector<Candidate> placeholder_quads(const WorkingScene& scene, Context& context) {
  std::vector<Candidate> candidates;
  AreaLimits limits;
  limits.min_area = kLeastShare * static_cast<double>(scene.small_lab.total());
  if (!scene.small_alpha.empty()) {
    AreaLimits enclosed = limits;
    enclosed.max_count = 12;
    enclosed.min_fill = 0.7;
    enclosed.at_border = AtBorder::left_out;
    append(candidates, as_candidates(scene, mask_quads(scene.small_alpha < 128, enclosed), Placeholder::hole));
  }
  context.check();
  const cv::Mat visible = visible_mask(scene);
  limits.max_count = 8;
  append(candidates, as_candidates(scene, mask_quads(white_mask(scene, visible), limits), Placeholder::blank));

  limits.max_count = 4;
  limits.min_fill = 0.85;
  const HueAndChroma color = hue_and_chroma(scene.small_lab);
  for (const double peak : hue_peaks(smoothed(hue_histogram(color, visible)), limits.min_area)) {
    context.check();
    for (const HueRange range : {HueRange{static_cast<float>(peak), 10, 10}, HueRange{static_cast<float>(peak), 16, 6}})
      append(candidates, as_candidates(scene, mask_quads(hue_mask(color, visible, range), limits), Placeholder::key));
  }
  return candidates;
}

}  // namespace vitrine
