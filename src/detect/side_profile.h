#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <opencv2/core.hpp>

#include "vitrine/image/geometry.h"

namespace vitrine {

/// A colour, or a difference of two, in L*a*b*; the last of the four is zero, or whatever goes along with it.
using LabStep = float __attribute__((vector_size(16)));

inline float dot(const LabStep& a, const LabStep& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
inline float length_of(const LabStep& v) { return std::sqrt(dot(v, v)); }

/// The colour at `p` between the pixels of `image` (32FC4, at least 2 x 2), its border continued outwards.
inline LabStep sample_lab(const cv::Mat& image, Point p) {
  const float x = std::clamp(static_cast<float>(p.x) - 0.5f, 0.0f, static_cast<float>(image.cols - 1));
  const float y = std::clamp(static_cast<float>(p.y) - 0.5f, 0.0f, static_cast<float>(image.rows - 1));
  const int x0 = std::min(static_cast<int>(x), image.cols - 2);
  const int y0 = std::min(static_cast<int>(y), image.rows - 2);
  const float tx = x - static_cast<float>(x0);
  const float ty = y - static_cast<float>(y0);
  const float* top = image.ptr<float>(y0) + 4 * x0;
  const float* bottom = image.ptr<float>(y0 + 1) + 4 * x0;
  LabStep a, b, c, d;
  std::memcpy(&a, top, sizeof a);
  std::memcpy(&b, top + 4, sizeof b);
  std::memcpy(&c, bottom, sizeof c);
  std::memcpy(&d, bottom + 4, sizeof d);
  const LabStep upper = a + (b - a) * tx;
  const LabStep lower = c + (d - c) * tx;
  return upper + (lower - upper) * ty;
}

/// The value of the pixel of `image` (32FC1) that `p` lies in, its border continued outwards.
inline float value_at(const cv::Mat& image, Point p) {
  const int x = std::clamp(static_cast<int>(p.x), 0, image.cols - 1);
  const int y = std::clamp(static_cast<int>(p.y), 0, image.rows - 1);
  return image.ptr<float>(y)[x];
}

/// One side of a clockwise quad, from `begin` to `end`; `inward` is the unit normal that points inside.
struct Side {
  Point begin, end;
  Point inward;

  double length() const { return distance(begin, end); }
  Point at(double share, double offset_inward) const {
    return {begin.x + share * (end.x - begin.x) + offset_inward * inward.x,
            begin.y + share * (end.y - begin.y) + offset_inward * inward.y};
  }
};

Side side_of(const Quad& quad, std::size_t i);

/// The quad whose side i lies on the line through the ends of `sides[i]`; not finite where neighbours are parallel.
Quad quad_from_sides(const std::array<Side, 4>& sides);

}  // namespace vitrine
