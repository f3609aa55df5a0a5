#include "vitrine/image/color_difference.h"

#include <cmath>

namespace vitrine {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kDegree = kPi / 180;

double pow7(double value) { return value * value * value * value * value * value * value; }

// How much of a and b counts once greys are stretched: sqrt(C^7 / (C^7 + 25^7)).
double chroma_weight(double chroma) {
  const double power = pow7(chroma);
  return std::sqrt(power / (power + pow7(25)));
}

double hue_of(double a, double b) {
  if (a == 0 && b == 0) return 0;
  const double degrees = std::atan2(b, a) / kDegree;
  return degrees < 0 ? degrees + 360 : degrees;
}

// Between two hues the short way; of a colour without hue, the other's.
struct Hues {
  double difference;
  double mean;
};

Hues compare_hues(double one, double other, bool grey) {
  if (grey) return {0, one + other};
  const double apart = other - one;
  const double sum = one + other;
  if (std::abs(apart) <= 180) return {apart, sum / 2};
  return {apart > 180 ? apart - 360 : apart + 360, sum < 360 ? (sum + 360) / 2 : (sum - 360) / 2};
}

double square(double value) { return value * value; }

}  // namespace

Lab lab_from_linear(const std::array<float, 3>& rgb) {
  const double r = static_cast<double>(rgb[0]), g = static_cast<double>(rgb[1]), b = static_cast<double>(rgb[2]);
  // Rows sum to the white point, so that greys have no hue.
  const double x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.9504700;
  const double y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b;
  const double z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.0888300;
  const auto curve = [](double t) { return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116; };
  return {116 * curve(y) - 16, 500 * (curve(x) - curve(y)), 200 * (curve(y) - curve(z))};
}

double delta_e_2000(const Lab& one, const Lab& other) {
  const double mean_chroma = (std::hypot(one.a, one.b) + std::hypot(other.a, other.b)) / 2;
  const double stretch = 1 + (1 - chroma_weight(mean_chroma)) / 2;
  const double a1 = one.a * stretch, a2 = other.a * stretch;
  const double c1 = std::hypot(a1, one.b), c2 = std::hypot(a2, other.b);
  const Hues hue = compare_hues(hue_of(a1, one.b), hue_of(a2, other.b), c1 * c2 == 0);
  const double lightness = (one.lightness + other.lightness) / 2;
  const double chroma = (c1 + c2) / 2;

  const double t = 1 - 0.17 * std::cos((hue.mean - 30) * kDegree) + 0.24 * std::cos(2 * hue.mean * kDegree) +
                   0.32 * std::cos((3 * hue.mean + 6) * kDegree) - 0.20 * std::cos((4 * hue.mean - 63) * kDegree);
  const double off_middle = square(lightness - 50);
  const double dl = (other.lightness - one.lightness) / (1 + 0.015 * off_middle / std::sqrt(20 + off_middle));
  const double dc = (c2 - c1) / (1 + 0.045 * chroma);
  const double dh = 2 * std::sqrt(c1 * c2) * std::sin(hue.difference / 2 * kDegree) / (1 + 0.015 * chroma * t);
  const double turn = 30 * std::exp(-square((hue.mean - 275) / 25));
  const double blue = -2 * chroma_weight(chroma) * std::sin(2 * turn * kDegree);
  return std::sqrt(square(dl) + square(dc) + square(dh) + blue * dc * dh);
}

}  // namespace vitrine
