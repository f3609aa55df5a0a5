#include "detect/corner_fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "detect/side_profile.h"

namespace vitrine {
namespace {

constexpr double kStep = 0.5;    // pixels between samples across a side
constexpr double kNoise = 3;     // of 255: steps below it are no edge
constexpr double kWindow = 3.4;  // pixels to either side: the blur of a sharp photograph's edges and more
constexpr double kStray = 0.6;   // pixels off the line at which a station has lost half its weight

// Reads the scene between its pixels: colour times opacity, and opacity.
class Reader {
 public:
  Reader(ImageView scene, EdgeSignal signal) : scene_(scene), signal_(signal) {}

  LabStep at(Point p) const {
    const double x = std::clamp(p.x - 0.5, 0.0, scene_.width() - 1.0);
    const double y = std::clamp(p.y - 0.5, 0.0, scene_.height() - 1.0);
    const int x0 = static_cast<int>(x);
    const int y0 = static_cast<int>(y);
    const int x1 = std::min(x0 + 1, scene_.width() - 1);
    const int y1 = std::min(y0 + 1, scene_.height() - 1);
    const auto tx = static_cast<float>(x - x0);
    const auto ty = static_cast<float>(y - y0);
    const LabStep upper = pixel(x0, y0) * (1 - tx) + pixel(x1, y0) * tx;
    const LabStep lower = pixel(x0, y1) * (1 - tx) + pixel(x1, y1) * tx;
    return upper * (1 - ty) + lower * ty;
  }

 private:
  LabStep pixel(int x, int y) const {
    const std::uint8_t* p = scene_.row(y) + x * channels(scene_.format);
    const auto value = [p](int i) { return static_cast<float>(p[i]); };
    switch (scene_.format) {
      case PixelFormat::gray8:
        return LabStep{value(0), 0, 0, 0};
      case PixelFormat::rgb8:
        return LabStep{value(0), value(1), value(2), 0};
      default:
        break;
    }
    if (signal_ == EdgeSignal::alpha) return LabStep{0, 0, 0, value(3)};
    const float opacity = value(3) / 255;
    return LabStep{value(0) * opacity, value(1) * opacity, value(2) * opacity, value(3)};
  }

  ImageView scene_;
  EdgeSignal signal_;
};

float dot4(const LabStep& a, const LabStep& b) { return dot(a, b) + a[3] * b[3]; }

// 1 in the middle, 0 from `reach` on.
double window(double apart, double reach) {
  const double u = apart / reach;
  return std::abs(u) < 1 ? (1 - u * u) * (1 - u * u) : 0;
}

// Colour steps across a side: station by station, offset by offset.
struct Profile {
  std::size_t stations = 0;
  std::size_t offsets = 0;
  double reach = 0;
  std::vector<LabStep> steps;

  double share(std::size_t s) const { return 0.06 + 0.88 * static_cast<double>(s) / static_cast<double>(stations - 1); }
  double offset(std::size_t o) const { return -reach + kStep * static_cast<double>(o); }
  const LabStep& step(std::size_t s, std::size_t o) const { return steps[s * offsets + o]; }
};

Profile profile_of(const Reader& reader, const Side& side, double reach) {
  Profile profile;
  profile.stations = static_cast<std::size_t>(std::clamp(side.length(), 24.0, 120.0));
  profile.offsets = static_cast<std::size_t>(2 * reach / kStep) + 1;
  profile.reach = reach;
  profile.steps.reserve(profile.stations * profile.offsets);
  std::vector<LabStep> colors(profile.offsets + 2);
  for (std::size_t s = 0; s < profile.stations; ++s) {
    for (std::size_t o = 0; o < colors.size(); ++o)
      colors[o] = reader.at(side.at(profile.share(s), -reach + kStep * (static_cast<double>(o) - 1)));
    for (std::size_t o = 0; o < profile.offsets; ++o) profile.steps.push_back(colors[o + 2] - colors[o]);
  }
  return profile;
}

// The direction in colour of the steps near the side, in which they mostly agree.
std::optional<LabStep> common_step(const Profile& profile) {
  LabStep sum{};
  for (std::size_t s = 0; s < profile.stations; ++s)
    for (std::size_t o = 0; o < profile.offsets; ++o) {
      const LabStep& step = profile.step(s, o);
      const double weight = window(profile.offset(o), 1.5 * profile.reach) / (std::sqrt(dot4(step, step)) + kNoise);
      sum += step * static_cast<float>(weight);
    }
  const float norm = std::sqrt(dot4(sum, sum));
  if (norm < 0.05f * static_cast<float>(profile.stations)) return std::nullopt;
  return sum / norm;
}

struct Course {
  double begin = 0;
  double end = 0;
  double at(double share) const { return begin + (end - begin) * share; }
};

struct Station {
  double share = 0;
  double offset = 0;
  double weight = 0;
};

// The middle of the edge near `from`: the centre of gravity of the gradient under a window that follows it.
Station locate(const Profile& profile, const LabStep& direction, std::size_t s, double from) {
  Station station{profile.share(s), from, 0};
  for (int round = 0; round < 4; ++round) {
    double sum = 1e-9;
    double moment = 0;
    for (std::size_t o = 0; o < profile.offsets; ++o) {
      const double strength =
          std::max(0.0f, dot4(profile.step(s, o), direction)) * window(profile.offset(o) - station.offset, kWindow);
      sum += strength;
      moment += strength * profile.offset(o);
    }
    if (sum < kNoise) return station;
    station.offset = moment / sum;
    station.weight = sum;
  }
  return station;
}

Course fit(const std::vector<Station>& stations) {
  double sw = 1e-12, st = 0, so = 0;
  for (const Station& s : stations) {
    sw += s.weight;
    st += s.weight * s.share;
    so += s.weight * s.offset;
  }
  double stt = 1e-9, sto = 0;
  for (const Station& s : stations) {
    stt += s.weight * (s.share - st / sw) * (s.share - st / sw);
    sto += s.weight * (s.share - st / sw) * (s.offset - so / sw);
  }
  const double slope = sto / stt;
  const double mean = so / sw;
  return {mean - slope * st / sw, mean + slope * (1 - st / sw)};
}

// The strongest peak of the summed gradient: where to begin when the side may be pixels away.
double strongest_offset(const Profile& profile, const LabStep& direction) {
  double best = 0;
  double most = 0;
  for (std::size_t o = 0; o < profile.offsets; ++o) {
    double sum = 0;
    for (std::size_t s = 0; s < profile.stations; ++s) {
      const double strength = std::max(0.0f, dot4(profile.step(s, o), direction));
      sum += strength / (strength + 4 * kNoise);
    }
    sum *= 1 - 0.1 * std::abs(profile.offset(o)) / profile.reach;
    if (sum <= most) continue;
    most = sum;
    best = profile.offset(o);
  }
  return best;
}

std::optional<Course> course_of(const Profile& profile) {
  const auto direction = common_step(profile);
  if (!direction) return std::nullopt;
  const double begin = strongest_offset(profile, *direction);
  Course course{begin, begin};
  for (int round = 0; round < 3; ++round) {
    std::vector<Station> stations;
    double total = 0;
    for (std::size_t s = 0; s < profile.stations; ++s) {
      stations.push_back(locate(profile, *direction, s, course.at(profile.share(s))));
      total += stations.back().weight > 0 ? 1 : 0;
    }
    if (total < 0.3 * static_cast<double>(profile.stations)) return std::nullopt;
    // Strong stations count no more than clear ones: a highlight must not pull the side.
    for (Station& s : stations) s.weight /= s.weight + 10 * kNoise;
    course = fit(stations);
    for (int reweighted = 0; reweighted < 3; ++reweighted) {
      std::vector<Station> robust = stations;
      for (Station& s : robust) {
        const double stray = (s.offset - course.at(s.share)) / kStray;
        s.weight /= 1 + stray * stray;
      }
      course = fit(robust);
    }
  }
  const bool stays = std::abs(course.begin) <= profile.reach && std::abs(course.end) <= profile.reach;
  return stays ? std::optional(course) : std::nullopt;
}

}  // namespace

Quad fit_corners(ImageView scene, const Quad& quad, double reach, EdgeSignal signal) {
  const Reader reader(scene, signal);
  Quad fitted = quad;
  // The second look starts from the first's answer, so that the window sits on the edge at every station.
  for (const double within : {reach, 2.5}) {
    std::array<Side, 4> sides;
    for (std::size_t i = 0; i < 4; ++i) {
      sides[i] = side_of(fitted, i);
      if (const auto course = course_of(profile_of(reader, sides[i], within)))
        sides[i] = {sides[i].at(0, course->begin), sides[i].at(1, course->end), sides[i].inward};
    }
    const Quad next = quad_from_sides(sides);
    if (!is_convex(next)) return fitted;
    for (std::size_t i = 0; i < 4; ++i)
      if (distance(next[i], fitted[i]) > 4 * within) return fitted;
    fitted = next;
  }
  return fitted;
}

}  // namespace vitrine
