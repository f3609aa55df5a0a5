#include "compose/relief.h"

#include <algorithm>
#include <cmath>

namespace vitrine {

Point Relief::moved(Point p) const {
  const double u = std::clamp((p.x - box.x) / step - 0.5, 0.0, columns - 1.0);
  const double v = std::clamp((p.y - box.y) / step - 0.5, 0.0, rows - 1.0);
  const int c0 = std::min(static_cast<int>(u), std::max(0, columns - 2));
  const int r0 = std::min(static_cast<int>(v), std::max(0, rows - 2));
  const int c1 = std::min(c0 + 1, columns - 1);
  const int r1 = std::min(r0 + 1, rows - 1);
  const double du = u - c0;
  const double dv = v - r0;
  const auto at = [&](int column, int row, std::size_t axis) {
    return static_cast<double>(
        shift[2 * (static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column)) + axis]);
  };
  const auto mean = [&](std::size_t axis) {
    const double top = at(c0, r0, axis) + du * (at(c1, r0, axis) - at(c0, r0, axis));
    const double bottom = at(c0, r1, axis) + du * (at(c1, r1, axis) - at(c0, r1, axis));
    return top + dv * (bottom - top);
  };
  return {p.x + mean(0), p.y + mean(1)};
}

double Relief::most() const {
  double longest = 0;
  for (std::size_t i = 0; i + 1 < shift.size(); i += 2)
    longest = std::max(longest, std::hypot(static_cast<double>(shift[i]), static_cast<double>(shift[i + 1])));
  return longest;
}

}  // namespace vitrine
