#include "detect/surface_answer.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "detect/corner_fit.h"
#include "detect/decimal.h"
#include "detect/placeholder_mask.h"

namespace vitrine {
namespace {

constexpr std::size_t kMostShown = 24;      // candidates that are looked at for an answer
constexpr double kNearDuplicate = 0.9;      // intersection over union above which two answers are one
constexpr double kMostBehind = 2.5;         // score of a further surface behind the best
constexpr double kRunnerUpBehind = 8;       // score of a runner-up worth offering behind the best
constexpr double kFurtherConfidence = 0.5;  // least confidence of a further surface
constexpr double kSeenAllAround = 0.9;      // support of a further surface: a wrong one costs more than a missed one
constexpr double kAlike = 1.7;              // sizes of surfaces that hang together differ by less than this factor

// What a candidate is in the answer.
struct Choice {
  std::size_t index = 0;
  double confidence = 0;
};

struct Choices {
  std::vector<Choice> surfaces;
  std::vector<Choice> alternatives;
  std::vector<Choice> others;
};

bool same_place(const Quad& a, const Quad& b) {
  const double shared = std::abs(signed_area(clip(a.corners, b.corners)));
  return shared > 0.5 * std::min(area(a), area(b));
}

class Chooser {
 public:
  Chooser(const std::vector<RatedQuad>& rated, const SurfaceOptions& options)
      : rated_(rated), options_(options), shown_(distinct(rated, kMostShown, kNearDuplicate)) {}

  Choices choose() {
    find_surfaces();
    Choices choices;
    for (const std::size_t i : surfaces_) choices.surfaces.push_back({i, confidence_of(i)});
    const double left = choices.surfaces.empty() ? 1 : 1 - choices.surfaces.front().confidence;
    for (const std::size_t i : shown_) {
      if (std::find(surfaces_.begin(), surfaces_.end(), i) != surfaces_.end()) continue;
      const bool close =
          rated_[shown_.front()].sure_placeholder || rated_[shown_.front()].score - rated_[i].score <= kRunnerUpBehind;
      auto& list = close && is_runner_up(i) ? choices.alternatives : choices.others;
      list.push_back({i, left * share_among_others(i)});
    }
    return choices;
  }

 private:
  const Quad& quad(std::size_t i) const { return rated_[i].candidate.quad; }

  double confidence_of(std::size_t i) const { return confidence(rated_, i, surfaces_); }

  bool is_apart(std::size_t i) const {
    return std::none_of(surfaces_.begin(), surfaces_.end(),
                        [&](std::size_t s) { return same_place(quad(s), quad(i)); });
  }

  bool is_runner_up(std::size_t i) const { return !is_apart(i); }

  // Further surfaces are of the first's kind: all holes of a template, all frames of a wall.
  bool may_join(std::size_t i) const {
    const RatedQuad& first = rated_[surfaces_.front()];
    const RatedQuad& next = rated_[i];
    if (first.sure_placeholder || next.sure_placeholder) return first.sure_placeholder && next.sure_placeholder;
    const double larger = next.features[Feature::size] / first.features[Feature::size];
    return first.score - next.score <= kMostBehind && std::max(larger, 1 / larger) < kAlike &&
           next.features[Feature::support_mean] >= kSeenAllAround;
  }

  void find_surfaces() {
    if (shown_.empty()) return;
    surfaces_ = {shown_.front()};
    for (const std::size_t i : shown_) {
      if (!is_apart(i) || !may_join(i)) continue;
      if (confidence_of(i) >= std::max(kFurtherConfidence, options_.min_confidence)) surfaces_.push_back(i);
    }
  }

  // Softmax over everything that is shown and no surface.
  double share_among_others(std::size_t i) const {
    const double best = rated_[shown_.front()].score;
    double sum = 0;
    for (const std::size_t j : shown_)
      if (std::find(surfaces_.begin(), surfaces_.end(), j) == surfaces_.end()) sum += std::exp(rated_[j].score - best);
    return std::exp(rated_[i].score - best) / sum;
  }

  const std::vector<RatedQuad>& rated_;
  const SurfaceOptions& options_;
  std::vector<std::size_t> shown_;
  std::vector<std::size_t> surfaces_;
};

Shows shows_of(const RatedQuad& rated) {
  const QuadFeatures& f = rated.features;
  if (f[Feature::inside_transparent] > 0.5) return Shows::hole;
  // Found by its colour it may have something before it; found by its edges it must be flat all over.
  const bool flat = f[Feature::inside_flat] > 0.95;
  const bool mostly_flat = f[Feature::inside_flat] > 0.7;
  const Placeholder found_as = rated.candidate.placeholder;
  if (f[Feature::inside_chroma] > 0.2 && (flat || (mostly_flat && found_as == Placeholder::key))) return Shows::key;
  const bool extreme = f[Feature::inside_lightness] > 0.98 || f[Feature::inside_lightness] < 0.02;
  if (rated.sure_placeholder || (flat && extreme) || (mostly_flat && found_as == Placeholder::blank))
    return Shows::blank;
  return f[Feature::inside_calm] > 0.85 ? Shows::plain : Shows::filled;
}

std::string label_of(const RatedQuad& rated, Shows shows) {
  const QuadFeatures& f = rated.features;
  if (shows != Shows::hole && f[Feature::inside_dark] > 0.4 && f[Feature::inside_calm] > 0.85) return "screen";
  if (f[Feature::opening_trust] > 0.35 && f[Feature::opening_trust] >= f[Feature::framing_trust]) return "opening";
  if (f[Feature::framing_trust] > 0.35) return "frame";
  return "surface";
}

std::string percent(double share) { return decimal(100 * share, 0) + " %"; }

std::string reason_of(const RatedQuad& rated, Shows shows) {
  const QuadFeatures& f = rated.features;
  const std::string edges = "its sides are seen on " + percent(f[Feature::support_mean]) +
                            " of their length, the weakest on " + percent(f[Feature::support_min]);
  switch (shows) {
    case Shows::hole:
      return "A transparent hole that the scene encloses.";
    case Shows::key:
      return "A flat area of one colour; " + edges + ".";
    case Shows::blank:
      return "A flat blank area; " + edges + ".";
    case Shows::plain:
      return "A plain area; " + edges + ".";
    default:
      return "An area with something on it; " + edges + ".";
  }
}

Region region_of(const WorkingScene& working, const RatedQuad& rated, const Choice& choice) {
  Region region;
  region.shows = shows_of(rated);
  region.label = label_of(rated, region.shows);
  region.confidence = std::clamp(choice.confidence, 0.0, 1.0);
  region.detector = "surface";
  region.reason = reason_of(rated, region.shows);
  region.quad = working.to_scene(rated.candidate.quad);
  return region;
}

// The region with its corners fitted at the scene's own resolution.
Region fitted(Region region, ImageView scene, const WorkingScene& working) {
  const double reach = 1 + 1.5 / std::min(working.scale_x, working.scale_y);
  const EdgeSignal signal = region.shows == Shows::hole ? EdgeSignal::alpha : EdgeSignal::color;
  const Quad quad = fit_corners(scene, region.quad, reach, signal);
  region.quad = order_corners(quad.corners).value_or(region.quad);
  return region;
}

bool has_mask(Shows shows) { return shows == Shows::hole || shows == Shows::key || shows == Shows::blank; }

std::string why_not_sure(const Region& best, std::size_t candidates, double min_confidence) {
  return "The best of " + std::to_string(candidates) + " candidates has confidence " + decimal(best.confidence, 2) +
         ", the detector asks for " + decimal(min_confidence, 2) + ": " + best.reason +
         " Try another scene, give the corners, or lower SurfaceOptions::min_confidence.";
}

}  // namespace

Detection surface_answer(ImageView scene, const WorkingScene& working, const std::vector<RatedQuad>& rated,
                         const SurfaceOptions& options, Context& context) {
  const Choices choices = Chooser(rated, options).choose();
  const auto most = static_cast<std::size_t>(options.max_regions);
  const auto built = [&](const Choice& choice) { return region_of(working, rated[choice.index], choice); };
  Detection detection;
  const bool believed = !choices.surfaces.empty() && choices.surfaces.front().confidence >= options.min_confidence;
  for (const Choice& choice : choices.surfaces) {
    if (!believed || detection.size() == most) break;
    context.check();
    Region region = fitted(built(choice), scene, working);
    if (has_mask(region.shows)) region.mask = placeholder_mask(scene, region.quad, region.shows);
    detection.regions.push_back(std::move(region));
  }
  for (const Choice& choice : choices.alternatives) {
    if (!believed || detection.size() == most) break;
    context.check();
    Region region = fitted(built(choice), scene, working);
    region.alternative = true;
    detection.regions.push_back(std::move(region));
  }
  for (const auto* list : {&choices.surfaces, &choices.alternatives, &choices.others}) {
    if (believed && list != &choices.others) continue;
    for (const Choice& choice : *list)
      if (detection.rejected.size() < most) detection.rejected.push_back(built(choice));
  }
  if (!believed) {
    detection.abstention = Abstention::not_sure;
    detection.reason = why_not_sure(detection.rejected.front(), rated.size(), options.min_confidence);
  }
  return detection;
}

}  // namespace vitrine
