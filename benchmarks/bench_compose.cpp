// Our warp and OpenCV's (Debian's) on one artwork, asked for line by line, so that a driver can run other peers between:
//   bench_compose ART.png
// Each line is a verb, eight numbers of a quad, width and height of the scene, threads and a file, "-" for none:
//   ours, opencv_linear, opencv_4x4   warp; the answer is CPU milliseconds and wall milliseconds; the file gets rgb bytes
//   reference                         the file gets 64 bilinear samples a pixel averaged in linear light, floats from 0 to 255
//   coverage                          the file gets the exact share of each pixel inside the quad, floats
#include <sys/resource.h>
#include <vitrine/vitrine.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <vector>

namespace {

using vitrine::Image;
using vitrine::PixelFormat;
using vitrine::Point;
using vitrine::Quad;
using vitrine::Size;

struct Order {
  std::string verb;
  Quad quad;
  Size size;
  int threads = 1;
  std::string file;
};

bool read_order(std::istream& in, Order& order) {
  in >> order.verb;
  for (Point& p : order.quad.corners) in >> p.x >> p.y;
  return static_cast<bool>(in >> order.size.width >> order.size.height >> order.threads >> order.file);
}

void write_bytes(const std::string& file, const void* data, std::size_t size) {
  if (file == "-") return;
  std::ofstream(file, std::ios::binary).write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
}

double cpu_milliseconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto of = [](timeval t) { return 1e3 * static_cast<double>(t.tv_sec) + 1e-3 * static_cast<double>(t.tv_usec); };
  return of(used.ru_utime) + of(used.ru_stime);
}

// What the warps share: the artwork, and the tables that linear light takes.
class Bench {
 public:
  explicit Bench(const std::string& artwork) : artwork_(vitrine::convert(vitrine::read_image(artwork), PixelFormat::rgb8)) {
    for (int i = 0; i < 256; ++i)
      linear_.at<std::uint16_t>(0, i) = static_cast<std::uint16_t>(vitrine::linear_from_srgb8()[static_cast<std::size_t>(i)] * 65535 + 0.5F);
    for (std::size_t i = 0; i < encoded_.size(); ++i) encoded_[i] = vitrine::srgb8_from_linear(static_cast<float>(i) / 65535);
  }

  void answer(const Order& order) {
    if (order.verb == "reference") return write_floats(order, reference(order));
    if (order.verb == "coverage") return write_floats(order, coverage(order));
    prepare(order);
    const double cpu = cpu_milliseconds();
    const auto wall = std::chrono::steady_clock::now();
    if (order.verb == "ours")
      mockup_ = compositor_->render(*room_, {placement_}, {.threads = order.threads});
    else if (order.verb == "opencv_linear")
      cv::warpPerspective(source(), result_, map_, {order.size.width, order.size.height}, cv::INTER_LINEAR);
    else
      supersample(order.size);
    const double took = cpu_milliseconds() - cpu;
    const std::chrono::duration<double, std::milli> waited = std::chrono::steady_clock::now() - wall;
    const std::size_t bytes = static_cast<std::size_t>(order.size.width) * static_cast<std::size_t>(order.size.height) * 3;
    write_bytes(order.file, order.verb == "ours" ? mockup_.row(0) : result_.data, bytes);
    std::cout << took << ' ' << waited.count() << std::endl;
  }

 private:
  cv::Mat source() const {
    return {artwork_.height(), artwork_.width(), CV_8UC3, const_cast<std::uint8_t*>(artwork_.row(0)),
            static_cast<std::size_t>(artwork_.view().stride)};
  }

  // Everything that is done once for many artworks, or for many renders of one.
  void prepare(const Order& order) {
    cv::setNumThreads(order.threads);
    // OpenCV counts from the centre of the first pixel, we from its corner.
    const vitrine::Homography to_corner{{1, 0, 0.5, 0, 1, 0.5, 0, 0, 1}};
    const vitrine::Homography map = to_corner.inverse() * vitrine::scene_from_artwork(order.quad, artwork_.size()) * to_corner;
    map_ = cv::Mat(3, 3, CV_64F, const_cast<double*>(map.m.data())).clone();
    placement_ = {.artwork = artwork_, .fit = vitrine::Fit::stretch, .look = {.light = vitrine::Light::flat}};
    room_ = compositor_->prepare(Image(order.size, PixelFormat::rgb8),
                                 {vitrine::Region{.quad = order.quad, .shows = vitrine::Shows::filled}});
    result_.create(order.size.height, order.size.width, CV_8UC3);
  }

  // What gives OpenCV our quality: 16 samples a pixel, averaged in linear light.
  void supersample(Size size) {
    cv::LUT(source(), linear_, wide_);
    const cv::Mat finer = (cv::Mat_<double>(3, 3) << 4, 0, 1.5, 0, 4, 1.5, 0, 0, 1);
    cv::warpPerspective(wide_, large_, finer * map_, {4 * size.width, 4 * size.height}, cv::INTER_LINEAR);
    cv::resize(large_, small_, {size.width, size.height}, 0, 0, cv::INTER_AREA);
    for (int y = 0; y < size.height; ++y)
      std::transform(small_.ptr<std::uint16_t>(y), small_.ptr<std::uint16_t>(y) + static_cast<std::ptrdiff_t>(3) * size.width,
                     result_.ptr(y), [this](std::uint16_t value) { return encoded_[value]; });
  }

  // Bilinear between the centres of pixels.
  std::array<double, 3> sample(Point p) const {
    const double x = std::clamp(p.x - 0.5, 0.0, artwork_.width() - 1.001);
    const double y = std::clamp(p.y - 0.5, 0.0, artwork_.height() - 1.001);
    const std::ptrdiff_t left = static_cast<std::ptrdiff_t>(x);
    const auto top = static_cast<int>(y);
    const double u = x - static_cast<double>(left);
    const double v = y - top;
    const auto& linear = vitrine::linear_from_srgb8();
    std::array<double, 3> color{};
    for (std::ptrdiff_t c = 0; c < 3; ++c) {
      const auto at = [&](int row, std::ptrdiff_t column) { return static_cast<double>(linear[artwork_.row(row)[3 * column + c]]); };
      color[static_cast<std::size_t>(c)] = (1 - v) * ((1 - u) * at(top, left) + u * at(top, left + 1)) +
                                           v * ((1 - u) * at(top + 1, left) + u * at(top + 1, left + 1));
    }
    return color;
  }

  std::vector<float> reference(const Order& order) const {
    constexpr int kSamples = 8;
    const vitrine::Homography map = vitrine::scene_from_artwork(order.quad, artwork_.size()).inverse();
    std::vector<float> values;
    for (int y = 0; y < order.size.height; ++y)
      for (int x = 0; x < order.size.width; ++x) {
        std::array<double, 3> sum{};
        for (int i = 0; i < kSamples * kSamples; ++i) {
          const auto color = sample(map(Point{x + (i % kSamples + 0.5) / kSamples, y + (i / kSamples + 0.5) / kSamples}));
          for (std::size_t c = 0; c < 3; ++c) sum[c] += color[c] / (kSamples * kSamples);
        }
        for (const double light : sum) values.push_back(255 * vitrine::srgb_from_linear(static_cast<float>(light)));
      }
    return values;
  }

  static std::vector<float> coverage(const Order& order) {
    std::vector<float> values;
    for (int y = 0; y < order.size.height; ++y)
      for (int x = 0; x < order.size.width; ++x) {
        const auto part = vitrine::clip(vitrine::quad_of({x, y, 1, 1}).corners, order.quad.corners);
        values.push_back(static_cast<float>(std::abs(vitrine::signed_area(part))));
      }
    return values;
  }

  static void write_floats(const Order& order, const std::vector<float>& values) {
    write_bytes(order.file, values.data(), values.size() * sizeof(float));
    std::cout << "done" << std::endl;
  }

  std::unique_ptr<vitrine::Compositor> compositor_ = vitrine::make_perspective_compositor();
  Image artwork_;
  vitrine::Placement placement_;
  std::optional<vitrine::Template> room_;
  Image mockup_;
  cv::Mat map_, result_, wide_, large_, small_;
  cv::Mat linear_ = cv::Mat(1, 256, CV_16U);
  std::array<std::uint8_t, 65536> encoded_{};
};

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  Bench bench(arguments[1]);
  std::cout << "ready" << std::endl;
  for (Order order; read_order(std::cin, order);) bench.answer(order);
}
