// Compiled once for each instruction set that Highway knows on this architecture; the best one is chosen at run time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "image/srgb_row.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "image/srgb_row.h"
#include "vitrine/image/transfer.h"

HWY_BEFORE_NAMESPACE();
namespace vitrine {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::CappedTag<float, 16>;
using Ints = hn::RebindToSigned<Floats>;
using Bytes = hn::Rebind<std::uint8_t, Ints>;
using Vector = hn::Vec<Floats>;

constexpr int kBlock = 16;  // pixels
// Values closer than this to the middle between two codes are left to srgb8_from_linear().
constexpr float kDoubt = 0.001F;

// The 8-bit code of linear light in [0, 1] before it is rounded, wrong by less than kDoubt.
HWY_INLINE Vector code_of(Vector linear) {
  const Floats d;
  // 255 (1.055 z^(5/3) - 0.055), z being the fourth root: a Chebyshev fit on the part that is not straight, to 0.0005.
  const auto z = hn::Sqrt(hn::Sqrt(linear));
  auto code = hn::Set(d, 16.5426969F);
  for (const float term : {-78.0394315F, 162.886213F, -213.93616F, 346.857525F, 35.8980793F, -15.2086462F})
    code = hn::MulAdd(code, z, hn::Set(d, term));
  const auto straight = hn::Mul(linear, hn::Set(d, 255 * 12.92F));
  return hn::IfThenElse(hn::Le(linear, hn::Set(d, 0.0031308F)), straight, code);
}

// The same as srgb8_from_linear() of each value.
HWY_INLINE hn::Vec<Bytes> encode(Vector linear) {
  const Floats d;
  const auto light = hn::Min(hn::IfThenElseZero(hn::Gt(linear, hn::Zero(d)), linear), hn::Set(d, 1.0F));
  const auto code = code_of(light);
  auto rounded = hn::NearestInt(code);
  const auto off = hn::Abs(hn::Sub(code, hn::ConvertTo(d, rounded)));
  const auto doubtful = hn::Gt(off, hn::Set(d, 0.5F - kDoubt));
  if (HWY_UNLIKELY(!hn::AllFalse(d, doubtful))) {
    alignas(64) float lights[kBlock];
    alignas(64) std::int32_t codes[kBlock];
    alignas(64) std::int32_t doubts[kBlock];
    hn::Store(light, d, lights);
    hn::Store(rounded, Ints(), codes);
    hn::Store(hn::VecFromMask(Ints(), hn::RebindMask(Ints(), doubtful)), Ints(), doubts);
    for (std::size_t i = 0; i < hn::Lanes(d); ++i)
      if (doubts[i] != 0) codes[i] = srgb8_from_linear(lights[i]);
    rounded = hn::Load(Ints(), codes);
  }
  return hn::DemoteTo(Bytes(), rounded);
}

#if HWY_TARGET == HWY_SCALAR

void encode_block(const float* linear, std::uint8_t* red, std::uint8_t* green, std::uint8_t* blue) {
  const Floats d;
  for (std::ptrdiff_t i = 0; i < kBlock; ++i) {
    hn::Store(encode(hn::Load(d, linear + 4 * i)), Bytes(), red + i);
    hn::Store(encode(hn::Load(d, linear + 4 * i + 1)), Bytes(), green + i);
    hn::Store(encode(hn::Load(d, linear + 4 * i + 2)), Bytes(), blue + i);
  }
}

#else

void encode_block(const float* linear, std::uint8_t* red, std::uint8_t* green, std::uint8_t* blue) {
  const Floats d;
  for (std::size_t i = 0; i < kBlock; i += hn::Lanes(d)) {
    Vector r;
    Vector g;
    Vector b;
    Vector unread;
    hn::LoadInterleaved4(d, linear + 4 * i, r, g, b, unread);
    hn::StoreU(encode(r), Bytes(), red + i);
    hn::StoreU(encode(g), Bytes(), green + i);
    hn::StoreU(encode(b), Bytes(), blue + i);
  }
}

#endif  // HWY_TARGET == HWY_SCALAR

// Puts the three values of each pixel side by side again.
void interleave(const std::uint8_t* red, const std::uint8_t* green, const std::uint8_t* blue, PixelFormat format,
                std::uint8_t* out) {
#if HWY_TARGET != HWY_SCALAR
  const hn::FixedTag<std::uint8_t, kBlock> d;
  if (format == PixelFormat::rgb8) return hn::StoreInterleaved3(hn::Load(d, red), hn::Load(d, green), hn::Load(d, blue), d, out);
#endif
  const std::ptrdiff_t bytes = bytes_per_pixel(format);
  for (std::ptrdiff_t i = 0; i < kBlock; ++i, out += bytes) {
    out[0] = red[i];
    out[1] = green[i];
    out[2] = blue[i];
    if (bytes == 4) out[3] = 255;
  }
}

void encode_opaque_row_here(const float* linear, int count, PixelFormat format, std::uint8_t* out) {
  const std::ptrdiff_t bytes = bytes_per_pixel(format);
  alignas(64) std::uint8_t red[kBlock];
  alignas(64) std::uint8_t green[kBlock];
  alignas(64) std::uint8_t blue[kBlock];
  for (; count >= kBlock; count -= kBlock, linear += std::ptrdiff_t{4} * kBlock, out += kBlock * bytes) {
    encode_block(linear, red, green, blue);
    interleave(red, green, blue, format, out);
  }
  if (count <= 0) return;
  float last[4 * kBlock] = {};
  std::uint8_t encoded[4 * kBlock];
  std::copy_n(linear, 4 * count, last);
  encode_block(last, red, green, blue);
  interleave(red, green, blue, format, encoded);
  std::copy_n(encoded, count * bytes, out);
}

}  // namespace HWY_NAMESPACE
}  // namespace vitrine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vitrine {

HWY_EXPORT(encode_opaque_row_here);

void encode_opaque_row(const float* linear, int count, PixelFormat format, std::uint8_t* out) {
  HWY_DYNAMIC_DISPATCH(encode_opaque_row_here)(linear, count, format, out);
}

}  // namespace vitrine
#endif  // HWY_ONCE
