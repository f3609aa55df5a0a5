#pragma once

#include <optional>
#include <string>

#include "generate/camera.h"
#include "generate/material.h"
#include "vitrine/image/image.h"

namespace vitrine {

enum class PanelKind { frame, canvas, poster, screen, sheet };

const char* name_of(PanelKind kind) noexcept;

/// A rectangle on a panel's own plane, in metres; x right, y down.
struct PanelRect {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
};

inline bool holds(const PanelRect& rect, double x, double y) {
  return x > rect.left && x < rect.right && y > rect.top && y < rect.bottom;
}

/// Distance to the rectangle's border, negative inside.
double distance_to(const PanelRect& rect, double x, double y);

/// A flat thing that carries a picture: a frame, a canvas, a poster, a screen, a sheet.
struct Panel {
  PanelKind kind = PanelKind::frame;
  Pose pose;                ///< Origin in the middle of its back; x right, y down, z towards the viewer.
  double half_width = 0.3;  ///< Of what lies inside the bars.
  double half_height = 0.4;
  double bar_x = 0.02;    ///< Width of the bars left and right; 0: none.
  double bar_y = 0.02;    ///< Of those above and below.
  double depth = 0.025;   ///< From its back to the front of its bars.
  double recess = 0.006;  ///< From the front of the bars to the picture.
  double mat = 0;         ///< Width of the mat around the picture.
  double corner = 0;      ///< Outer corner radius.
  Material bars;
  Rgb mat_colour{0.85F, 0.85F, 0.83F};
  Rgb blank{0.92F, 0.92F, 0.92F};  ///< Albedo of the picture where nothing is printed.
  float weave = 0;                 ///< Strength of the canvas texture.
  float glow = 0;                  ///< Light that a screen sends by itself.
  bool flush = true;               ///< Its back lies on the wall or table.
  std::string adjective;           ///< "oak", "black", …
  Image art;                       ///< rgb8, shown there when the place is `filled`.
  PanelRect opening;               ///< Of the picture, as the camera sees it between the bars. Set by settle().
  Quad quad;                       ///< The same in pixels. Set by settle().

  double picture_z() const { return depth - recess; }
  PanelRect picture() const { return {mat - half_width, mat - half_height, half_width - mat, half_height - mat}; }
  PanelRect outer() const {
    return {-half_width - bar_x, -half_height - bar_y, half_width + bar_x, half_height + bar_y};
  }
};

/// `panel` with its visible opening for `camera`: bars stand proud of the picture and hide some of it from the side.
Panel settle(Panel panel, const Camera& camera);

enum class PanelPart { picture, bevel, mat, bars, lip, side };  // bevel: the mat's cut edge

/// Away from a panel's middle across one of its edges: 0 top, 1 right, 2 bottom, 3 left.
Vec3 outward(int edge);

struct PanelHit {
  double t = 0;
  Vec3 local;
  Vec3 normal;  ///< In the panel's pose.
  PanelPart part = PanelPart::picture;
  int edge = 0;  ///< Which bar or side, as in outward().
};

std::optional<PanelHit> meet(const Panel& panel, const Ray& ray, double limit);

/// The picture's plane under a pixel, whether or not something hides it.
Vec3 picture_point(const Panel& panel, const Ray& ray);

}  // namespace vitrine
