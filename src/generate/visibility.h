#pragma once

#include <span>
#include <vector>

#include "generate/light.h"
#include "generate/solid.h"

namespace vitrine {

/// Bodies that keep light from what is near them, judged by distances alone: soft, and no rays are thrown.
class Blockers {
 public:
  explicit Blockers(std::vector<Solid> solids);

  bool empty() const { return bodies_.empty(); }
  Visibility at(const RoomLight& light, Vec3 p, Vec3 n) const;

 private:
  struct Body {
    Solid solid;
    double reach;  ///< No point of it is farther from its middle.
  };
  struct Near;
  Near near_point(Vec3 p, double range) const;
  Near near_line(Vec3 from, Vec3 way, double length, double range) const;
  static double nearest(const Near& near, Vec3 p, double limit);
  double seen(Vec3 p, Vec3 way, double length, double blur) const;

  std::vector<Body> bodies_;
};

/// What blockers leave of the light on a whole plane, on a coarse grid: shadows of furniture are soft.
class VisibilityMap {
 public:
  struct Extent {
    Pose pose;  ///< Origin at the corner; z is the plane's normal.
    double width = 1;
    double height = 1;
  };
  VisibilityMap() = default;  ///< Nothing is in the way.
  VisibilityMap(const Blockers& blockers, const RoomLight& light, const Extent& extent);

  Visibility at(Vec3 p) const;

 private:
  static constexpr int kColumns = 128;
  static constexpr int kRows = 96;
  const Visibility& cell(int x, int y) const { return cells_[static_cast<std::size_t>(y * kColumns + x)]; }

  Extent extent_;
  std::vector<Visibility> cells_;
};

}  // namespace vitrine
