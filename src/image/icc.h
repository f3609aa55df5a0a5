#pragma once

#include <memory>
#include <optional>

#include "vitrine/base/bytes.h"
#include "vitrine/image/image.h"

namespace vitrine {

/// How the samples of a row lie before they are converted; 16-bit ones are in the machine's byte order.
enum class SampleLayout { gray8, rgb8, rgba8, cmyk8, gray16, rgb16, rgba16 };

/// Takes rows of samples in the colour space of an ICC profile to 8-bit sRGB: gray to gray8, colour to rgb8, with
/// alpha to rgba8. One thread at a time.
class ToSrgb {
 public:
  /// Empty if the profile amounts to sRGB; also if it is damaged or meant for another kind of image, which is logged.
  static std::optional<ToSrgb> from(ByteView profile, SampleLayout layout);

  ToSrgb(ToSrgb&&) noexcept;
  ToSrgb& operator=(ToSrgb&&) noexcept;
  ~ToSrgb();

  /// `in` and `out` may be the same row if its pixels have the same size before and after.
  void convert_row(const std::uint8_t* in, std::uint8_t* out, int width) const;

 private:
  struct State;
  explicit ToSrgb(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Takes rows of 8-bit sRGB back to the colour space of an ICC profile, both rgb8. One thread at a time.
class FromSrgb {
 public:
  /// Empty if the profile is damaged, of another kind of image, or says only how to read it.
  static std::optional<FromSrgb> to(ByteView profile);

  FromSrgb(FromSrgb&&) noexcept;
  FromSrgb& operator=(FromSrgb&&) noexcept;
  ~FromSrgb();

  void convert_row(const std::uint8_t* in, std::uint8_t* out, int width) const;

 private:
  struct State;
  explicit FromSrgb(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// The sRGB profile that encoded files of `format` carry, a grey or a colour one; always the same bytes.
Bytes srgb_profile(PixelFormat format);

}  // namespace vitrine
