#include "generate/bfl_size.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace vitrine {
namespace {

constexpr double kFarthest = 0.05;  // of the ratio: more would show as a picture that does not fit its frame

struct Resolution {
  std::string_view word;
  double megapixels;
};
constexpr std::array<Resolution, 5> kResolutions{
    {{"768sq", 0.59}, {"1k", 1.05}, {"1.5k", 2.4}, {"2k", 4.2}, {"4k", 16.8}}};

// 16.0 / 9 for "16:9"; 0 for a word such as "auto".
double value_of(std::string_view ratio) {
  const auto colon = ratio.find(':');
  if (colon == std::string_view::npos) return 0;
  int width = 0;
  int height = 1;
  std::from_chars(ratio.data(), ratio.data() + colon, width);
  std::from_chars(ratio.data() + colon + 1, ratio.data() + ratio.size(), height);
  return static_cast<double>(width) / height;
}

}  // namespace

std::string ratio_of(Size size) {
  const int divisor = std::gcd(size.width, size.height);
  return std::to_string(size.width / divisor) + ":" + std::to_string(size.height / divisor);
}

std::string nearest_ratio(std::string_view words, Size size) {
  const double wanted = static_cast<double>(size.width) / size.height;
  std::string_view best;
  double distance = std::numeric_limits<double>::infinity();
  for (std::size_t start = 0; start <= words.size();) {
    const std::size_t end = std::min(words.find('|', start), words.size());
    const std::string_view word = words.substr(start, end - start);
    start = end + 1;
    const double ratio = value_of(word);
    if (ratio <= 0 || std::abs(std::log(wanted / ratio)) >= distance) continue;
    distance = std::abs(std::log(wanted / ratio));
    best = word;
  }
  if (distance > std::log1p(kFarthest) + 1e-9)  // a hair of room for rounding
    throw std::invalid_argument("The picture is to be " + std::to_string(size.width) + " x " +
                                std::to_string(size.height) + " pixels; the model makes none of that ratio, but only " +
                                std::string(words) + ". Choose a size of such a ratio, or {0, 0} and aspect_ratio.");
  return std::string(best);
}

std::string_view nearest_resolution(Size size) {
  const double wanted = static_cast<double>(size.width) * size.height / 1e6;
  const auto farther = [&](const Resolution& a, const Resolution& b) {
    return std::abs(std::log(a.megapixels / wanted)) < std::abs(std::log(b.megapixels / wanted));
  };
  return std::min_element(kResolutions.begin(), kResolutions.end(), farther)->word;
}

}  // namespace vitrine
