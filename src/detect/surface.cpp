#include "vitrine/detect/surface.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "detect/decimal.h"
#include "detect/line_quads.h"
#include "detect/line_segments.h"
#include "detect/placeholder_quads.h"
#include "detect/quad_ranker.h"
#include "detect/refine_quad.h"
#include "detect/region_quads.h"
#include "detect/scene_check.h"
#include "detect/surface_answer.h"
#include "detect/working_scene.h"

namespace vitrine {
namespace {

constexpr int kLeastSide = 16;  // working pixels: below it there is nothing to measure
constexpr std::size_t kMostLines = 90;
constexpr std::size_t kMostCandidates = 320;  // bounds the work on scenes full of rectangles
constexpr double kLeastShare = 0.005;         // of the scene

bool near(const Quad& a, const Quad& b, double tolerance) {
  for (std::size_t i = 0; i < 4; ++i)
    if (std::abs(a[i].x - b[i].x) >= tolerance || std::abs(a[i].y - b[i].y) >= tolerance) return false;
  return true;
}

// Candidates in the order they came, each once.
class Pool {
 public:
  Pool(const WorkingScene& scene, double tolerance_share)
      : least_area_(kLeastShare * scene.pixels), tolerance_(tolerance_share * scene.diagonal + 0.5) {}

  void add(const Candidate& candidate) {
    const auto quad = order_corners(candidate.quad.corners);
    if (!quad || area(*quad) <= least_area_ || candidates_.size() >= kMostCandidates) return;
    const bool known = std::any_of(candidates_.begin(), candidates_.end(),
                                   [&](const Candidate& other) { return near(other.quad, *quad, tolerance_); });
    if (!known) candidates_.push_back({*quad, candidate.placeholder, candidate.fill});
  }

  void add(const std::vector<Candidate>& candidates) {
    for (const Candidate& candidate : candidates) add(candidate);
  }

  std::vector<Candidate> take() && { return std::move(candidates_); }

 private:
  double least_area_;
  double tolerance_;
  std::vector<Candidate> candidates_;
};

std::vector<Candidate> find_candidates(const WorkingScene& scene, Context& context) {
  Pool pool(scene, 0.004);
  pool.add(placeholder_quads(scene, context));
  context.report(0.15);
  pool.add(region_quads(scene, context));
  context.report(0.4);
  pool.add(line_quads(scene, straight_edges(scene, kMostLines, context), context));
  context.report(0.6);
  Pool refined(scene, 0.0025);
  for (Candidate candidate : std::move(pool).take()) {
    context.check();
    candidate.quad = refine_quad(scene, candidate.quad);
    refined.add(candidate);
  }
  context.report(0.8);
  return std::move(refined).take();
}

Detection abstain(Abstention abstention, std::string reason) {
  Detection detection;
  detection.abstention = abstention;
  detection.reason = std::move(reason);
  return detection;
}

std::string pixels_of(Size size) {
  return std::to_string(size.width) + " x " + std::to_string(size.height) + " pixels";
}

class SurfaceDetector : public Detector {
 public:
  explicit SurfaceDetector(const SurfaceOptions& options) : options_(options) {}

  using Detector::detect;
  Detection detect(ImageView scene, Context& context) const override {
    require_detectable(scene);
    context.check();
    // OpenCV's rows run downward; a view that runs upward is copied.
    if (scene.stride < 0) return detect(Image(scene), context);
    const WorkingScene working = make_working_scene(scene, options_.working_side);
    if (std::min(working.size.width, working.size.height) < kLeastSide)
      return abstain(Abstention::unusable_scene, "The scene of " + pixels_of(scene.size) +
                                                     " is too small or too thin: at its working size it has " +
                                                     pixels_of(working.size) + ", less than " +
                                                     std::to_string(kLeastSide) + " on a side. Give a larger picture.");
    if (visible_share(working) <= 0)
      return abstain(Abstention::unusable_scene,
                     "All pixels of the scene are transparent. Give a picture with something on it.");
    context.report(0.1);
    const std::vector<RatedQuad> rated = rate(working, find_candidates(working, context), context);
    if (rated.empty())
      return abstain(Abstention::no_candidate,
                     "Nothing in the scene has four sides that stand out. Try another scene or give the corners.");
    Detection detection = surface_answer(scene, working, rated, options_, context);
    context.report(1);
    return detection;
  }

 private:
  SurfaceOptions options_;
};

}  // namespace

std::unique_ptr<Detector> make_surface_detector(const SurfaceOptions& options) {
  if (!(options.min_confidence >= 0 && options.min_confidence <= 1))
    throw std::invalid_argument("SurfaceOptions::min_confidence is " + decimal(options.min_confidence, 3) +
                                "; it must lie in [0, 1].");
  if (options.max_regions < 1)
    throw std::invalid_argument("SurfaceOptions::max_regions is " + std::to_string(options.max_regions) +
                                "; it must be at least 1.");
  if (options.working_side < 128 || options.working_side > 4096)
    throw std::invalid_argument("SurfaceOptions::working_side is " + std::to_string(options.working_side) +
                                "; it must lie in [128, 4096] pixels.");
  return std::make_unique<SurfaceDetector>(options);
}

}  // namespace vitrine
