// From anything that is a picture in Python to an Image: arrays, Pillow images, paths, encoded bytes.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <limits>
#include <string>

#include "call.h"
#include "casters.h"
#include "python_image.h"
#include "vitrine/image/codec.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

std::string type_name(py::handle value) { return py::str(py::type::handle_of(value).attr("__name__")); }

/// A buffer for a scope, with its shape and strides.
class BufferView {
 public:
  explicit BufferView(py::handle source) {
    if (PyObject_GetBuffer(source.ptr(), &view_, PyBUF_RECORDS_RO) != 0) throw py::error_already_set();
  }
  ~BufferView() { PyBuffer_Release(&view_); }
  BufferView(const BufferView&) = delete;
  BufferView& operator=(const BufferView&) = delete;

  const Py_buffer& get() const { return view_; }
  bool holds_bytes() const {
    const std::string format = view_.format == nullptr ? "B" : view_.format;
    return view_.itemsize == 1 && (format == "B" || format == "=B" || format == "<B" || format == "@B");
  }
  std::string shape() const {
    std::string text = "(";
    for (int i = 0; i < view_.ndim; ++i) text += (i > 0 ? ", " : "") + std::to_string(view_.shape[i]);
    return text + (view_.ndim == 1 ? ",)" : ")");
  }

 private:
  Py_buffer view_{};
};

std::string dtype_name(py::handle array) {
  return py::hasattr(array, "dtype") ? std::string(py::str(array.attr("dtype"))) : "another type";
}

[[noreturn]] void refuse_dtype(py::handle array) {
  const std::string dtype = dtype_name(array);
  std::string cure = "Convert it to uint8, 0 to 255, in sRGB.";
  if (dtype.rfind("float", 0) == 0) cure = "Use (array * 255).round().astype(numpy.uint8) if its values are in 0 to 1.";
  if (dtype == "bool") cure = "Use array.astype(numpy.uint8) * 255.";
  if (dtype == "uint16") cure = "Use (array // 257).astype(numpy.uint8).";
  throw py::value_error("An image is an array of uint8; this one holds " + dtype + ". " + cure);
}

PixelFormat format_of(const BufferView& buffer) {
  const Py_buffer& view = buffer.get();
  if (view.ndim == 2) return PixelFormat::gray8;
  if (view.ndim == 3 && view.shape[2] == 1) return PixelFormat::gray8;
  if (view.ndim == 3 && view.shape[2] == 3) return PixelFormat::rgb8;
  if (view.ndim == 3 && view.shape[2] == 4) return PixelFormat::rgba8;
  std::string cure;
  if (view.ndim == 1) cure = " For an encoded image pass bytes: array.tobytes().";
  if (view.ndim == 3 && (view.shape[0] == 3 || view.shape[0] == 4))
    cure = " Channels come last: numpy.moveaxis(array, 0, -1).";
  if (view.ndim == 3 && view.shape[2] == 2) cure = " Grey with alpha: repeat the grey three times.";
  if (view.ndim == 4) cure = " Pass the pictures of a batch one by one.";
  throw py::value_error("An image has the shape (height, width), or (height, width, 1, 3 or 4); this one has " +
                        buffer.shape() + "." + cure);
}

void copy_pixels(const Py_buffer& from, const MutableImageView& to) {
  const auto* base = static_cast<const std::uint8_t*>(from.buf);
  const int channel_count = channels(to.format);
  const py::ssize_t channel_step = from.ndim == 3 ? from.strides[2] : 1;
  const bool packed = from.strides[1] == channel_count && (channel_count == 1 || channel_step == 1);
  for (int y = 0; y < to.size.height; ++y) {
    const std::uint8_t* in = base + y * from.strides[0];
    std::uint8_t* out = to.row(y);
    if (packed) {
      std::memcpy(out, in, static_cast<std::size_t>(to.size.width) * static_cast<std::size_t>(channel_count));
      continue;
    }
    for (int x = 0; x < to.size.width; ++x, in += from.strides[1])
      for (int c = 0; c < channel_count; ++c) *out++ = in[c * channel_step];
  }
}

Image image_from_array(py::handle array) {
  const BufferView buffer(array);
  const Py_buffer& view = buffer.get();
  if (!buffer.holds_bytes()) refuse_dtype(array);
  const PixelFormat format = format_of(buffer);
  constexpr py::ssize_t most = std::numeric_limits<int>::max();
  if (view.shape[0] < 1 || view.shape[1] < 1 || view.shape[0] > most || view.shape[1] > most)
    throw py::value_error("The image has the shape " + buffer.shape() + "; both sides must be positive.");
  Image image({static_cast<int>(view.shape[1]), static_cast<int>(view.shape[0])}, format);
  // Copied, although reading in place would do for some calls: an array may change while we work without the GIL.
  run([&] { copy_pixels(view, image.edit()); });
  return image;
}

bool is_pillow(py::handle source) {
  return py::hasattr(source, "convert") && py::hasattr(source, "getbands") && py::hasattr(source, "tobytes");
}

// The mode that keeps all that Pillow knows of the picture, in 8 bits.
const char* mode_for(py::handle picture) {
  const std::string mode = py::str(picture.attr("mode"));
  const bool transparent = picture.attr("info").contains("transparency");
  if (mode == "RGBA" || mode == "LA" || mode == "PA" || mode == "La" || mode == "RGBa" || transparent) return "RGBA";
  if (mode == "L" || mode == "1" || mode == "I" || mode == "F") return "L";
  return "RGB";
}

// Pillow's own way to 8 bits cuts off what is above 255 instead of scaling it.
Image image_from_16_bits(const py::object& picture) {
  const Size size = picture.attr("size").cast<Size>();
  const auto data = picture.attr("convert")("I").attr("tobytes")().cast<py::bytes>();
  const char* next = PyBytes_AS_STRING(data.ptr());
  Image image(size, PixelFormat::gray8);
  const MutableImageView target = image.edit();
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x, next += 4) {
      std::int32_t value = 0;
      std::memcpy(&value, next, 4);
      target.row(y)[x] = static_cast<std::uint8_t>((std::clamp(value, 0, 65535) + 128) / 257);
    }
  return image;
}

Image image_from_pillow(py::handle source) {
  auto picture = py::reinterpret_borrow<py::object>(source);
  const std::string own_mode = py::str(picture.attr("mode"));
  if (own_mode.rfind("I;16", 0) == 0) return image_from_16_bits(picture);
  const std::string mode = mode_for(picture);
  if (own_mode == "La") picture = picture.attr("convert")("LA");  // the only way that Pillow knows from there
  if (own_mode != mode) picture = picture.attr("convert")(mode);
  const Size size = picture.attr("size").cast<Size>();
  const auto data = picture.attr("tobytes")().cast<py::bytes>();
  const PixelFormat format = mode == "RGBA"  ? PixelFormat::rgba8
                             : mode == "RGB" ? PixelFormat::rgb8
                                             : PixelFormat::gray8;
  const auto* first = reinterpret_cast<const std::uint8_t*>(PyBytes_AS_STRING(data.ptr()));
  return run([&] {
    return Image(ImageView{first, size, format, std::ptrdiff_t{size.width} * bytes_per_pixel(format)});
  });
}

Image image_from_encoded(py::handle source) {
  const BufferView buffer(source);
  const Py_buffer& view = buffer.get();
  if (PyBuffer_IsContiguous(&view, 'C') == 0)
    throw py::value_error("The bytes of an encoded image must be contiguous.");
  const ByteView encoded(static_cast<const std::uint8_t*>(view.buf), static_cast<std::size_t>(view.len));
  return run([&] { return decode_image(encoded); });
}

bool is_encoded(py::handle source) {
  if (PyBytes_Check(source.ptr()) != 0 || PyByteArray_Check(source.ptr()) != 0) return true;
  return PyMemoryView_Check(source.ptr()) != 0 && PyMemoryView_GET_BUFFER(source.ptr())->ndim == 1;
}

}  // namespace

Image image_from(py::handle source) {
  if (py::isinstance<PythonImage>(source)) return source.cast<const PythonImage&>().image;
  if (is_encoded(source)) return image_from_encoded(source);
  if (PyUnicode_Check(source.ptr()) != 0 || py::hasattr(source, "__fspath__")) {
    const auto path = source.cast<std::filesystem::path>();
    return run([&] { return read_image(path); });
  }
  if (is_pillow(source)) return image_from_pillow(source);
  if (PyObject_CheckBuffer(source.ptr()) != 0) return image_from_array(source);
  if (py::hasattr(source, "__array__") || py::hasattr(source, "__array_interface__"))
    return image_from_array(py::module_::import("numpy").attr("asarray")(source));
  throw py::type_error(
      "A " + type_name(source) +
      " is no image. Pass a path, encoded bytes, a numpy array of uint8, a Pillow image or a vitrine.Image.");
}

py::object image_to(const Image& image) { return py::cast(PythonImage{image}); }

ArrayLayout layout_of(const ImageView& view) {
  const int channel_count = channels(view.format);
  const py::ssize_t item = is_8bit(view.format) ? 1 : 4;
  ArrayLayout layout{{view.height(), view.width()}, {view.stride, item * channel_count}};
  if (channel_count > 1) {
    layout.shape.push_back(channel_count);
    layout.strides.push_back(item);
  }
  return layout;
}

py::object array_over(const ImageView& view, const py::object& owner) {
  const ArrayLayout layout = layout_of(view);
  const py::dtype dtype = is_8bit(view.format) ? py::dtype::of<std::uint8_t>() : py::dtype::of<float>();
  py::array array(dtype, layout.shape, layout.strides, view.data, owner);
  array.attr("setflags")(py::arg("write") = false);
  return array;
}

}  // namespace vitrine::python
