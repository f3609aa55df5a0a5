#include "detect/line_segments.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace vitrine {
namespace {

constexpr std::size_t kMostSegments = 700;  // bounds the quadratic joining below
constexpr double kLeastLength = 0.012;      // of the diagonal
constexpr double kMostGap = 0.10;           // of the diagonal, between pieces of one line
constexpr double kMostTurn = 3 * std::numbers::pi / 180;

struct Segment {
  Point from, to;
  double length = 0;
  double angle = 0;
};

// Collects the segments of several pictures of one scene.
class SegmentSearch {
 public:
  explicit SegmentSearch(const WorkingScene& scene)
      : scene_(scene), lsd_(cv::createLineSegmentDetector(cv::LSD_REFINE_NONE, 0.8, 0.6, 1.5, 22.5, 0, 0.6, 1024)) {}

  void add(const cv::Mat& picture) {
    const double scale_x = static_cast<double>(scene_.size.width) / picture.cols;
    const double scale_y = static_cast<double>(scene_.size.height) / picture.rows;
    std::vector<cv::Vec4f> lines;
    lsd_->detect(picture, lines);
    for (const cv::Vec4f& line : lines) {
      Segment segment;
      segment.from = {(line[0] + 0.5) * scale_x, (line[1] + 0.5) * scale_y};
      segment.to = {(line[2] + 0.5) * scale_x, (line[3] + 0.5) * scale_y};
      segment.length = distance(segment.from, segment.to);
      segment.angle = std::atan2(segment.to.y - segment.from.y, segment.to.x - segment.from.x);
      if (segment.length > kLeastLength * scene_.diagonal) segments_.push_back(segment);
    }
  }

  std::vector<Segment> longest() && {
    std::stable_sort(segments_.begin(), segments_.end(),
                     [](const Segment& a, const Segment& b) { return a.length > b.length; });
    if (segments_.size() > kMostSegments) segments_.resize(kMostSegments);
    return std::move(segments_);
  }

 private:
  const WorkingScene& scene_;
  cv::Ptr<cv::LineSegmentDetector> lsd_;
  std::vector<Segment> segments_;
};

cv::Mat as_bytes(const cv::Mat& channel, double gain, double offset) {
  cv::Mat bytes;
  channel.convertTo(bytes, CV_8U, gain, offset);
  return bytes;
}

// Stretched locally: faint edges in dark corners count as much as strong ones.
cv::Mat stretched_lightness(const cv::Mat& lab) {
  cv::Mat lightness, stretched;
  cv::extractChannel(lab, lightness, 0);
  cv::createCLAHE(6.0, cv::Size(6, 6))->apply(as_bytes(lightness, 2.55, 0), stretched);
  return stretched;
}

// Of the two colour axes the one with more to see on it; empty where there is nothing on either.
cv::Mat livelier_color(const cv::Mat& lab) {
  cv::Scalar mean, deviation;
  cv::meanStdDev(lab, mean, deviation);
  if (std::max(deviation[1], deviation[2]) < 2) return {};
  cv::Mat channel;
  cv::extractChannel(lab, channel, deviation[1] > deviation[2] ? 1 : 2);
  return as_bytes(channel, 2.5, 128);
}

double along(Point p, Point origin, Point direction) {
  return (p.x - origin.x) * direction.x + (p.y - origin.y) * direction.y;
}

double across(Point p, Point origin, Point direction) {
  return (p.y - origin.y) * direction.x - (p.x - origin.x) * direction.y;
}

double turn_between(double angle_a, double angle_b) {
  return std::abs(std::remainder(angle_a - angle_b, std::numbers::pi));
}

struct Interval {
  double begin, end;
  std::size_t segment;
};

// Segments on the line through the seed, as intervals along it.
std::vector<Interval> on_line_of(const std::vector<Segment>& segments, const std::vector<char>& used, std::size_t seed,
                                 double most_offset) {
  const Segment& s = segments[seed];
  const Point direction{(s.to.x - s.from.x) / s.length, (s.to.y - s.from.y) / s.length};
  std::vector<Interval> on_line;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Segment& other = segments[i];
    if (used[i] != 0 || turn_between(other.angle, s.angle) >= kMostTurn) continue;
    const Point middle{(other.from.x + other.to.x) / 2, (other.from.y + other.to.y) / 2};
    if (std::abs(across(middle, s.from, direction)) >= most_offset) continue;
    const auto [begin, end] = std::minmax({along(other.from, s.from, direction), along(other.to, s.from, direction)});
    on_line.push_back({begin, end, i});
  }
  std::stable_sort(on_line.begin(), on_line.end(),
                   [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
  return on_line;
}

// Those that hang together with [0, length] over gaps of at most `most_gap`; sorted by their beginning.
std::vector<Interval> connected(const std::vector<Interval>& sorted, double length, double most_gap) {
  double low = 0;
  double high = length;
  for (const Interval& i : sorted)
    if (i.begin <= high + most_gap && i.end >= low) high = std::max(high, i.end);
  for (auto i = sorted.rbegin(); i != sorted.rend(); ++i)
    if (i->end >= low - most_gap && i->begin <= high) low = std::min(low, i->begin);
  std::vector<Interval> members;
  for (const Interval& i : sorted)
    if (i.begin >= low && i.end <= high) members.push_back(i);
  return members;
}

double joint_length(const std::vector<Interval>& sorted) {
  double length = 0;
  double reached = -1e9;
  for (const Interval& i : sorted) {
    if (i.end <= reached) continue;
    length += i.end - std::max(i.begin, reached);
    reached = i.end;
  }
  return length;
}

// The line of least squared distance to the members' ends, weighted by their length.
Line fitted(const std::vector<Segment>& segments, const std::vector<Interval>& members) {
  double weight = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0;
  const auto for_each_end = [&](const auto& use) {
    for (const Interval& m : members) {
      use(segments[m.segment].from, segments[m.segment].length);
      use(segments[m.segment].to, segments[m.segment].length);
    }
  };
  for_each_end([&](Point p, double w) {
    weight += w;
    sx += w * p.x;
    sy += w * p.y;
  });
  const Point centre{sx / weight, sy / weight};
  for_each_end([&](Point p, double w) {
    sxx += w * (p.x - centre.x) * (p.x - centre.x);
    sxy += w * (p.x - centre.x) * (p.y - centre.y);
    syy += w * (p.y - centre.y) * (p.y - centre.y);
  });
  const double angle = 0.5 * std::atan2(2 * sxy, sxx - syy);
  const Point direction{std::cos(angle), std::sin(angle)};
  double low = 0;
  double high = 0;
  for_each_end([&](Point p, double) {
    low = std::min(low, along(p, centre, direction));
    high = std::max(high, along(p, centre, direction));
  });
  return {{centre.x + low * direction.x, centre.y + low * direction.y},
          {centre.x + high * direction.x, centre.y + high * direction.y},
          joint_length(members)};
}

std::vector<Line> joined(const std::vector<Segment>& segments, double diagonal, Context& context) {
  std::vector<char> used(segments.size(), 0);
  std::vector<Line> lines;
  for (std::size_t seed = 0; seed < segments.size(); ++seed) {
    if (used[seed] != 0) continue;
    if (seed % 64 == 0) context.check();
    const auto on_line = on_line_of(segments, used, seed, 0.0022 * diagonal + 0.4);
    const auto members = connected(on_line, segments[seed].length, kMostGap * diagonal);
    for (const Interval& m : members) used[m.segment] = 1;
    used[seed] = 1;
    lines.push_back(fitted(segments, members));
  }
  return lines;
}

}  // namespace

std::vector<Line> straight_edges(const WorkingScene& scene, std::size_t max_count, Context& context) {
  SegmentSearch search(scene);
  search.add(stretched_lightness(scene.small_lab));
  context.check();
  if (const cv::Mat color = livelier_color(scene.small_lab); !color.empty()) search.add(color);
  context.check();
  if (!scene.small_alpha.empty()) search.add(scene.small_alpha);
  std::vector<Line> lines = joined(std::move(search).longest(), scene.diagonal, context);
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.covered > b.covered; });
  if (lines.size() > max_count) lines.resize(max_count);
  return lines;
}

}  // namespace vitrine
