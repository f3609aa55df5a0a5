#pragma once

#include <pybind11/pybind11.h>

#include <memory>

#include "vitrine/base/byte_stream.h"

namespace vitrine::python {

/// A source over bytes-like data, or over an object with read(n); keeps what it reads from. Needs the GIL to make, not
/// to use. Throws TypeError for anything else.
std::shared_ptr<ByteSource> source_over(pybind11::handle data);

/// A sink into an object with write(bytes).
std::shared_ptr<ByteSink> sink_into(pybind11::handle file);

/// A stream that C++ lends to a Python method for the time of one call; Python code that keeps it longer gets
/// ValueError from it, not a dangling pointer.
template <typename Stream>
class Lent;

template <>
class Lent<ByteSource> : public ByteSource {
 public:
  explicit Lent(ByteSource& inner) : inner_(&inner) {}
  std::size_t read(std::span<std::uint8_t> buffer) override { return checked(inner_).read(buffer); }
  void take_back() { inner_ = nullptr; }

 private:
  static ByteSource& checked(ByteSource* inner);
  ByteSource* inner_;
};

template <>
class Lent<ByteSink> : public ByteSink {
 public:
  explicit Lent(ByteSink& inner) : inner_(&inner) {}
  void write(ByteView bytes) override { checked(inner_).write(bytes); }
  void take_back() { inner_ = nullptr; }

 private:
  static ByteSink& checked(ByteSink* inner);
  ByteSink* inner_;
};

/// Lends a stream for a scope.
template <typename Stream>
class Loan {
 public:
  explicit Loan(Stream& inner) : lent_(std::make_shared<Lent<Stream>>(inner)) {}
  ~Loan() { lent_->take_back(); }
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;
  std::shared_ptr<Stream> stream() const { return lent_; }

 private:
  std::shared_ptr<Lent<Stream>> lent_;
};

}  // namespace vitrine::python
