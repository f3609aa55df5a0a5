#pragma once

#include <vector>

#include "generate/leaf.h"
#include "generate/random.h"

namespace vitrine {

/// How much of a distant light reaches each point of a wall, in [0, 1]: the soft shadows of a window, blinds and
/// leaves.
class ShadeMap {
 public:
  ShadeMap() = default;  ///< Light everywhere.

  /// `side` metres square around `middle`, fully lit.
  ShadeMap(Point middle, double side);

  bool empty() const { return cells_.empty(); }
  float at(Point p) const;  ///< Smooth between the cells; the border's value outside.

  /// Darkens what the leaf covers.
  void shade(const LeafShape& leaf, float opacity);

  /// Lets light only through a window of panes: in its own frame, x and y in [-1, 1]; `sheared` moves x with y.
  struct Window {
    Point middle;
    double half_width = 0.5;
    double half_height = 0.7;
    double shear = 0;  ///< Rise of y per x.
    int columns = 2;
    int rows = 3;
    double bar = 0.04;
  };
  void mask(const Window& window);

  /// Softens by a deviation of about `sigma` metres.
  void blur(double sigma);

 private:
  static constexpr int kCells = 640;
  Point corner_;
  double cell_ = 1;
  std::vector<float> cells_;
};

/// A branch seen as a shadow: leaves on both sides of a bowed line from `from` to `to`.
std::vector<LeafShape> make_branch(Random& random, Point from, Point to, double leaf_length);

}  // namespace vitrine
