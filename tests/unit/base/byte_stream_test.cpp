#include "vitrine/base/byte_stream.h"

#include <gtest/gtest.h>

#include <array>

#include "support/errors.h"
#include "support/temporary_folder.h"
#include "vitrine/base/file.h"

namespace vitrine {
namespace {

Bytes drain(ByteSource& source, std::size_t piece) {
  Bytes all;
  Bytes buffer(piece);
  while (const std::size_t count = source.read(buffer))
    all.insert(all.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
  return all;
}

TEST(MemorySource, GivesItsBytesInPieces) {
  const Bytes bytes = bytes_of("0123456789");
  EXPECT_EQ(drain(*make_memory_source(bytes), 3), bytes);
  EXPECT_EQ(drain(*make_memory_source(bytes), 100), bytes);
}

TEST(MemorySource, StaysAtItsEnd) {
  const auto source = make_memory_source({});
  std::array<std::uint8_t, 4> buffer{};
  EXPECT_EQ(source->read(buffer), 0U);
  EXPECT_EQ(source->read(buffer), 0U);
}

TEST(MemorySink, Appends) {
  Bytes bytes = bytes_of("a");
  const auto sink = make_memory_sink(bytes);
  sink->write(bytes_of("bc"));
  sink->write({});
  EXPECT_EQ(bytes, bytes_of("abc"));
}

TEST(MemorySink, TakesNoMoreThanItsLimit) {
  Bytes bytes;
  const auto sink = make_memory_sink(bytes, 3);
  sink->write(bytes_of("abc"));
  EXPECT_EQ(code_of([&] { sink->write(bytes_of("d")); }), ErrorCode::image_too_large);
  EXPECT_EQ(bytes, bytes_of("abc"));
}

TEST(FileSource, GivesTheFileInPieces) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a", bytes_of("0123456789"));
  EXPECT_EQ(drain(*open_file_source(folder / "a"), 4), bytes_of("0123456789"));
}

TEST(FileSource, SaysThatAFileIsMissing) {
  const TemporaryFolder folder;
  EXPECT_EQ(code_of([&] { open_file_source(folder / "none"); }), ErrorCode::not_found);
}

TEST(FileSource, RefusesAFolder) {
  const TemporaryFolder folder;
  EXPECT_EQ(code_of([&] { open_file_source(folder.path()); }), ErrorCode::invalid_image);
}

}  // namespace
}  // namespace vitrine
