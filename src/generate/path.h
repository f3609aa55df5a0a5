#pragma once

#include <span>
#include <vector>

#include "generate/random.h"
#include "vitrine/image/geometry.h"

namespace vitrine {

using Polyline = std::vector<Point>;

/// Closed outlines that are filled together (non-zero rule, so long as overlapping ones turn the same way).
using Path = std::vector<Polyline>;

Polyline circle(Point middle, double radius);
Polyline ellipse(Point middle, double radius_x, double radius_y, double turn);
Polyline rectangle(Point corner, double width, double height);

/// From angle `from` to `to`, radians, clockwise on the page from the right.
Polyline arc(Point middle, double radius, double from, double to);
Polyline sector(Point middle, double radius, double from, double to);
Polyline ring(Point middle, double radius, double width, double from, double to);

/// An upright arch: a rectangle with a half circle on top.
Polyline arch(Point foot_middle, double width, double height);

/// Smooth curves through the points (Catmull-Rom).
Polyline smooth(std::span<const Point> points);
Polyline smooth_closed(std::span<const Point> points);

/// A pebble: a circle whose radius wavers by up to `waver`, a share of it.
Polyline blob(Random& random, Point middle, double radius, double waver);

/// A leaf outline from base to tip.
Polyline leaf_outline(Point base, Point tip, double half_width, double bend);

/// The outline of a pen's way, with round ends and joints. `width` at the start and at the end.
Path stroke(const Polyline& way, double width, double end_width);
inline Path stroke(const Polyline& way, double width) { return stroke(way, width, width); }

Point along(Point a, Point b, double share);
Point offset(Point p, double angle, double way);

}  // namespace vitrine
