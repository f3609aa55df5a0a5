#include "detect/working_scene.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "detect/lab_color.h"

namespace vitrine {
namespace {

constexpr double kSmallShare = 0.5;  // of the working size, for whole areas

Size working_size(Size size, int working_side) {
  const double scale = std::min(1.0, static_cast<double>(working_side) / std::max(size.width, size.height));
  const auto scaled = [&](int side) { return std::max(1, static_cast<int>(std::lround(side * scale))); };
  return {scaled(size.width), scaled(size.height)};
}

cv::Mat reduced(const cv::Mat& image, Size size) {
  if (image.cols == size.width && image.rows == size.height) return image;
  cv::Mat small;
  cv::resize(image, small, cv::Size(size.width, size.height), 0, 0, cv::INTER_AREA);
  return small;
}

// Colour times alpha, so that the colour under transparent pixels does not bleed into their neighbours.
cv::Mat premultiplied(const cv::Mat& rgba) {
  cv::Mat rgb(rgba.size(), CV_8UC3);
  for (int y = 0; y < rgba.rows; ++y) {
    const std::uint8_t* from = rgba.ptr(y);
    std::uint8_t* to = rgb.ptr(y);
    for (int x = 0; x < rgba.cols; ++x, from += 4, to += 3)
      for (int c = 0; c < 3; ++c) to[c] = static_cast<std::uint8_t>((from[c] * from[3] + 127) / 255);
  }
  return rgb;
}

// Transparency must differ from what surrounds it: white behind dark things, dark grey behind light ones.
double contrasting_ground(const cv::Mat& premultiplied_rgb, const cv::Mat& alpha) {
  const cv::Mat visible = alpha > 200;
  if (cv::countNonZero(visible) == 0) return 255;
  const cv::Scalar mean = cv::mean(premultiplied_rgb, visible);
  return (mean[0] + mean[1] + mean[2]) / 3 < 170 ? 255 : 90;
}

void lay_on_ground(cv::Mat& premultiplied_rgb, const cv::Mat& alpha) {
  const double ground = contrasting_ground(premultiplied_rgb, alpha);
  for (int y = 0; y < alpha.rows; ++y) {
    const std::uint8_t* opacity = alpha.ptr(y);
    std::uint8_t* pixel = premultiplied_rgb.ptr(y);
    for (int x = 0; x < alpha.cols; ++x)
      for (int c = 0; c < 3; ++c, ++pixel)
        *pixel = cv::saturate_cast<std::uint8_t>(*pixel + ground * (255 - opacity[x]) / 255);
  }
}

// The scene in rgb at working size; sets `alpha` if there is any transparency.
cv::Mat reduced_rgb(WorkingScene& working, ImageView scene) {
  const cv::Mat pixels = borrowed_matrix(scene);
  cv::Mat rgb;
  if (scene.format == PixelFormat::gray8) {
    cv::cvtColor(reduced(pixels, working.size), rgb, cv::COLOR_GRAY2RGB);
    return rgb;
  }
  if (scene.format == PixelFormat::rgb8) return reduced(pixels, working.size);
  if (!has_transparency(scene)) {
    cv::cvtColor(reduced(pixels, working.size), rgb, cv::COLOR_RGBA2RGB);
    return rgb;
  }
  cv::Mat opacity;
  cv::extractChannel(pixels, opacity, 3);
  working.alpha = reduced(opacity, working.size);
  rgb = reduced(premultiplied(pixels), working.size);
  lay_on_ground(rgb, working.alpha);
  return rgb;
}

cv::Mat gradient_length(const cv::Mat& lab, double gain) {
  cv::Mat smooth, dx, dy;
  cv::GaussianBlur(lab, smooth, cv::Size(3, 3), 0.6);
  cv::Sobel(smooth, dx, CV_32F, 1, 0, 3, gain / 8);
  cv::Sobel(smooth, dy, CV_32F, 0, 1, 3, gain / 8);
  cv::Mat length(lab.size(), CV_32F);
  for (int y = 0; y < lab.rows; ++y) {
    const float* gx = dx.ptr<float>(y);
    const float* gy = dy.ptr<float>(y);
    float* out = length.ptr<float>(y);
    for (int x = 0; x < lab.cols; ++x, gx += 4, gy += 4)
      out[x] = std::sqrt(gx[0] * gx[0] + gx[1] * gx[1] + gx[2] * gx[2] + gy[0] * gy[0] + gy[1] * gy[1] + gy[2] * gy[2]);
  }
  return length;
}

}  // namespace

cv::Mat borrowed_matrix(ImageView image) {
  const int type = CV_8UC(channels(image.format));
  // OpenCV has no const matrices; nothing writes through this one.
  auto* data = const_cast<std::uint8_t*>(image.data);
  return {image.height(), image.width(), type, data, static_cast<std::size_t>(image.stride)};
}

WorkingScene make_working_scene(ImageView scene, int working_side) {
  WorkingScene working;
  working.size = working_size(scene.size, working_side);
  working.scale_x = static_cast<double>(working.size.width) / scene.width();
  working.scale_y = static_cast<double>(working.size.height) / scene.height();
  working.diagonal = std::hypot(working.size.width, working.size.height);
  working.pixels = static_cast<double>(working.size.width) * working.size.height;
  const cv::Mat rgb = reduced_rgb(working, scene);
  // Smoothed while it is small in memory: eight bits carry as much as the scene does.
  cv::Mat smooth;
  cv::GaussianBlur(rgb, smooth, cv::Size(5, 5), 0.8);
  working.lab = lab_from_rgb(smooth);

  const auto half = [](int side) {
    return std::max(std::min(side, 8), static_cast<int>(std::lround(side * kSmallShare)));
  };
  const Size small{half(working.size.width), half(working.size.height)};
  working.small_rgb = reduced(rgb, small);
  working.small_lab = lab_from_rgb(working.small_rgb);
  if (!working.alpha.empty()) working.small_alpha = reduced(working.alpha, small);
  working.small_gradient = gradient_length(working.small_lab, working.small_scale_x());
  return working;
}

double visible_share(const WorkingScene& scene) {
  return scene.alpha.empty() ? 1 : cv::countNonZero(scene.alpha > 127) / scene.pixels;
}

Quad WorkingScene::to_scene(const Quad& quad_in_working) const {
  Quad quad = quad_in_working;
  for (Point& p : quad.corners) p = {p.x / scale_x, p.y / scale_y};
  return quad;
}

Quad WorkingScene::from_small(const Quad& quad_in_small) const {
  Quad quad = quad_in_small;
  for (Point& p : quad.corners) p = {p.x / small_scale_x(), p.y / small_scale_y()};
  return quad;
}

}  // namespace vitrine
