#include "vitrine/image/image.h"

#include <pybind11/pybind11.h>

#include <cstring>
#include <optional>
#include <string>

#include "bindings.h"
#include "call.h"
#include "casters.h"
#include "codec_options.h"
#include "notebook.h"
#include "python_image.h"
#include "vitrine/image/codec.h"
#include "vitrine/image/resize.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

const ImageView& pixels_of(const PythonImage& self) {
  if (self.image.empty()) throw py::value_error("The image is empty: it has no pixels.");
  return self.image.view();
}

py::buffer_info buffer_of(PythonImage& self) {
  const ImageView& view = pixels_of(self);
  const ArrayLayout layout = layout_of(view);
  const bool whole = is_8bit(view.format);
  // buffer_info wants a pointer that could be written to; the flag says that it must not.
  return {const_cast<std::uint8_t*>(view.data),
          whole ? 1 : 4,
          whole ? "B" : "f",
          static_cast<py::ssize_t>(layout.shape.size()),
          layout.shape,
          layout.strides,
          true};
}

py::object array_of(const py::object& self, const py::object& dtype, const py::object& copy) {
  py::object array = array_over(pixels_of(self.cast<const PythonImage&>()), self);
  if (!dtype.is_none()) array = array.attr("astype")(dtype, py::arg("copy") = false);
  const bool wants_copy = !copy.is_none() && copy.cast<bool>();
  return wants_copy ? array.attr("copy")() : array;
}

bool same_pixels(const Image& a, const Image& b) {
  if (a.size() != b.size() || a.format() != b.format()) return false;
  const auto bytes_a_row = static_cast<std::size_t>(a.width()) * static_cast<std::size_t>(bytes_per_pixel(a.format()));
  for (int y = 0; y < a.height(); ++y)
    if (std::memcmp(a.row(y), b.row(y), bytes_a_row) != 0) return false;
  return true;
}

std::string text_of(const PythonImage& self) {
  const Image& image = self.image;
  const std::string format = py::str(py::cast(image.format()).attr("name"));
  return "<vitrine.Image " + std::to_string(image.width()) + " x " + std::to_string(image.height()) + " " + format +
         ">";
}

py::object to_pillow(const py::object& self) {
  py::object pillow;
  try {
    pillow = py::module_::import("PIL.Image");
  } catch (py::error_already_set& missing) {
    if (!missing.matches(PyExc_ImportError)) throw;
    throw py::import_error("Image.to_pil() needs Pillow: pip install pillow");
  }
  return pillow.attr("fromarray")(array_of(self, py::none(), py::none()));
}

FileFormat save(const PythonImage& self, const std::filesystem::path& path, std::optional<FileFormat> format,
                int quality, ChromaSampling chroma, Effort effort) {
  return run([&] { return write_image(path, pixels_of(self), EncodeOptions{format, quality, chroma, effort}); });
}

Bytes encode(const PythonImage& self, std::optional<FileFormat> format, int quality, ChromaSampling chroma,
             Effort effort) {
  return run([&] { return encode_image(pixels_of(self), EncodeOptions{format, quality, chroma, effort}); });
}

py::tuple pickled(const PythonImage& self) {
  const ImageView& view = pixels_of(self);
  const Image packed(view);
  return py::make_tuple(view.size, view.format,
                        py::bytes(reinterpret_cast<const char*>(packed.row(0)), packed.byte_size()));
}

PythonImage unpickled(const py::tuple& state) {
  const auto size = state[0].cast<Size>();
  const auto format = state[1].cast<PixelFormat>();
  const auto data = state[2].cast<std::string_view>();
  PythonImage made{Image(size, format)};
  if (data.size() != made.image.byte_size()) throw py::value_error("The pickled image is damaged.");
  std::memcpy(made.image.edit().data, data.data(), data.size());
  return made;
}

void bind_class(py::module_& module) {
  py::class_<PythonImage>(module, "Image", py::buffer_protocol(), R"(
A picture that does not change: sRGB, 8 bits a channel, straight alpha. Masks and light are float32.

`np.asarray(image)` is a read-only view of its pixels, no copy: (height, width) for grey, else (height, width, 3 or 4).

Parameters
----------
source
    A path, encoded bytes (JPEG, PNG, WebP), a uint8 array of shape (height, width) or (height, width, 1, 3 or 4) with
    any strides, a Pillow image of any mode, or an Image. Arrays and Pillow images are taken as they are: orientation
    and profile of a file are applied when a path or bytes are passed.

Raises
------
ValueError
    The array has another shape or type; the message says how to convert it.
InvalidImageError, ImageTooLargeError, NotFoundError, PermissionDeniedError
    The file or the bytes cannot be decoded.)")
      .def(py::init([](const Image& source) { return PythonImage{source}; }), py::arg("source"))
      .def_buffer(&buffer_of)
      .def_property_readonly(
          "width", [](const PythonImage& self) { return self.image.width(); }, "In pixels.")
      .def_property_readonly(
          "height", [](const PythonImage& self) { return self.image.height(); }, "In pixels.")
      .def_property_readonly(
          "size", [](const PythonImage& self) { return self.image.size(); }, "(width, height) in pixels.")
      .def_property_readonly(
          "format", [](const PythonImage& self) { return self.image.format(); }, "What a pixel is made of.")
      .def("__array__", &array_of, py::arg("dtype") = py::none(), py::arg("copy") = py::none(),
           "A read-only array over the pixels, no copy unless asked for.")
      .def("save", &save, py::arg("path"), py::kw_only(), py::arg("format") = py::none(),
           py::arg("quality") = kDefaultQuality, py::arg("chroma") = EncodeOptions{}.chroma,
           py::arg("effort") = EncodeOptions{}.effort, R"(
Writes the picture so that a reader sees the old file or the new one whole.

Parameters
----------
path
    Where to. Its suffix chooses the format, unless `format` does.
format
    "jpeg", "png" or "webp". Without it and without a known suffix: PNG if any pixel is transparent, else JPEG.
quality
    JPEG and WebP, 1 to 100; WebP 100 is lossless.
chroma
    JPEG: "yuv444" keeps thin coloured lines, for 10 % more bytes.
effort
    PNG: "small" takes about 5 times as long for 10 % fewer bytes.

Returns
-------
The format it wrote.

Raises
------
DiskFullError, PermissionDeniedError, NotFoundError
    The file could not be written; nothing of it is left.)")
      .def("encode", &encode, py::kw_only(), py::arg("format") = py::none(),
           py::arg("quality") = kDefaultQuality, py::arg("chroma") = EncodeOptions{}.chroma,
           py::arg("effort") = EncodeOptions{}.effort, "The picture as bytes of a file; options as in save().")
      .def("to_pil", &to_pillow, "A Pillow image of the same pixels. Needs Pillow.")
      .def("_repr_png_", [](const PythonImage& self) { return run([&] { return notebook_png(self.image); }); })
      .def("__eq__",
           [](const PythonImage& self, const py::object& other) -> py::object {
             if (!py::isinstance<PythonImage>(other)) return py::reinterpret_borrow<py::object>(Py_NotImplemented);
             return py::bool_(same_pixels(self.image, other.cast<const PythonImage&>().image));
           })
      .def("__repr__", &text_of)
      .def(py::pickle(&pickled, &unpickled))
      .attr("__hash__") = py::none();
}

void bind_functions(py::module_& module) {
  module.def(
      "resize", [](const Image& image, Size size) { return run([&] { return resize(image, size); }); },
      py::arg("image"), py::arg("size"), R"(
The picture at another size: exact area average when it shrinks, Catmull-Rom when it grows; in linear light.

Parameters
----------
image
    8-bit.
size
    (width, height) in pixels, both positive.)");
  module.def("fit_within", &fit_within, py::arg("size"), py::arg("box"),
             "The largest (width, height) with the ratio of `size` that fits in `box`; never larger than `size`.");
  module.def(
      "convert", [](const Image& image, PixelFormat format) { return run([&] { return convert(image, format); }); },
      py::arg("image"), py::arg("format"), R"(
The same picture in another 8-bit format: "gray8", "rgb8" or "rgba8".

Grey is Rec. 709 luma; rgb to rgba is opaque; rgba to rgb drops alpha: flatten() lays it on a ground instead.)");
  module.def(
      "flatten", [](const Image& image, std::uint8_t ground) { return run([&] { return flatten(image, ground); }); },
      py::arg("image"), py::arg("ground_gray") = 255,
      "An rgb8 picture laid over a plain grey ground, in linear light.");
  module.def(
      "crop", [](const Image& image, Rect rect) { return run([&] { return Image(image.view().crop(rect)); }); },
      py::arg("image"), py::arg("rect"), R"(
The pixels in the rectangle (x, y, width, height), which must lie inside; ValueError otherwise.)");
  module.def(
      "has_transparency", [](const Image& image) { return run([&] { return has_transparency(image); }); },
      py::arg("image"), "True if any pixel is not opaque.");
}

}  // namespace

Bytes notebook_png(const Image& image) {
  EncodeOptions options;
  options.format = FileFormat::png;
  const Size size = fit_within(image.size(), {1024, 1024});
  return encode_image(size == image.size() ? image : resize(image, size), options);
}

void bind_image(py::module_& module) {
  py::native_enum<PixelFormat>(module, "PixelFormat", "enum.Enum", "What a pixel is made of.")
      .value("gray8", PixelFormat::gray8)
      .value("rgb8", PixelFormat::rgb8)
      .value("rgba8", PixelFormat::rgba8, "Straight alpha.")
      .value("gray_f32", PixelFormat::gray_f32, "A share, in [0, 1].")
      .value("rgb_f32", PixelFormat::rgb_f32, "Linear light, 1 = white.")
      .finalize();
  bind_encoding_words(module);
  bind_class(module);
  bind_functions(module);
}

}  // namespace vitrine::python
