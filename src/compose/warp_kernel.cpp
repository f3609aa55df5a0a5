// Compiled once for each instruction set that Highway knows on this architecture; the best one is chosen at run time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compose/warp_kernel.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "compose/warp_kernel.h"

HWY_BEFORE_NAMESPACE();
namespace vitrine {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

// A machine without vectors.
void warp_run_here(const WarpRun& run, float* rgba) { warp_run_reference(run, rgba); }

#else

namespace hn = hwy::HWY_NAMESPACE;

// Where an output pixel's centre falls, and how the texel coordinates change there from one output pixel to the next.
struct Footprint {
  float u, v;
  float u_x, u_y, v_x, v_y;
};

// A pixel beside the surface can map to infinity or to no number at all; taps are moved to the window anyway.
HWY_INLINE float bounded(double texel) {
  constexpr double kFar = 1e6;
  return static_cast<float>(!(texel > -kFar) ? -kFar : std::min(texel, kFar));
}

// Extent of a footprint along one axis, given its extents there from one output pixel to the next, across and down.
HWY_INLINE float extent_of(float across, float down) {
  constexpr float kWidest = kWarpTaps - 6;
  const float extent = std::sqrt(across * across + down * down);
  return !(extent > 0) ? 0 : std::min(extent, kWidest);
}

HWY_INLINE Footprint footprint_at(const WarpRun& run, int i) {
  const auto& m = run.window_from_scene;
  const double x = run.x + i;
  const double scale = 1 / (m[6] * x + m[7] * run.y + m[8]);
  const double u = (m[0] * x + m[1] * run.y + m[2]) * scale;
  const double v = (m[3] * x + m[4] * run.y + m[5]) * scale;
  return {bounded(u),
          bounded(v),
          bounded((m[0] - u * m[6]) * scale),
          bounded((m[1] - u * m[7]) * scale),
          bounded((m[3] - v * m[6]) * scale),
          bounded((m[4] - v * m[7]) * scale)};
}

// Integral of the tent of half width 1 from minus infinity to t.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V tent_integral(D d, V t) {
  const V one = hn::Set(d, 1.0F);
  const V half = hn::Set(d, 0.5F);
  t = hn::Max(hn::Min(t, one), hn::Set(d, -1.0F));
  const V rest = hn::Sub(one, hn::Abs(t));
  const V tail = hn::Mul(half, hn::Mul(rest, rest));
  return hn::IfThenElse(hn::Lt(t, hn::Zero(d)), tail, hn::Sub(one, tail));
}

// The same of the Catmull-Rom kernel (Keys, 1981, a = -1/2): 0.5 + t - 5/6 t^3 + 3/8 t^4 on [0, 1], and on [1, 2]
// 1/3 + 2 t - 2 t^2 + 5/6 t^3 - 1/8 t^4, made odd about one half.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V catmull_rom_integral(D d, V t) {
  const V one = hn::Set(d, 1.0F);
  const V size = hn::Min(hn::Abs(t), hn::Set(d, 2.0F));
  const V cube = hn::Mul(hn::Mul(size, size), size);
  const V near = hn::MulAdd(cube, hn::MulSub(hn::Set(d, 0.375F), size, hn::Set(d, 5.0F / 6)), size);
  const V far_low = hn::MulAdd(size, hn::MulAdd(size, hn::Set(d, -2.0F), hn::Set(d, 2.0F)), hn::Set(d, -1.0F / 6));
  const V far = hn::MulAdd(cube, hn::MulSub(hn::Set(d, 5.0F / 6), one, hn::Mul(hn::Set(d, 0.125F), size)), far_low);
  const V odd = hn::IfThenElse(hn::Lt(size, one), near, far);
  return hn::Add(hn::Set(d, 0.5F), hn::CopySign(odd, t));
}

// Weights of the taps `first`, first + 1, … of one axis: the reconstruction kernel averaged over a box.
struct Taps {
  int first = 0;
  int count = 0;
  HWY_ALIGN float weight[kWarpTaps + 16];
};

HWY_INLINE void set_taps(float centre, float extent, int window, Taps& taps) {
  const bool sharp = extent < 2;
  const float width = box_width(extent);
  const float reach = (sharp ? 2.0F : 1.0F) + width / 2;
  int first = static_cast<int>(std::ceil(centre - reach - 0.5F));
  int count = static_cast<int>(std::floor(centre + reach - 0.5F)) - first + 1;
  count = std::clamp(count, 1, std::min(kWarpTaps, window));
  const hn::ScalableTag<float> d;
  const auto half = hn::Set(d, width / 2);
  const auto scale = hn::Set(d, 1 / width);
  const float offset = static_cast<float>(first) + 0.5F - centre;
  const int lanes = static_cast<int>(hn::Lanes(d));
  for (int i = 0; i < count; i += lanes) {
    const auto t = hn::Add(hn::Iota(d, static_cast<float>(i)), hn::Set(d, offset));
    const auto high = sharp ? catmull_rom_integral(d, hn::Add(t, half)) : tent_integral(d, hn::Add(t, half));
    const auto low = sharp ? catmull_rom_integral(d, hn::Sub(t, half)) : tent_integral(d, hn::Sub(t, half));
    hn::StoreU(hn::Mul(hn::Sub(high, low), scale), d, taps.weight + i);
  }
  // Lanes beyond the last tap read whatever lies behind it in the window, so they must weigh nothing.
  for (int i = count; i < ((count + 3) & ~3); ++i) taps.weight[i] = 0;
  taps.first = std::clamp(first, 0, window - count);
  taps.count = count;
}

using Rgba = hn::FixedTag<float, 4>;

template <class D, class V = hn::Vec<D>>
HWY_INLINE hn::Vec<Rgba> sum_of_texels(D d, V v) {
  if constexpr (hn::MaxLanes(D()) > 4) {
    const hn::Half<D> half;
    return sum_of_texels(half, hn::Add(hn::LowerHalf(half, v), hn::UpperHalf(half, v)));
  } else {
    (void)d;
    return v;
  }
}

HWY_INLINE void store_clamped(hn::Vec<Rgba> color, float* out) {
  const Rgba d;
  const auto alpha = hn::Min(hn::Broadcast<3>(color), hn::Set(d, 1.0F));
  hn::StoreU(hn::Max(hn::Min(color, alpha), hn::Zero(d)), d, out);
}

// As many texels at once as a vector holds. Rows of texels run on in memory, so that a vector may reach over the end
// of a row; the window has slack behind its last one.
using Wide = hn::CappedTag<float, 16>;
HWY_ALIGN constexpr std::int32_t kTexelOfLane[16] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3};

HWY_INLINE void sample_separable(const WarpRun& run, const Footprint& f, Taps& across, Taps& down, float* out) {
  set_taps(f.u, extent_of(f.u_x, f.u_y), run.width, across);
  set_taps(f.v, extent_of(f.v_x, f.v_y), run.height, down);
  const Wide d;
  constexpr int kTexels = static_cast<int>(hn::MaxLanes(Wide())) / 4;
  const auto spread = hn::SetTableIndices(d, kTexelOfLane);
  const float* corner = run.texels + down.first * run.stride + static_cast<std::ptrdiff_t>(across.first) * 4;
  auto total = hn::Zero(d);
  for (int c = 0; c < across.count; c += kTexels) {
    const float* texel = corner + static_cast<std::ptrdiff_t>(c) * 4;
    auto column = hn::Zero(d);
    for (int r = 0; r < down.count; ++r, texel += run.stride)
      column = hn::MulAdd(hn::LoadU(d, texel), hn::Set(d, down.weight[r]), column);
    total = hn::MulAdd(column, hn::TableLookupLanes(hn::LoadU(d, across.weight + c), spread), total);
  }
  store_clamped(sum_of_texels(d, total), out);
}

HWY_INLINE hn::Vec<Rgba> bilinear(const WarpRun& run, float u, float v) {
  const Rgba d;
  const float x = std::clamp(u - 0.5F, 0.0F, static_cast<float>(run.width - 1) - 0.001F);
  const float y = std::clamp(v - 0.5F, 0.0F, static_cast<float>(run.height - 1) - 0.001F);
  const int x0 = static_cast<int>(x);
  const int y0 = static_cast<int>(y);
  const float* texel = run.texels + y0 * run.stride + static_cast<std::ptrdiff_t>(x0) * 4;
  const auto right = hn::Set(d, x - static_cast<float>(x0));
  const auto lower = hn::Set(d, y - static_cast<float>(y0));
  const auto a = hn::LoadU(d, texel);
  const auto b = hn::LoadU(d, texel + run.stride);
  const auto top = hn::MulAdd(right, hn::Sub(hn::LoadU(d, texel + 4), a), a);
  const auto bottom = hn::MulAdd(right, hn::Sub(hn::LoadU(d, texel + run.stride + 4), b), b);
  return hn::MulAdd(lower, hn::Sub(bottom, top), top);
}

// A probe for every texel that an output pixel spans, in both directions.
HWY_INLINE void sample_probes(const WarpRun& run, const Footprint& f, float* out) {
  const Rgba d;
  const auto probes = [](float a, float b) { return std::clamp(static_cast<int>(std::ceil(extent_of(a, b))), 1, 16); };
  const int across = probes(f.u_x, f.v_x);
  const int down = probes(f.u_y, f.v_y);
  auto total = hn::Zero(d);
  for (int j = 0; j < down; ++j) {
    const float t = (static_cast<float>(j) + 0.5F) / static_cast<float>(down) - 0.5F;
    for (int i = 0; i < across; ++i) {
      const float s = (static_cast<float>(i) + 0.5F) / static_cast<float>(across) - 0.5F;
      total = hn::Add(total, bilinear(run, f.u + s * f.u_x + t * f.u_y, f.v + s * f.v_x + t * f.v_y));
    }
  }
  store_clamped(hn::Mul(total, hn::Set(d, 1.0F / static_cast<float>(across * down))), out);
}

void warp_run_here(const WarpRun& run, float* rgba) {
  Taps across;
  Taps down;
  for (int i = 0; i < run.count; ++i, rgba += 4) {
    const Footprint f = footprint_at(run, i);
    if (run.sampling == Sampling::separable)
      sample_separable(run, f, across, down, rgba);
    else
      sample_probes(run, f, rgba);
  }
}

#endif  // HWY_TARGET == HWY_SCALAR

}  // namespace HWY_NAMESPACE
}  // namespace vitrine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vitrine {

HWY_EXPORT(warp_run_here);

void warp_run(const WarpRun& run, float* rgba) { HWY_DYNAMIC_DISPATCH(warp_run_here)(run, rgba); }

}  // namespace vitrine
#endif  // HWY_ONCE
