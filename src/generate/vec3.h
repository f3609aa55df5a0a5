#pragma once

#include <cmath>

namespace vitrine {

/// A point or direction in a room, in metres. On a wall x is right, y up, and z comes out of it towards the camera.
struct Vec3 {
  double x = 0;
  double y = 0;
  double z = 0;
  friend Vec3 operator+(Vec3 a, Vec3 b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
  friend Vec3 operator-(Vec3 a, Vec3 b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
  friend Vec3 operator*(Vec3 a, double s) { return {a.x * s, a.y * s, a.z * s}; }
  friend Vec3 operator-(Vec3 a) { return {-a.x, -a.y, -a.z}; }
};

inline double dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
inline double length(Vec3 a) { return std::sqrt(dot(a, a)); }
inline Vec3 unit(Vec3 a) { return a * (1 / length(a)); }
inline Vec3 cross(Vec3 a, Vec3 b) { return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x}; }

/// Three orthonormal axes at an origin: the pose of an object in the room.
struct Pose {
  Vec3 origin;
  Vec3 x{1, 0, 0};
  Vec3 y{0, 1, 0};
  Vec3 z{0, 0, 1};

  Vec3 room_from_local(Vec3 p) const { return origin + turn_out(p); }
  Vec3 local_from_room(Vec3 p) const { return turn_in(p - origin); }
  Vec3 turn_out(Vec3 d) const { return x * d.x + y * d.y + z * d.z; }
  Vec3 turn_in(Vec3 d) const { return {dot(d, x), dot(d, y), dot(d, z)}; }
};

/// `a` turned by `angle` (radians) about unit `axis` (Rodrigues).
inline Vec3 turned(Vec3 a, Vec3 axis, double angle) {
  const double c = std::cos(angle);
  return a * c + cross(axis, a) * std::sin(angle) + axis * (dot(axis, a) * (1 - c));
}

inline Pose turned(Pose pose, Vec3 axis, double angle) {
  return {pose.origin, turned(pose.x, axis, angle), turned(pose.y, axis, angle), turned(pose.z, axis, angle)};
}

}  // namespace vitrine
