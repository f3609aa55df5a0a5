#pragma once

#include <vector>

#include "generate/shading.h"

namespace vitrine {

/// Finds what each pixel's ray meets. Keeps a reference to the room, which must outlive it.
class Tracer {
 public:
  explicit Tracer(const Room& room);
  explicit Tracer(Room&&) = delete;

  /// `pixel` may lie anywhere in row `y`; only bodies whose outline reaches that row are tried.
  RoomHit trace(const Ray& ray, Point pixel) const;

 private:
  struct Reach {
    double left = -1e30;
    double top = -1e30;
    double right = 1e30;
    double bottom = 1e30;
    bool holds(Point p) const { return p.x >= left && p.x <= right && p.y >= top && p.y <= bottom; }
  };
  Reach reach_of(const Pose& pose, Vec3 half) const;

  const Room& room_;
  std::vector<Reach> solids_;
  std::vector<Reach> panels_;
};

}  // namespace vitrine
