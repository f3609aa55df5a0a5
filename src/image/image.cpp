#include "vitrine/image/image.h"

#include <cstdint>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include "image/pixel_memory.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

std::size_t row_bytes(Size size, PixelFormat format) {
  return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(bytes_per_pixel(format));
}

void require_8bit(ImageView image, const char* verb) {
  if (!is_8bit(image.format))
    throw std::invalid_argument(std::string(verb) + " takes 8-bit images; this one holds floats.");
}

std::uint8_t luma(const std::uint8_t* rgb) {  // Rec. 709 weights in 1/65536
  return static_cast<std::uint8_t>((13933U * rgb[0] + 46871U * rgb[1] + 4732U * rgb[2] + 32768U) >> 16U);
}

template <typename Pixel>
Image map_pixels(ImageView source, PixelFormat format, Pixel pixel) {
  Image result(source.size, format);
  const MutableImageView target = result.edit();
  const int from = bytes_per_pixel(source.format);
  const int to = bytes_per_pixel(format);
  for (int y = 0; y < source.height(); ++y) {
    const std::uint8_t* in = source.row(y);
    std::uint8_t* out = target.row(y);
    for (int x = 0; x < source.width(); ++x, in += from, out += to) pixel(in, out);
  }
  return result;
}

}  // namespace

int channels(PixelFormat format) {
  switch (format) {
    case PixelFormat::gray8:
    case PixelFormat::gray_f32: return 1;
    case PixelFormat::rgb8:
    case PixelFormat::rgb_f32: return 3;
    case PixelFormat::rgba8: return 4;
  }
  return 0;
}

int bytes_per_pixel(PixelFormat format) { return channels(format) * (is_8bit(format) ? 1 : 4); }

ImageView ImageView::crop(Rect rect) const {
  if (rect.empty() || rect.x < 0 || rect.y < 0 || rect.width > width() - rect.x || rect.height > height() - rect.y)
    throw std::invalid_argument("The crop reaches outside the image of " + std::to_string(width()) + " x " +
                                std::to_string(height()) + " pixels.");
  return {row(rect.y) + static_cast<std::ptrdiff_t>(rect.x) * bytes_per_pixel(format),
          {rect.width, rect.height}, format, stride};
}

Image::Image(Size size, PixelFormat format) {
  if (size.width <= 0 || size.height <= 0)
    throw std::invalid_argument("An image of " + std::to_string(size.width) + " x " + std::to_string(size.height) +
                                " pixels cannot be made; both sides must be positive.");
  const std::size_t bytes_a_row = row_bytes(size, format);
  const auto rows = static_cast<std::size_t>(size.height);
  if (rows > SIZE_MAX / bytes_a_row) throw std::bad_alloc();
  const std::shared_ptr<std::uint8_t> pixels = pixel_memory(rows * bytes_a_row);
  own_ = pixels.get();
  owner_ = pixels;
  view_ = {own_, size, format, static_cast<std::ptrdiff_t>(bytes_a_row)};
}

// Written out because a default move would leave the other one with a view of pixels that it no longer keeps alive.
Image::Image(Image&& other) noexcept
    : view_(std::exchange(other.view_, {})), owner_(std::move(other.owner_)), own_(std::exchange(other.own_, nullptr)) {}

Image& Image::operator=(Image&& other) noexcept {
  Image taken(std::move(other));
  std::swap(view_, taken.view_);
  owner_.swap(taken.owner_);
  std::swap(own_, taken.own_);
  return *this;
}

Image::Image(ImageView view) : Image(view.size, view.format) {
  const std::size_t bytes_a_row = row_bytes(view.size, view.format);
  for (int y = 0; y < view.height(); ++y) std::memcpy(own_ + y * view_.stride, view.row(y), bytes_a_row);
}

Image Image::sharing(ImageView view, std::shared_ptr<const void> owner) {
  if (view.empty() || view.data == nullptr) throw std::invalid_argument("There are no pixels to share: the view is empty.");
  Image image;
  image.view_ = view;
  image.owner_ = std::move(owner);
  return image;
}

std::size_t Image::byte_size() const {
  return empty() ? 0 : row_bytes(view_.size, view_.format) * static_cast<std::size_t>(view_.size.height);
}

MutableImageView Image::edit() {
  if (empty()) throw std::invalid_argument("An empty image has no pixels to edit.");
  if (own_ == nullptr || owner_.use_count() != 1) *this = Image(view_);
  // use_count() is a relaxed load: whoever let go of these pixels last must be done reading them. Letting go of one
  // more handle acquires what theirs released; a fence would do too, but the thread sanitizer knows none.
  std::shared_ptr<const void>(owner_).reset();
  return {own_, view_.size, view_.format, view_.stride};
}

Image convert(ImageView image, PixelFormat format) {
  require_8bit(image, "convert()");
  if (!is_8bit(format)) throw std::invalid_argument("convert() makes 8-bit images; the format asked for holds floats.");
  if (image.format == format) return Image(image);
  using P = PixelFormat;
  if (format == P::gray8) return map_pixels(image, format, [](const auto* in, auto* out) { *out = luma(in); });
  if (image.format == P::gray8 && format == P::rgb8)
    return map_pixels(image, format, [](const auto* in, auto* out) { std::memset(out, *in, 3); });
  if (image.format == P::gray8)
    return map_pixels(image, format, [](const auto* in, auto* out) { std::memset(out, *in, 3), out[3] = 255; });
  if (format == P::rgba8)
    return map_pixels(image, format, [](const auto* in, auto* out) { std::memcpy(out, in, 3), out[3] = 255; });
  return map_pixels(image, format, [](const auto* in, auto* out) { std::memcpy(out, in, 3); });
}

Image flatten(ImageView image, std::uint8_t ground_gray) {
  if (image.format != PixelFormat::rgba8) return convert(image, PixelFormat::rgb8);
  const auto& linear = linear_from_srgb8();
  const float ground = linear[ground_gray];
  return map_pixels(image, PixelFormat::rgb8, [&](const std::uint8_t* in, std::uint8_t* out) {
    if (in[3] == 255) {
      std::memcpy(out, in, 3);
      return;
    }
    const float alpha = static_cast<float>(in[3]) / 255.0F;
    for (int c = 0; c < 3; ++c) out[c] = srgb8_from_linear(alpha * linear[in[c]] + (1 - alpha) * ground);
  });
}

bool has_transparency(ImageView image) {
  if (image.format != PixelFormat::rgba8) return false;
  for (int y = 0; y < image.height(); ++y) {
    const std::uint8_t* pixel = image.row(y);
    for (int x = 0; x < image.width(); ++x, pixel += 4)
      if (pixel[3] != 255) return true;
  }
  return false;
}

}  // namespace vitrine
