#include "vitrine/detect/region_policy.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "detect/decimal.h"

namespace vitrine {
namespace {

void require_share(double value, const char* name) {
  if (!(value >= 0 && value <= 1))
    throw std::invalid_argument("RegionPolicy::" + std::string(name) + " is " + decimal(value, 3) +
                                "; it must lie in [0, 1].");
}

void require_valid(const RegionPolicy& policy, Size scene_size) {
  require_share(policy.min_confidence, "min_confidence");
  require_share(policy.min_area, "min_area");
  require_share(policy.max_area, "max_area");
  require_share(policy.margin, "margin");
  if (policy.min_area > policy.max_area)
    throw std::invalid_argument("RegionPolicy::min_area is " + decimal(policy.min_area, 3) + ", above max_area, " +
                                decimal(policy.max_area, 3) + ". No region can pass; swap them.");
  if (policy.max_regions < 1)
    throw std::invalid_argument("RegionPolicy::max_regions is " + std::to_string(policy.max_regions) +
                                "; it must be at least 1.");
  if (scene_size.width <= 0 || scene_size.height <= 0)
    throw std::invalid_argument("The scene has " + std::to_string(scene_size.width) + " x " +
                                std::to_string(scene_size.height) + " pixels. Give the size of the scene itself.");
}

// Of the part that can be seen: a quad may reach over the scene's border.
double share_of_scene(const Quad& quad, Size size) {
  const Quad scene = quad_of({0, 0, size.width, size.height});
  return std::abs(signed_area(clip(quad.corners, scene.corners))) / area(scene);
}

double margin_share(const Quad& quad, Size size) {
  double least = size.width;
  for (const Point p : quad.corners) least = std::min({least, p.x, p.y, size.width - p.x, size.height - p.y});
  return least / std::min(size.width, size.height);
}

std::string listed(const std::vector<std::string>& labels) {
  std::string text;
  for (const std::string& label : labels) text += (text.empty() ? "\"" : ", \"") + label + "\"";
  return text;
}

// The rule that `region` breaks, as the end of a sentence about it; empty if it passes.
std::string broken_rule(const RegionPolicy& policy, const Region& region, Size size) {
  if (region.confidence < policy.min_confidence)
    return "has confidence " + decimal(region.confidence, 2) + ", the policy asks for " +
           decimal(policy.min_confidence, 2) + ". Try another scene or lower RegionPolicy::min_confidence.";
  const double share = share_of_scene(region.quad, size);
  if (share < policy.min_area)
    return "covers " + decimal(100 * share, 2) + " % of the scene, the policy asks for at least " +
           decimal(100 * policy.min_area, 2) + " %. Try another scene or lower RegionPolicy::min_area.";
  if (share > policy.max_area)
    return "covers " + decimal(100 * share, 2) + " % of the scene, the policy allows " +
           decimal(100 * policy.max_area, 2) + " %. Try another scene or raise RegionPolicy::max_area.";
  const double margin = margin_share(region.quad, size);
  if (policy.margin > 0 && margin < policy.margin)
    return "comes within " + decimal(100 * std::max(margin, 0.0), 2) +
           " % of the scene's border, the policy asks for " + decimal(100 * policy.margin, 2) +
           " %. Try another scene or lower RegionPolicy::margin.";
  if (!policy.labels.empty() &&
      std::find(policy.labels.begin(), policy.labels.end(), region.label) == policy.labels.end())
    return "is labelled \"" + region.label + "\", the policy asks for " + listed(policy.labels) +
           ". Try another scene or add the label to RegionPolicy::labels.";
  return {};
}

// Two regions stand for one surface if most of the smaller one is shared.
bool same_surface(const Quad& a, const Quad& b) {
  const double shared = std::abs(signed_area(clip(a.corners, b.corners)));
  return shared > 0.5 * std::min(area(a), area(b));
}

bool stands_for(const std::vector<Region>& accepted, const Region& alternative) {
  return std::any_of(accepted.begin(), accepted.end(), [&](const Region& region) {
    return !region.alternative && same_surface(region.quad, alternative.quad);
  });
}

}  // namespace

Detection apply(const RegionPolicy& policy, Detection detection, Size scene_size) {
  require_valid(policy, scene_size);
  if (detection.empty()) return detection;
  Detection kept;
  std::vector<Region> refused;
  std::string first_rule;
  int surfaces = 0;
  for (Region& region : detection.regions) {
    const std::string rule = broken_rule(policy, region, scene_size);
    // A runner-up whose surface was refused has to stand for itself.
    if (region.alternative && !stands_for(kept.regions, region)) region.alternative = false;
    if (rule.empty() && (region.alternative || surfaces < policy.max_regions)) {
      surfaces += region.alternative ? 0 : 1;
      kept.regions.push_back(std::move(region));
    } else {
      if (first_rule.empty()) first_rule = rule;
      refused.push_back(std::move(region));
    }
  }
  kept.rejected = std::move(refused);
  std::move(detection.rejected.begin(), detection.rejected.end(), std::back_inserter(kept.rejected));
  std::stable_partition(kept.regions.begin(), kept.regions.end(),
                        [](const Region& region) { return !region.alternative; });
  if (kept.empty()) {
    const std::size_t found = detection.regions.size();
    kept.abstention = Abstention::filtered;
    kept.reason =
        (found == 1 ? "One region was found; it " : std::to_string(found) + " regions were found; the best ") +
        first_rule;
  }
  return kept;
}

}  // namespace vitrine
