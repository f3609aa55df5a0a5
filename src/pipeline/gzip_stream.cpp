#include "pipeline/gzip_stream.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>
#include <string>

#include "vitrine/base/error.h"

namespace vitrine {
namespace {

constexpr std::size_t kBlock = 64u << 10u;
constexpr int kGzip = 15 + 16;  // the largest window, and gzip around it
constexpr int kMemory = 8;

Error corrupt(const std::string& reason) {
  return {ErrorCode::corrupt_data, "The compressed data " + reason + ". Use another copy."};
}

}  // namespace

// --- GzipSink --------------------------------------------------------------------------------------------------------

struct GzipSink::State {
  z_stream stream{};
  std::array<std::uint8_t, kBlock> output{};
};

GzipSink::GzipSink(ByteSink& sink) : sink_(sink), state_(std::make_unique<State>()) {
  if (deflateInit2(&state_->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip, kMemory, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
}

GzipSink::~GzipSink() { deflateEnd(&state_->stream); }

void GzipSink::write(ByteView bytes) {
  // zlib counts in 32 bits.
  for (; !bytes.empty(); bytes = bytes.subspan(std::min(bytes.size(), kBlock)))
    deflate(bytes.first(std::min(bytes.size(), kBlock)), Z_NO_FLUSH);
}

void GzipSink::finish() { deflate({}, Z_FINISH); }

void GzipSink::deflate(ByteView bytes, int flush) {
  z_stream& stream = state_->stream;
  stream.next_in = const_cast<std::uint8_t*>(bytes.data());  // zlib only reads it
  stream.avail_in = static_cast<uInt>(bytes.size());
  do {
    stream.next_out = state_->output.data();
    stream.avail_out = static_cast<uInt>(kBlock);
    ::deflate(&stream, flush);  // cannot fail: the state is whole and there is room
    sink_.write(ByteView(state_->output).first(kBlock - stream.avail_out));
  } while (stream.avail_out == 0);
}

// --- GzipSource ------------------------------------------------------------------------------------------------------

struct GzipSource::State {
  z_stream stream{};
  std::array<std::uint8_t, kBlock> input{};
  bool ended = false;
};

GzipSource::GzipSource(ByteSource& source, std::uint64_t most)
    : source_(source), left_(most), state_(std::make_unique<State>()) {
  if (inflateInit2(&state_->stream, kGzip) != Z_OK) throw std::bad_alloc();
}

GzipSource::~GzipSource() { inflateEnd(&state_->stream); }

std::size_t GzipSource::read(std::span<std::uint8_t> buffer) {
  z_stream& stream = state_->stream;
  const std::size_t wanted = std::min(buffer.size(), kBlock);
  stream.next_out = buffer.data();
  stream.avail_out = static_cast<uInt>(wanted);
  while (stream.avail_out == wanted && wanted > 0 && !state_->ended) {
    if (stream.avail_in == 0 && !refill()) throw corrupt("is cut off");
    const int result = inflate(&stream, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
      if (stream.avail_in > 0 || refill()) throw corrupt("has something behind its end");
      state_->ended = true;
    } else if (result == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (result != Z_OK) {
      throw corrupt("is damaged, or no gzip");
    }
  }
  const std::size_t count = wanted - stream.avail_out;
  if (count > left_) throw corrupt("grows past the limit for it");
  left_ -= count;
  return count;
}

// False at the end of the source.
bool GzipSource::refill() {
  state_->stream.next_in = state_->input.data();
  state_->stream.avail_in = static_cast<uInt>(source_.read(state_->input));
  return state_->stream.avail_in > 0;
}

}  // namespace vitrine
