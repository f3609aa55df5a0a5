#include "streams.h"

#include <pybind11/pybind11.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "bindings.h"
#include "call.h"
#include "callback.h"
#include "casters.h"
#include "python_error.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

constexpr std::size_t kPiece = 1u << 20u;

class OwnedBytes final : public ByteSource {
 public:
  explicit OwnedBytes(Bytes bytes) : bytes_(std::move(bytes)) {}
  std::size_t read(std::span<std::uint8_t> buffer) override {
    const std::size_t count = std::min(buffer.size(), bytes_.size() - next_);
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(next_), count, buffer.begin());
    next_ += count;
    return count;
  }

 private:
  Bytes bytes_;
  std::size_t next_ = 0;
};

class FileSource final : public ByteSource {
 public:
  explicit FileSource(py::object read) : read_(std::move(read)) {}
  std::size_t read(std::span<std::uint8_t> buffer) override {
    const GilTaken gil;
    try {
      const Bytes piece = read_.function()(std::min(buffer.size(), kPiece)).cast<Bytes>();
      if (piece.size() > buffer.size()) throw py::value_error("read() returned more bytes than it was asked for.");
      std::copy(piece.begin(), piece.end(), buffer.begin());
      return piece.size();
    } catch (py::error_already_set& raised) {
      throw_from_python(raised);
    }
  }

 private:
  Callback read_;
};

class FileSink final : public ByteSink {
 public:
  explicit FileSink(py::object write) : write_(std::move(write)) {}
  void write(ByteView bytes) override {
    const GilTaken gil;
    try {
      write_.function()(py::bytes(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    } catch (py::error_already_set& raised) {
      throw_from_python(raised);
    }
  }

 private:
  Callback write_;
};

Bytes read_some(ByteSource& source, std::size_t most) {
  Bytes result;
  while (result.size() < most) {
    const std::size_t start = result.size();
    result.resize(start + std::min(kPiece, most - start));
    const std::size_t count = source.read(std::span(result).subspan(start));
    result.resize(start + count);
    if (count == 0) break;
  }
  return result;
}

template <typename Stream>
Stream& checked_loan(Stream* inner) {
  if (inner == nullptr) throw std::invalid_argument("This stream was lent for one call, which is over.");
  return *inner;
}

}  // namespace

ByteSource& Lent<ByteSource>::checked(ByteSource* inner) { return checked_loan(inner); }
ByteSink& Lent<ByteSink>::checked(ByteSink* inner) { return checked_loan(inner); }

std::shared_ptr<ByteSource> source_over(py::handle data) {
  if (py::isinstance<ByteSource>(data)) return data.cast<std::shared_ptr<ByteSource>>();
  if (PyObject_CheckBuffer(data.ptr()) != 0) return std::make_shared<OwnedBytes>(bytes_from(data));
  if (py::hasattr(data, "read")) return std::make_shared<FileSource>(data.attr("read"));
  throw py::type_error("Pass bytes or a file opened in binary mode; got " +
                       std::string(py::str(py::type::handle_of(data))) + ".");
}

std::shared_ptr<ByteSink> sink_into(py::handle file) {
  if (py::isinstance<ByteSink>(file)) return file.cast<std::shared_ptr<ByteSink>>();
  if (py::hasattr(file, "write")) return std::make_shared<FileSink>(file.attr("write"));
  throw py::type_error("Pass a file opened for writing in binary mode; got " +
                       std::string(py::str(py::type::handle_of(file))) + ".");
}

void bind_streams(py::module_& module) {
  py::class_<ByteSource, py::smart_holder>(module, "ByteSource",
                                           "Where bytes come from, a piece at a time; reads like a binary file.")
      .def(
          "read",
          [](ByteSource& self, py::ssize_t size) {
            return run([&] { return read_some(self, size < 0 ? SIZE_MAX : static_cast<std::size_t>(size)); });
          },
          py::arg("size") = -1, "At most `size` bytes, all that are left if it is negative; b\"\" at the end.");
  py::class_<ByteSink, py::smart_holder>(module, "ByteSink", "Where bytes go; written to like a binary file.")
      .def(
          "write",
          [](ByteSink& self, const Bytes& data) {
            run([&] { self.write(data); });
            return data.size();
          },
          py::arg("data"), "Takes all of `data`; returns its length.");
}

}  // namespace vitrine::python
