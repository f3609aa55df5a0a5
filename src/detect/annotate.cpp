#include "vitrine/detect/annotate.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <sstream>

#include "detect/decimal.h"
#include "detect/scene_check.h"

namespace vitrine {
namespace {

const cv::Scalar kSurface(40, 220, 90);
const cv::Scalar kAlternative(255, 170, 30);
const cv::Scalar kRejected(235, 70, 70);
const cv::Scalar kDark(20, 20, 20);
const cv::Scalar kLight(255, 255, 255);
constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr int kSubpixelBits = 4;
constexpr int kTile = 8;  // pixels, of the checkerboard

// Transparency over a checkerboard; everything else as it is.
Image ground_of(ImageView scene) {
  Image picture = convert(scene, PixelFormat::rgb8);
  if (!has_alpha(scene.format)) return picture;
  const MutableImageView pixels = picture.edit();
  for (int y = 0; y < scene.height(); ++y)
    for (int x = 0; x < scene.width(); ++x) {
      const int tile = (x / kTile + y / kTile) % 2 == 0 ? 200 : 240;
      const int opacity = scene.row(y)[4 * x + 3];
      for (int c = 0; c < 3; ++c) {
        std::uint8_t& value = pixels.row(y)[3 * x + c];
        value = static_cast<std::uint8_t>((value * opacity + tile * (255 - opacity) + 127) / 255);
      }
    }
  return picture;
}

class Pen {
 public:
  explicit Pen(const MutableImageView& picture)
      : canvas_(picture.size.height, picture.size.width, CV_8UC3, picture.data,
                static_cast<std::size_t>(picture.stride)) {
    const double side = std::max(picture.size.width, picture.size.height);
    thickness_ = std::max(1, static_cast<int>(std::lround(side / 450)));
    text_scale_ = std::clamp(side / 1500, 0.35, 3.0);
  }

  void outline(const Quad& quad, const cv::Scalar& color, int thickness) {
    for (std::size_t i = 0; i < 4; ++i) segment(quad[i], quad[(i + 1) % 4], color, thickness);
  }

  // Dark below, colour above: seen on light and dark scenes alike.
  void surface(const Quad& quad) {
    outline(quad, kDark, thickness_ + 2);
    outline(quad, kSurface, thickness_);
    dot(quad[0]);
  }

  void thin(const Quad& quad, const cv::Scalar& color) { outline(quad, color, std::max(1, thickness_ / 2)); }

  void tag(const std::string& text, Point corner) {
    const cv::Size size = text_size(text);
    const int pad = line_height() / 4;
    const int x = clamped(corner.x, canvas_.cols - size.width - 2 * pad);
    const int y = clamped(corner.y - line_height() - pad, canvas_.rows - line_height());
    cv::rectangle(canvas_, cv::Rect(x, y, size.width + 2 * pad, line_height()), kDark, cv::FILLED);
    write(text, {x + pad, y + line_height() - pad - size.height / 6});
  }

  void foot(const std::string& text) {
    const std::vector<std::string> lines = wrapped(text);
    int y = std::max(0, canvas_.rows - line_height() * static_cast<int>(lines.size()) - line_height() / 2);
    cv::rectangle(canvas_, cv::Rect(0, y, canvas_.cols, canvas_.rows - y), kDark, cv::FILLED);
    for (const std::string& line : lines) {
      y += line_height();
      write(line, {line_height() / 3, y});
    }
  }

 private:
  static int clamped(double value, int most) {
    return static_cast<int>(std::clamp(value, 0.0, static_cast<double>(std::max(0, most))));
  }

  int line_height() const { return static_cast<int>(std::lround(38 * text_scale_)); }
  int text_thickness() const { return std::max(1, static_cast<int>(std::lround(1.6 * text_scale_))); }
  cv::Size text_size(const std::string& text) const {
    int baseline = 0;
    return cv::getTextSize(text, kFont, text_scale_, text_thickness(), &baseline);
  }

  void write(const std::string& text, cv::Point at) {
    cv::putText(canvas_, text, at, kFont, text_scale_, kLight, text_thickness(), cv::LINE_AA);
  }

  std::vector<std::string> wrapped(const std::string& text) const {
    std::vector<std::string> lines(1);
    std::istringstream words(text);
    for (std::string word; words >> word;) {
      const std::string longer = lines.back().empty() ? word : lines.back() + " " + word;
      if (lines.back().empty() || text_size(longer).width < canvas_.cols - line_height())
        lines.back() = longer;
      else
        lines.push_back(word);
    }
    return lines;
  }

  // OpenCV counts from pixel centres, and with a fixed point.
  static cv::Point fixed_point(Point p) {
    constexpr double kOne = 1 << kSubpixelBits;
    return {static_cast<int>(std::lround((p.x - 0.5) * kOne)), static_cast<int>(std::lround((p.y - 0.5) * kOne))};
  }

  // Cut to the picture first: far corners do not fit a fixed-point number.
  void segment(Point a, Point b, const cv::Scalar& color, int thickness) {
    const Quad window = quad_of({-64, -64, canvas_.cols + 128, canvas_.rows + 128});
    const std::vector<Point> kept = clip(std::array<Point, 2>{a, b}, window.corners);
    if (kept.size() < 2) return;
    const Point far = *std::max_element(kept.begin(), kept.end(),
                                        [&](Point p, Point q) { return distance(kept[0], p) < distance(kept[0], q); });
    cv::line(canvas_, fixed_point(kept[0]), fixed_point(far), color, thickness, cv::LINE_AA, kSubpixelBits);
  }

  void dot(Point p) {
    if (p.x < -64 || p.y < -64 || p.x > canvas_.cols + 64 || p.y > canvas_.rows + 64) return;
    const int radius = (3 * thickness_ + 2) << kSubpixelBits;
    cv::circle(canvas_, fixed_point(p), radius, kDark, cv::FILLED, cv::LINE_AA, kSubpixelBits);
    cv::circle(canvas_, fixed_point(p), radius * 2 / 3, kSurface, cv::FILLED, cv::LINE_AA, kSubpixelBits);
  }

  cv::Mat canvas_;
  int thickness_ = 1;
  double text_scale_ = 1;
};

}  // namespace

Image annotate(ImageView scene, const Detection& detection) {
  require_detectable(scene);
  Image picture = ground_of(scene);
  Pen pen(picture.edit());
  for (const Region& region : detection.rejected)
    if (is_convex(region.quad)) pen.thin(region.quad, kRejected);
  for (const Region& region : detection.regions)
    if (region.alternative && is_convex(region.quad)) pen.thin(region.quad, kAlternative);
  int number = 0;
  for (const Region& region : detection.regions) {
    ++number;
    if (region.alternative || !is_convex(region.quad)) continue;
    pen.surface(region.quad);
    pen.tag(std::to_string(number) + " " + region.label + " " + decimal(region.confidence, 2), region.quad[0]);
  }
  if (detection.empty() && !detection.reason.empty()) pen.foot(detection.reason);
  return picture;
}

}  // namespace vitrine
