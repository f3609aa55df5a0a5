#include "detect/connected_areas.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace vitrine {
namespace {

// Non-zero pixels [begin, end) of a row.
struct Run {
  int y, begin, end;
  std::size_t parent;  // an earlier run of the same area, or itself
};

// Runs of a whole mask, joined where they touch from row to row.
class Runs {
 public:
  explicit Runs(const cv::Mat& mask) {
    std::size_t above = 0;  // the first run of the row above
    for (int y = 0; y < mask.rows; ++y) {
      const std::size_t first = runs_.size();
      add_row(mask.ptr(y), mask.cols, y);
      join(above, first);
      above = first;
    }
  }

  std::size_t root(std::size_t i) {
    while (runs_[i].parent != i) i = runs_[i].parent = runs_[runs_[i].parent].parent;
    return i;
  }

  const std::vector<Run>& all() const { return runs_; }

 private:
  void add_row(const std::uint8_t* row, int width, int y) {
    for (int x = 0; x < width;) {
      if (row[x] == 0) {
        ++x;
        continue;
      }
      const int begin = x;
      while (x < width && row[x] != 0) ++x;
      runs_.push_back({y, begin, x, runs_.size()});
    }
  }

  // Both rows are sorted: one walk finds all pairs that overlap.
  void join(std::size_t above, std::size_t first) {
    std::size_t upper = above;
    for (std::size_t lower = first; lower < runs_.size(); ++lower) {
      while (upper < first && runs_[upper].end <= runs_[lower].begin) ++upper;
      for (std::size_t u = upper; u < first && runs_[u].begin < runs_[lower].end; ++u) {
        const std::size_t a = root(u);
        const std::size_t b = root(lower);
        runs_[std::max(a, b)].parent = std::min(a, b);
      }
    }
  }

  std::vector<Run> runs_;
};

struct Extent {
  int pixels = 0;
  int left = 1 << 30, top = 1 << 30, right = 0, bottom = 0;

  void add(const Run& run) {
    pixels += run.end - run.begin;
    left = std::min(left, run.begin);
    right = std::max(right, run.end);
    top = std::min(top, run.y);
    bottom = run.y + 1;
  }
  double box_area() const { return static_cast<double>(right - left) * (bottom - top); }
};

// First and last pixel of a row or column.
struct Span {
  int begin = 1 << 30, end = 0;
  void add(int from, int to) {
    begin = std::min(begin, from);
    end = std::max(end, to);
  }
};

double sum_of(const std::vector<Span>& spans) {
  return std::accumulate(spans.begin(), spans.end(), 0.0,
                         [](double sum, const Span& span) { return sum + std::max(0, span.end - span.begin); });
}

ConnectedArea area_of(const std::vector<const Run*>& runs, const Extent& extent) {
  std::vector<Span> rows(static_cast<std::size_t>(extent.bottom - extent.top));
  std::vector<Span> columns(static_cast<std::size_t>(extent.right - extent.left));
  for (const Run* run : runs) {
    rows[static_cast<std::size_t>(run->y - extent.top)].add(run->begin, run->end);
    for (int x = run->begin; x < run->end; ++x)
      columns[static_cast<std::size_t>(x - extent.left)].add(run->y, run->y + 1);
  }
  ConnectedArea area;
  area.pixels = extent.pixels;
  area.box = {extent.left, extent.top, extent.right - extent.left, extent.bottom - extent.top};
  area.filled = std::min(sum_of(rows), sum_of(columns));
  area.outline.reserve(4 * rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto y = static_cast<float>(extent.top + static_cast<int>(i));
    for (const int x : {rows[i].begin, rows[i].end})
      for (const float corner : {y, y + 1}) area.outline.emplace_back(static_cast<float>(x), corner);
  }
  return area;
}

}  // namespace

std::vector<ConnectedArea> connected_areas(const cv::Mat& mask, double min_pixels, double max_box,
                                           std::size_t max_count) {
  Runs runs(mask);
  std::vector<Extent> extents(runs.all().size());
  for (std::size_t i = 0; i < extents.size(); ++i) extents[runs.root(i)].add(runs.all()[i]);
  std::vector<std::size_t> roots;
  for (std::size_t i = 0; i < extents.size(); ++i)
    if (extents[i].pixels >= std::max(1.0, min_pixels) && extents[i].box_area() <= max_box) roots.push_back(i);
  std::stable_sort(roots.begin(), roots.end(),
                   [&](std::size_t a, std::size_t b) { return extents[a].pixels > extents[b].pixels; });
  if (roots.size() > max_count) roots.resize(max_count);

  std::vector<std::size_t> place(extents.size(), roots.size());
  for (std::size_t k = 0; k < roots.size(); ++k) place[roots[k]] = k;
  std::vector<std::vector<const Run*>> members(roots.size() + 1);
  for (std::size_t i = 0; i < extents.size(); ++i) members[place[runs.root(i)]].push_back(&runs.all()[i]);
  std::vector<ConnectedArea> areas;
  for (std::size_t k = 0; k < roots.size(); ++k) areas.push_back(area_of(members[k], extents[roots[k]]));
  return areas;
}

}  // namespace vitrine
