#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "vitrine/base/export.h"
#include "vitrine/image/geometry.h"

namespace vitrine {

/// What a pixel is made of. 8-bit formats hold sRGB-encoded values with straight alpha; float formats hold linear
/// light or a share, nominally in [0, 1], and are used for light and masks that must not be rounded.
enum class PixelFormat { gray8, rgb8, rgba8, gray_f32, rgb_f32 };

VITRINE_EXPORT int channels(PixelFormat format);
VITRINE_EXPORT int bytes_per_pixel(PixelFormat format);
inline bool has_alpha(PixelFormat format) { return format == PixelFormat::rgba8; }
inline bool is_8bit(PixelFormat format) { return format <= PixelFormat::rgba8; }

/// Borrowed pixels: rows of `size.width` pixels, `stride` bytes from one row to the next (it may be negative). A crop
/// is arithmetic. Whoever passes one keeps the pixels alive and unchanged for the call.
struct VITRINE_EXPORT ImageView {
  const std::uint8_t* data = nullptr;
  Size size;
  PixelFormat format = PixelFormat::rgb8;
  std::ptrdiff_t stride = 0;

  int width() const { return size.width; }
  int height() const { return size.height; }
  bool empty() const { return size.width <= 0 || size.height <= 0; }
  const std::uint8_t* row(int y) const { return data + y * stride; }
  const float* row_f32(int y) const { return reinterpret_cast<const float*>(row(y)); }

  /// The pixels in `rect`, which must lie inside; throws std::invalid_argument otherwise.
  ImageView crop(Rect rect) const;
};

/// The same with pixels that may be written.
struct MutableImageView {
  std::uint8_t* data = nullptr;
  Size size;
  PixelFormat format = PixelFormat::rgb8;
  std::ptrdiff_t stride = 0;

  std::uint8_t* row(int y) const { return data + y * stride; }
  float* row_f32(int y) const { return reinterpret_cast<float*>(row(y)); }
  operator ImageView() const { return {data, size, format, stride}; }
};

/// An image as a value. Copies are cheap: they share pixels until one of them is edited. Reading one Image from many
/// threads is safe; editing it needs it alone, as with any value.
class VITRINE_EXPORT Image {
 public:
  Image() = default;  ///< Empty: 0 x 0.
  Image(const Image&) = default;
  Image& operator=(const Image&) = default;
  Image(Image&& other) noexcept;  ///< Leaves `other` empty.
  Image& operator=(Image&& other) noexcept;
  ~Image() = default;

  /// All pixels zero. Throws std::invalid_argument if a side is not positive, std::bad_alloc if memory is short.
  Image(Size size, PixelFormat format);

  /// A copy of the pixels in `view`.
  explicit Image(ImageView view);

  /// Shares foreign pixels without a copy, for as long as `owner` lives in it; edit() copies them first.
  static Image sharing(ImageView view, std::shared_ptr<const void> owner);

  int width() const { return view_.size.width; }
  int height() const { return view_.size.height; }
  Size size() const { return view_.size; }
  PixelFormat format() const { return view_.format; }
  bool empty() const { return view_.empty(); }
  std::size_t byte_size() const;  ///< Of the pixels, without row padding.

  const ImageView& view() const { return view_; }
  operator ImageView() const { return view_; }
  const std::uint8_t* row(int y) const { return view_.row(y); }

  /// The pixels for writing; takes a private copy of them first if they are shared. Valid until this Image is copied,
  /// assigned or destroyed.
  MutableImageView edit();

 private:
  ImageView view_;
  std::shared_ptr<const void> owner_;
  std::uint8_t* own_ = nullptr;  // the pixels, if they are ours to write
};

/// The same picture in another 8-bit format: grey is Rec. 709 luma of encoded values, rgb to rgba is opaque, rgba to
/// rgb drops alpha (use flatten() to lay it on a ground). Throws std::invalid_argument for float formats.
VITRINE_EXPORT Image convert(ImageView image, PixelFormat format);

/// An rgb8 image with `image` laid over a plain ground, blended in linear light.
VITRINE_EXPORT Image flatten(ImageView image, std::uint8_t ground_gray = 255);

/// True if any pixel is not opaque.
VITRINE_EXPORT bool has_transparency(ImageView image);

}  // namespace vitrine
