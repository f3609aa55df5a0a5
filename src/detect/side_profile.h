#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "vitrine/image/geometry.h"

namespace vitrine {

/// A colour, or a difference of two, in L*a*b*. The fourth entry is zero: sums of four are quicker than of three.
using LabStep = cv::Vec4f;

inline float length_of(const LabStep& v) { return std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]); }

/// The colour at `p` between the pixels of `image` (32FC3), its border continued outwards.
LabStep sample_lab(const cv::Mat& image, Point p);

/// The value at `p` between the pixels of `image` (32FC1), its border continued outwards.
float sample_value(const cv::Mat& image, Point p);

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
