#include "detect/surface_candidates.h"

#include <algorithm>
#include <cmath>

#include "detect/line_quads.h"
#include "detect/line_segments.h"
#include "detect/placeholder_quads.h"
#include "detect/refine_quad.h"
#include "detect/region_quads.h"

namespace vitrine {
namespace {

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

}  // namespace

std::vector<Candidate> surface_candidates(const WorkingScene& scene, Context& context) {
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

}  // namespace vitrine
