#include "detect/refine_quad.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "detect/side_profile.h"

namespace vitrine {
namespace {

constexpr std::size_t kStations = 28;  // along a side
constexpr std::size_t kOffsets = 27;   // across it
constexpr std::size_t kEnds = 11;      // tried for each end of a side
constexpr double kWindow = 3.1;        // pixels to either side of a course that its edge is looked for in
constexpr double kFirst = 0.06;        // stations keep away from the corners, where the next side begins
constexpr double kLast = 0.94;

double share_of_station(std::size_t station) {
  return kFirst + (kLast - kFirst) * static_cast<double>(station) / (kStations - 1);
}

// The geometry of one round: how far a side may move, and in which steps.
struct Round {
  explicit Round(double reach_in_pixels) : reach(reach_in_pixels) {
    first_offset = -(1.35 * reach + 2);
    step = -2 * first_offset / (kOffsets - 1);
    half_width = static_cast<std::size_t>(std::max(1L, std::lround(1.5 / step)));
    steps = kOffsets - 2 * half_width;
  }

  double offset(std::size_t i) const { return first_offset + step * static_cast<double>(i); }
  double offset_of_step(std::size_t i) const { return offset(i + half_width); }
  std::size_t nearest_step(double at) const {
    const double i = std::round((at - offset_of_step(0)) / step);
    return static_cast<std::size_t>(std::clamp(i, 0.0, static_cast<double>(steps - 1)));
  }
  double end(std::size_t i) const { return -reach + 2 * reach * static_cast<double>(i) / (kEnds - 1); }

  double reach;
  double first_offset;
  double step;
  std::size_t half_width;  // a step compares samples this far to either side: about 1.5 pixels
  std::size_t steps;
};

// A straight course across a side's profile: offsets at its two ends.
struct Course {
  double begin = 0;
  double end = 0;
  double at(double share) const { return begin + (end - begin) * share; }
};

class SideSearch {
 public:
  SideSearch(const WorkingScene& scene, const Side& side, const Round& round) : round_(round) {
    std::array<LabStep, kOffsets> colors;
    for (std::size_t s = 0; s < kStations; ++s) {
      for (std::size_t o = 0; o < kOffsets; ++o)
        colors[o] = sample_lab(scene.lab, side.at(share_of_station(s), round.offset(o)));
      for (std::size_t o = 0; o < round.steps; ++o) {
        const LabStep step = colors[o + 2 * round.half_width] - colors[o];
        const float length = length_of(step);
        steps_[s][o] = step;
        soft_[s][o] = step / (length + 2);
        soft_[s][o][3] = length / (length + 2);
      }
    }
  }

  // The course along which steps agree best in direction and are there at all; weak ones count less, strong ones
  // not more than others: a bright reflection must not pull the side away.
  Course strongest() const {
    Course best;
    double best_score = -1;
    for (std::size_t a = 0; a < kEnds; ++a)
      for (std::size_t b = 0; b < kEnds; ++b) {
        const Course course{round_.end(a), round_.end(b)};
        if (std::abs(course.begin - course.end) > 1.2 * round_.reach) continue;
        const double score = score_of(course);
        if (score <= best_score) continue;
        best_score = score;
        best = course;
      }
    return best;
  }

  // The least-squares line through the middles of the steps near `course`; outliers lose their weight.
  Course fitted(const Course& course) const;

 private:
  double score_of(const Course& course) const {
    LabStep sum{};
    const auto first = static_cast<float>((course.at(kFirst) - round_.offset_of_step(0)) / round_.step);
    const auto slope =
        static_cast<float>((course.end - course.begin) * (kLast - kFirst) / (kStations - 1) / round_.step);
    const auto last_step = static_cast<float>(round_.steps - 1);
    for (std::size_t s = 0; s < kStations; ++s) {
      const float at = std::clamp(first + slope * static_cast<float>(s), 0.0f, last_step);
      sum += soft_[s][static_cast<std::size_t>(static_cast<int>(at + 0.5f))];
    }
    const double scale = 1.0 / kStations;
    return length_of(sum) * scale + 0.35 * sum[3] * scale -
           0.012 * (std::abs(course.begin) + std::abs(course.end)) / round_.reach;
  }

  const Round& round_;
  std::array<std::array<LabStep, kOffsets>, kStations> steps_;
  std::array<std::array<LabStep, kOffsets>, kStations> soft_;  // of length below 1; entry 3 is that length
};

double median(std::array<double, kStations> values) {
  const auto middle = values.begin() + kStations / 2;
  std::nth_element(values.begin(), middle, values.end());
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

struct LineFit {
  std::array<double, kStations> offset{};
  std::array<double, kStations> weight{};

  Course fit() const {
    double sw = 1e-12, st = 0, so = 0;
    for (std::size_t s = 0; s < kStations; ++s) {
      sw += weight[s];
      st += weight[s] * share_of_station(s);
      so += weight[s] * offset[s];
    }
    const double mean_t = st / sw;
    const double mean_o = so / sw;
    double stt = 1e-9, sto = 0;
    for (std::size_t s = 0; s < kStations; ++s) {
      const double t = share_of_station(s) - mean_t;
      stt += weight[s] * t * t;
      sto += weight[s] * t * (offset[s] - mean_o);
    }
    const double slope = sto / stt;
    return {mean_o - slope * mean_t, mean_o + slope * (1 - mean_t)};
  }
};

Course SideSearch::fitted(const Course& course) const {
  LabStep mean{};
  for (std::size_t s = 0; s < kStations; ++s) mean += steps_[s][round_.nearest_step(course.at(share_of_station(s)))];
  mean /= length_of(mean) + 1e-9f;
  LineFit line;
  for (std::size_t s = 0; s < kStations; ++s) {
    const double middle = course.at(share_of_station(s));
    double sum = 1e-9;
    double moment = 0;
    for (std::size_t o = 0; o < round_.steps; ++o) {
      const double offset = round_.offset_of_step(o);
      const double apart = (offset - middle) / kWindow;
      if (std::abs(apart) >= 1) continue;
      const double strength = std::max(0.0f, dot(steps_[s][o], mean)) * (1 - apart * apart) * (1 - apart * apart);
      sum += strength;
      moment += strength * offset;
    }
    line.offset[s] = moment / sum;
    line.weight[s] = sum;
  }
  const double typical = median(line.weight);
  for (double& weight : line.weight) weight /= weight + typical + 1e-9;
  Course fit = line.fit();
  for (std::size_t s = 0; s < kStations; ++s) {
    const double residual = (line.offset[s] - fit.at(share_of_station(s))) / 0.7;
    line.weight[s] /= 1 + residual * residual;
  }
  return line.fit();
}

Quad moved(const WorkingScene& scene, const Quad& quad, const Round& round) {
  std::array<Side, 4> sides;
  for (std::size_t i = 0; i < 4; ++i) {
    const Side side = side_of(quad, i);
    const SideSearch search(scene, side, round);
    const Course course = search.fitted(search.strongest());
    sides[i] = {side.at(0, course.begin), side.at(1, course.end), side.inward};
  }
  return quad_from_sides(sides);
}

double farthest_move(const Quad& a, const Quad& b) {
  double most = 0;
  for (std::size_t i = 0; i < 4; ++i) most = std::max({most, std::abs(a[i].x - b[i].x), std::abs(a[i].y - b[i].y)});
  return most;
}

}  // namespace

Quad refine_quad(const WorkingScene& scene, const Quad& quad) {
  Quad refined = quad;
  for (const double reach : {6.0, 2.4}) {
    const Quad next = moved(scene, refined, Round(reach));
    if (is_convex(next) && farthest_move(next, refined) < 4 * reach + 4) refined = next;
  }
  return refined;
}

}  // namespace vitrine
