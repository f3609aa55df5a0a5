#include "compose/filter_tables.h"

#include <algorithm>
#include <cmath>

#include "compose/row_pairs.h"

namespace vitrine {
namespace {

constexpr double kExtentStep = 1.0 / 32;
constexpr int kAreaStepLog2 = 5;  // an area's entries are rounded to this power of one half of the largest one

double tent_integral(double t) {
  t = std::clamp(t, -1.0, 1.0);
  const double tail = (1 - std::abs(t)) * (1 - std::abs(t)) / 2;
  return t < 0 ? tail : 1 - tail;
}

// Of the Catmull-Rom kernel (Keys, 1981, a = -1/2): 0.5 + t - 5/6 t^3 + 3/8 t^4 on [0, 1], and on [1, 2]
// 1/3 + 2 t - 2 t^2 + 5/6 t^3 - 1/8 t^4, made odd about one half.
double catmull_rom_integral(double t) {
  const double s = std::min(std::abs(t), 2.0);
  const double odd = s < 1 ? s - 5.0 / 6 * s * s * s + 0.375 * s * s * s * s
                           : -1.0 / 6 + 2 * s - 2 * s * s + 5.0 / 6 * s * s * s - 0.125 * s * s * s * s;
  return 0.5 + std::copysign(odd, t);
}

Span span_of(double reach, int phases_log2) {
  return {phases_log2, static_cast<float>(reach + 0.5), static_cast<int>(std::ceil(2 * reach - 1e-6))};
}

// Where tap 0 lies from the centre, in texels, at that phase.
double first_tap(const Span& span, int phase) {
  return 1 - std::ldexp(phase, -span.phases_log2) - (static_cast<double>(span.before) - 0.5);
}

Span axis_span(double extent) {
  // Interpolation shows the steps of its phases where an artwork is magnified; averages do not.
  return span_of(kernel_reach(extent) + box_width(extent) / 2, extent < 2 ? 8 : 6);
}

double axis_weight(double extent, double t) {
  const double half = box_width(extent) / 2;
  return (kernel_integral(extent, t + half) - kernel_integral(extent, t - half)) / (2 * half);
}

// Rounds shares that sum to one so that the results sum to kWeightOne: what is left goes to the largest.
std::vector<int> rounded(const std::vector<double>& shares) {
  std::vector<int> weights(shares.size());
  int left = kWeightOne;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    weights[i] = static_cast<int>(std::lround(shares[i] * kWeightOne));
    left -= weights[i];
  }
  int& largest = *std::max_element(weights.begin(), weights.end());
  largest = std::min(largest + left, kWeightOne - 1);
  return weights;
}

std::int32_t paired(int even, int odd) {
  return static_cast<std::int32_t>((static_cast<std::uint32_t>(odd) << 16U) | (static_cast<std::uint32_t>(even) & 0xFFFFU));
}

int pairs_for(int taps) { return taps / 2 + 1; }

ColumnFilter make_columns(double extent) {
  ColumnFilter filter;
  filter.span = axis_span(extent);
  filter.groups = (filter.span.taps + kColumnGroup - 1) / kColumnGroup;
  const int phases = 1 << filter.span.phases_log2;
  const auto width = static_cast<std::size_t>(filter.groups * kColumnGroup);
  filter.weights.resize(static_cast<std::size_t>(phases) * width + kTableSlack);
  for (int phase = 0; phase < phases; ++phase) {
    float* weights = filter.weights.data() + static_cast<std::size_t>(phase) * width;
    for (int i = 0; i < filter.span.taps; ++i)
      weights[i] = static_cast<float>(axis_weight(extent, first_tap(filter.span, phase) + i) / kWeightOne / kLinearOne);
  }
  return filter;
}

RowFilter make_rows(double extent) {
  RowFilter filter;
  filter.span = axis_span(extent);
  filter.pairs = pairs_for(filter.span.taps);
  const int phases = 1 << filter.span.phases_log2;
  const auto pairs = static_cast<std::size_t>(filter.pairs);
  for (int parity = 0; parity < 2; ++parity)
    for (int phase = 0; phase < phases; ++phase) {
      std::vector<double> shares(2 * pairs);
      for (int i = 0; i < filter.span.taps; ++i)
        shares[static_cast<std::size_t>(parity + i)] = axis_weight(extent, first_tap(filter.span, phase) + i);
      const std::vector<int> weights = rounded(shares);
      for (std::size_t p = 0; p < pairs; ++p) filter.weights.push_back(paired(weights[2 * p], weights[2 * p + 1]));
    }
  return filter;
}

// The share of every texel in a footprint whose centre lies at (u, v) among them, texel i covering [i, i + 1): a grid of
// bilinear samples, closer than the texels are.
std::vector<double> area_shares(const Jacobian& j, double u, double v, int columns, int rows) {
  std::vector<double> shares(static_cast<std::size_t>(columns * rows));
  const auto samples = [](double a, double b) {
    return std::max(2, static_cast<int>(std::ceil(1.5 * std::max(std::abs(a), std::abs(b)))));
  };
  const int across = samples(j[0], j[2]);
  const int down = samples(j[1], j[3]);
  for (int row = 0; row < down; ++row)
    for (int column = 0; column < across; ++column) {
      const double s = (column + 0.5) / across - 0.5;
      const double t = (row + 0.5) / down - 0.5;
      const double x = u + s * j[0] + t * j[1] - 0.5;
      const double y = v + s * j[2] + t * j[3] - 0.5;
      const int left = static_cast<int>(std::floor(x));
      const int top = static_cast<int>(std::floor(y));
      const double right = (x - left) / (across * down);
      const double whole = 1.0 / (across * down);
      double* at = shares.data() + static_cast<std::ptrdiff_t>(top) * columns + left;
      at[0] += (whole - right) * (1 - (y - top));
      at[1] += right * (1 - (y - top));
      at[columns] += (whole - right) * (y - top);
      at[columns + 1] += right * (y - top);
    }
  return shares;
}

AreaFilter make_area(const Jacobian& j) {
  const double wide = std::abs(j[0]) + std::abs(j[1]);
  const double high = std::abs(j[2]) + std::abs(j[3]);
  AreaFilter filter;
  // Large footprints need no fine phases, and their tables would leave the cache.
  const int phases_log2 = std::max(wide, high) < 12 ? 3 : 2;
  filter.columns = span_of(wide / 2 + 1, phases_log2);
  filter.rows = span_of(high / 2 + 1, phases_log2);
  filter.groups = (filter.columns.taps + kColumnGroup - 1) / kColumnGroup;
  filter.pairs = pairs_for(filter.rows.taps);
  const int phases = 1 << phases_log2;
  const int columns = filter.groups * kColumnGroup;
  const auto entry = static_cast<std::size_t>(filter.pairs * columns);
  filter.weights.resize(2 * static_cast<std::size_t>(phases * phases) * entry + kTableSlack);
  for (int row_phase = 0; row_phase < phases; ++row_phase)
    for (int column_phase = 0; column_phase < phases; ++column_phase) {
      const double u = 0.5 - first_tap(filter.columns, column_phase);
      const double v = 0.5 - first_tap(filter.rows, row_phase);
      // A row and a column more than there are taps: what rounding puts there has no weight.
      const int height = 2 * filter.pairs - 1;
      const std::vector<int> weights = rounded(area_shares(j, u, v, columns, height));
      const auto weight = [&](int row, std::size_t column) {
        return row < 0 || row >= height ? 0 : weights[static_cast<std::size_t>(row * columns) + column];
      };
      for (int parity = 0; parity < 2; ++parity) {
        const auto phase = static_cast<std::size_t>((parity * phases + row_phase) * phases + column_phase);
        std::int32_t* out = filter.weights.data() + phase * entry;
        for (int p = 0; p < filter.pairs; ++p)
          for (std::size_t c = 0; c < static_cast<std::size_t>(columns); ++c)
            *out++ = paired(weight(2 * p - parity, c), weight(2 * p + 1 - parity, c));
      }
    }
  return filter;
}

int step_of(double extent) { return static_cast<int>(extent / kExtentStep + 0.5); }

}  // namespace

double box_width(double extent) {
  constexpr double kPoint = 1.0 / 32;
  if (extent >= 2) return extent;
  return extent <= 1 ? kPoint : kPoint + (extent - 1) * (2 - kPoint);
}

double kernel_integral(double extent, double t) { return extent < 2 ? catmull_rom_integral(t) : tent_integral(t); }

double kernel_reach(double extent) { return extent < 2 ? 2 : 1; }

const ColumnFilter& FilterTables::columns(double extent) {
  const int key = step_of(std::max(extent, 1.0));
  Slot<ColumnFilter>& slot = columns_[static_cast<std::size_t>(key) % kSlots];
  if (slot.key != key) slot = {key, make_columns(key * kExtentStep)};
  return slot.filter;
}

const RowFilter& FilterTables::rows(double extent) {
  const int key = step_of(std::max(extent, 1.0));
  Slot<RowFilter>& slot = rows_[static_cast<std::size_t>(key) % kSlots];
  if (slot.key != key) slot = {key, make_rows(key * kExtentStep)};
  return slot.filter;
}

const AreaFilter& FilterTables::area(const Jacobian& footprint) {
  double largest = 1;
  for (const double entry : footprint) largest = std::max(largest, std::abs(entry));
  const int finest = std::ilogb(largest) - kAreaStepLog2;
  std::array<int, 5> key{0, 0, 0, 0, finest};
  Jacobian near{};
  std::size_t mixed = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    key[i] = static_cast<int>(std::floor(std::ldexp(footprint[i], -finest) + 0.5));
    near[i] = std::ldexp(key[i], finest);
    mixed = mixed * 37 + static_cast<std::size_t>(key[i] + 4096);
  }
  AreaSlot& slot = areas_[mixed % areas_.size()];
  if (slot.key != key || slot.filter.weights.empty()) slot = {key, make_area(near)};
  return slot.filter;
}

}  // namespace vitrine
