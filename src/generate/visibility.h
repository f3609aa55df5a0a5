#pragma once

#include <span>
#include <vector>

#include "generate/light.h"
#include "generate/solid.h"

namespace vitrine {

/// What bodies around `p` leave of the light there, from their distances alone: dark in corners and under things.
Visibility visibility_at(std::span<const Solid> solids, const RoomLight& light, Vec3 p, Vec3 n);

/// The same for a whole plane, on a coarse grid: shadows of furniture are soft.
class VisibilityMap {
 public:
  struct Extent {
    Pose pose;  ///< Origin at the corner; z is the plane's normal.
    double width = 1;
    double height = 1;
  };
  VisibilityMap() = default;  ///< Nothing is in the way.
  VisibilityMap(std::span<const Solid> solids, const RoomLight& light, const Extent& extent);

  Visibility at(Vec3 p) const;

 private:
  static constexpr int kColumns = 144;
  static constexpr int kRows = 104;
  const Visibility& cell(int x, int y) const { return cells_[static_cast<std::size_t>(y * kColumns + x)]; }

  Extent extent_;
  std::vector<Visibility> cells_;
};

}  // namespace vitrine
