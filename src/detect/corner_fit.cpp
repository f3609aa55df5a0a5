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
constexpr double kWindow = 1.3;  // pixels: the blur of a sharp photograph's edges and a little more
constexpr double kStray = 0.6;   // pixels off the line at which a station has lost half its weight

using Color = std::array<double, 4>;

// Reads the scene between its pixels: colour times opacity, and opacity.
class Reader {
 public:
  Reader(ImageView scene, EdgeSignal signal) : scene_(scene), signal_(signal) {}

  Color at(Point p) const {
    const double x = std::clamp(p.x - 0.5, 0.0, scene_.width() - 1.0);
    const double y = std::clamp(p.y - 0.5, 0.0, scene_.height() - 1.0);
    const int x0 = static_cast<int>(x);
    const int y0 = static_cast<int>(y);
    const int x1 = std::min(x0 + 1, scene_.width() - 1);
    const int y1 = std::min(y0 + 1, scene_.height() - 1);
    const double tx = x - x0;
    const double ty = y - y0;
    const Color a = pixel(x0, y0), b = pixel(x1, y0), c = pixel(x0, y1), d = pixel(x1, y1);
    Color color{};
    for (std::size_t i = 0; i < 4; ++i)
      color[i] = (1 - ty) * ((1 - tx) * a[i] + tx * b[i]) + ty * ((1 - tx) * c[i] + tx * d[i]);
    return color;
  }

 private:
  Color pixel(int x, int y) const {
    const std::uint8_t* p = scene_.row(y) + x * channels(scene_.format);
    switch (scene_.format) {
      case PixelFormat::gray8:
        return {1.0 * p[0], 0, 0, 0};
      case PixelFormat::rgb8:
        return {1.0 * p[0], 1.0 * p[1], 1.0 * p[2], 0};
      default:
        break;
    }
    const double opacity = p[3] / 255.0;
    if (signal_ == EdgeSignal::alpha) return {0, 0, 0, 1.0 * p[3]};
    return {p[0] * opacity, p[1] * opacity, p[2] * opacity, 1.0 * p[3]};
  }

  ImageView scene_;
  EdgeSignal signal_;
};

double dot(const Color& a, const Color& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]; }

// Colour steps across a side: station by station, offset by offset.
struct Profile {
  std::size_t stations = 0;
  std::size_t offsets = 0;
  double reach = 0;
  std::vector<Color> steps;

  double share(std::size_t s) const { return 0.06 + 0.88 * static_cast<double>(s) / static_cast<double>(stations - 1); }
  double offset(std::size_t o) const { return -reach + kStep * static_cast<double>(o); }
  const Color& step(std::size_t s, std::size_t o) const { return steps[s * offsets + o]; }
};

Profile profile_of(const Reader& reader, const Side& side, double reach) {
  Profile profile;
  profile.stations = static_cast<std::size_t>(std::clamp(side.length(), 24.0, 160.0));
  profile.offsets = static_cast<std::size_t>(2 * reach / kStep) + 1;
  profile.reach = reach;
  profile.steps.reserve(profile.stations * profile.offsets);
  std::vector<Color> colors(profile.offsets + 2);
  for (std::size_t s = 0; s < profile.stations; ++s) {
    for (std::size_t o = 0; o < colors.size(); ++o)
      colors[o] = reader.at(side.at(profile.share(s), -reach + kStep * (static_cast<double>(o) - 1)));
    for (std::size_t o = 0; o < profile.offsets; ++o) {
      Color step{};
      for (std::size_t i = 0; i < 4; ++i) step[i] = colors[o + 2][i] - colors[o][i];
      profile.steps.push_back(step);
    }
  }
  return profile;
}

// The direction in colour of the steps near the side, in which they mostly agree.
std::optional<Color> common_step(const Profile& profile) {
  Color sum{};
  for (std::size_t s = 0; s < profile.stations; ++s)
    for (std::size_t o = 0; o < profile.offsets; ++o) {
      const Color& step = profile.step(s, o);
      const double apart = profile.offset(o) / (0.6 * profile.reach);
      const double weight = std::exp(-0.5 * apart * apart) / (std::sqrt(dot(step, step)) + kNoise);
      for (std::size_t i = 0; i < 4; ++i) sum[i] += weight * step[i];
    }
  const double norm = std::sqrt(dot(sum, sum));
  if (norm < 0.05 * static_cast<double>(profile.stations)) return std::nullopt;
  for (double& value : sum) value /= norm;
  return sum;
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
Station locate(const Profile& profile, const Color& direction, std::size_t s, double from) {
  Station station{profile.share(s), from, 0};
  for (int round = 0; round < 4; ++round) {
    double sum = 1e-9;
    double moment = 0;
    for (std::size_t o = 0; o < profile.offsets; ++o) {
      const double apart = (profile.offset(o) - station.offset) / kWindow;
      if (std::abs(apart) > 3) continue;
      const double strength = std::max(0.0, dot(profile.step(s, o), direction)) * std::exp(-0.5 * apart * apart);
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
double strongest_offset(const Profile& profile, const Color& direction) {
  double best = 0;
  double most = 0;
  for (std::size_t o = 0; o < profile.offsets; ++o) {
    double sum = 0;
    for (std::size_t s = 0; s < profile.stations; ++s) {
      const double strength = std::max(0.0, dot(profile.step(s, o), direction));
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
