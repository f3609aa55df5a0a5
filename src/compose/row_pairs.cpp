// Compiled once for each instruction set that Highway knows on this architecture; the best one is chosen at run time.
#define HWY_WANT_AVX3_DL
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "compose/row_pairs.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

#include <algorithm>
#include <array>

#include "compose/row_pairs.h"
#include "vitrine/image/transfer.h"

#ifndef VITRINE_COMPOSE_ROW_PAIRS_ONCE
#define VITRINE_COMPOSE_ROW_PAIRS_ONCE
namespace vitrine {
namespace {

// Linear light of each 8-bit value, and the same cut into bytes, as byte permutations take it.
struct LinearTable {
  std::array<std::int16_t, 256> value;
  alignas(64) std::array<std::uint8_t, 256> low;
  alignas(64) std::array<std::uint8_t, 256> high;
};

const LinearTable& linear_table() {
  static const LinearTable table = [] {
    LinearTable made{};
    for (std::size_t i = 0; i < 256; ++i) {
      const int value = static_cast<int>(linear_from_srgb8()[i] * static_cast<float>(kLinearOne) + 0.5F);
      made.value[i] = static_cast<std::int16_t>(value);
      made.low[i] = static_cast<std::uint8_t>(value & 255);
      made.high[i] = static_cast<std::uint8_t>(value >> 8);
    }
    return made;
  }();
  return table;
}

// 255 becomes kLinearOne.
constexpr int alpha_of(std::uint8_t alpha) { return alpha * 128 + alpha / 2; }

template <PixelFormat format>
void put_texel(const LinearTable& table, const std::uint8_t* pixel, std::int16_t* out) {
  constexpr std::ptrdiff_t kNext = format == PixelFormat::gray8 ? 0 : 1;
  const int alpha = format == PixelFormat::rgba8 ? alpha_of(pixel[3]) : kLinearOne;
  for (std::ptrdiff_t c = 0; c < 3; ++c) {
    const std::int16_t value = table.value[pixel[c * kNext]];
    // Rounded as the vector instruction does it.
    out[2 * c] = format == PixelFormat::rgba8 ? static_cast<std::int16_t>((value * alpha + 0x4000) >> 15) : value;
  }
  out[6] = static_cast<std::int16_t>(alpha);
}

template <PixelFormat format>
void pair_plain(const std::uint8_t* upper, const std::uint8_t* lower, int count, std::int16_t* out) {
  constexpr std::ptrdiff_t kBytes = format == PixelFormat::gray8 ? 1 : format == PixelFormat::rgb8 ? 3 : 4;
  const LinearTable& table = linear_table();
  for (int i = 0; i < count; ++i, upper += kBytes, lower += kBytes, out += kPairValues) {
    put_texel<format>(table, upper, out);
    put_texel<format>(table, lower, out + 1);
  }
}

}  // namespace
}  // namespace vitrine
#endif  // VITRINE_COMPOSE_ROW_PAIRS_ONCE

HWY_BEFORE_NAMESPACE();
namespace vitrine {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_AVX3_DL

// 256 values looked up by 64 bytes at once: each permutation takes 128 of them, the highest bit chooses.
struct Bytes256 {
  __m512i a, b, c, d;

  explicit Bytes256(const std::array<std::uint8_t, 256>& table)
      : a(_mm512_load_si512(table.data())),
        b(_mm512_load_si512(table.data() + 64)),
        c(_mm512_load_si512(table.data() + 128)),
        d(_mm512_load_si512(table.data() + 192)) {}

  HWY_INLINE __m512i at(__m512i index, __mmask64 upper_half) const {
    return _mm512_mask_mov_epi8(_mm512_permutex2var_epi8(a, index, b), upper_half,
                                _mm512_permutex2var_epi8(c, index, d));
  }
};

// Where each byte of eight paired texels comes from: 64 bytes of the upper row, 64 of the lower one. Texels k and k + 4
// share 16 bytes, because unpacking works on those. Byte 63 of a row of fewer than four bytes a pixel is 255: opaque.
template <PixelFormat format>
__m512i pairing(int first) {
  alignas(64) std::array<std::uint8_t, 64> from{};
  for (int k = 0; k < 64; ++k) {
    const int texel = first + k / 16 + (k % 16 < 8 ? 0 : 4);
    const int channel = k % 8 / 2;
    int byte = 4 * texel + channel;
    if (format == PixelFormat::rgb8) byte = channel < 3 ? 3 * texel + channel : 63;
    if (format == PixelFormat::gray8) byte = channel < 3 ? texel : 63;
    from[static_cast<std::size_t>(k)] = static_cast<std::uint8_t>(byte + 64 * (k % 2));
  }
  return _mm512_load_si512(from.data());
}

// Multiplies four texels by their alpha. `encoded` is what they were looked up by, `from` where the alphas lie in it.
HWY_INLINE __m512i premultiplied(__m512i texels, __m512i encoded, __m512i from) {
  constexpr __mmask64 kLowBytes = 0x5555555555555555;
  constexpr __mmask32 kAlphas = 0xC0C0C0C0;
  const __m512i alpha8 = _mm512_maskz_permutexvar_epi8(kLowBytes, from, encoded);
  const __m512i alpha = _mm512_add_epi16(_mm512_slli_epi16(alpha8, 7), _mm512_srli_epi16(alpha8, 1));
  return _mm512_mask_mov_epi16(_mm512_mulhrs_epi16(texels, alpha), kAlphas, alpha);
}

// Where, for each value of texels 0 to 3 (second: 4 to 7) of eight paired ones, its alpha lies among their bytes.
__m512i alpha_places(bool second) {
  alignas(64) std::array<std::uint8_t, 64> from{};
  for (int k = 0; k < 64; ++k)
    from[static_cast<std::size_t>(k)] = static_cast<std::uint8_t>(k / 16 * 16 + (second ? 8 : 0) + 6 + k / 2 % 2);
  return _mm512_load_si512(from.data());
}

template <PixelFormat format>
void pair_rows_of(const std::uint8_t* upper, const std::uint8_t* lower, int count, std::int16_t* out) {
  constexpr int kBytes = format == PixelFormat::gray8 ? 1 : format == PixelFormat::rgb8 ? 3 : 4;
  const LinearTable& table = linear_table();
  const Bytes256 low(table.low);
  const Bytes256 high(table.high);
  const __m512i pairings[2] = {pairing<format>(0), pairing<format>(8)};
  const __m512i alphas[2] = {alpha_places(false), alpha_places(true)};
  const __m512i opaque = _mm512_set1_epi8(-1);
  for (int i = 0; i < count; i += 16, upper += 16 * kBytes, lower += 16 * kBytes) {
    const int bytes = std::min(16, count - i) * kBytes;
    const __mmask64 there = ~std::uint64_t{0} >> (64 - bytes);
    const __m512i a = _mm512_mask_loadu_epi8(opaque, there, upper);
    const __m512i b = _mm512_mask_loadu_epi8(opaque, there, lower);
    for (const __m512i& from : pairings) {
      const __m512i encoded = _mm512_permutex2var_epi8(a, from, b);
      const __mmask64 upper_half = _mm512_movepi8_mask(encoded);
      const __m512i lows = low.at(encoded, upper_half);
      const __m512i highs = high.at(encoded, upper_half);
      __m512i first = _mm512_unpacklo_epi8(lows, highs);
      __m512i second = _mm512_unpackhi_epi8(lows, highs);
      if constexpr (format == PixelFormat::rgba8) {
        first = premultiplied(first, encoded, alphas[0]);
        second = premultiplied(second, encoded, alphas[1]);
      }
      _mm512_storeu_si512(out, first);
      _mm512_storeu_si512(out + 32, second);
      out += 64;
    }
  }
}

#else

template <PixelFormat format>
void pair_rows_of(const std::uint8_t* upper, const std::uint8_t* lower, int count, std::int16_t* out) {
  pair_plain<format>(upper, lower, count, out);
}

#endif  // HWY_TARGET == HWY_AVX3_DL

void pair_rows_here(PixelFormat format, const std::uint8_t* upper, const std::uint8_t* lower, int count,
                    std::int16_t* out) {
  switch (format) {
    case PixelFormat::gray8: return pair_rows_of<PixelFormat::gray8>(upper, lower, count, out);
    case PixelFormat::rgb8: return pair_rows_of<PixelFormat::rgb8>(upper, lower, count, out);
    default: return pair_rows_of<PixelFormat::rgba8>(upper, lower, count, out);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace vitrine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vitrine {

HWY_EXPORT(pair_rows_here);

void pair_rows(PixelFormat format, const std::uint8_t* upper, const std::uint8_t* lower, int count, std::int16_t* out) {
  HWY_DYNAMIC_DISPATCH(pair_rows_here)(format, upper, lower, count, out);
}

void add_texels(const std::int16_t* pairs, int count, int halvings, PairRows rows, std::int32_t* sums) {
  const int upper = rows == PairRows::lower ? 0 : 1;
  const int lower = rows == PairRows::upper ? 0 : 1;
  for (int i = 0; i < count; ++i, sums += 4)
    for (int k = 0; k < 1 << halvings; ++k, pairs += kPairValues)
      for (int c = 0; c < 4; ++c) sums[c] += pairs[2 * c] * upper + pairs[2 * c + 1] * lower;
}

}  // namespace vitrine
#endif  // HWY_ONCE
