#include "base/mapped_file.h"

#include <gtest/gtest.h>

#include "support/errors.h"
#include "support/temporary_folder.h"
#include "vitrine/base/file.h"

namespace vitrine {
namespace {

TEST(MappedFile, HoldsTheBytesOfTheFile) {
  const TemporaryFolder folder;
  const Bytes bytes{1, 2, 3, 4, 5};
  write_file_atomically(folder / "a", bytes);
  const auto file = MappedFile::open(folder / "a", 5);
  EXPECT_EQ(Bytes(file->bytes().begin(), file->bytes().end()), bytes);
}

TEST(MappedFile, OutlivesAFileThatIsReplaced) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a", Bytes{1, 2, 3});
  const auto file = MappedFile::open(folder / "a", 100);
  write_file_atomically(folder / "a", Bytes{9});
  EXPECT_EQ(file->bytes()[2], 3);
}

TEST(MappedFile, MayBeEmpty) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a", {});
  EXPECT_TRUE(MappedFile::open(folder / "a", 100)->bytes().empty());
}

TEST(MappedFile, KeepsTheLimit) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a", Bytes(101));
  EXPECT_EQ(code_of([&] { MappedFile::open(folder / "a", 100); }), ErrorCode::image_too_large);
}

TEST(MappedFile, SaysThatAFileIsMissing) {
  const TemporaryFolder folder;
  EXPECT_EQ(code_of([&] { MappedFile::open(folder / "a", 100); }), ErrorCode::not_found);
}

TEST(MappedFile, RefusesAFolder) {
  const TemporaryFolder folder;
  EXPECT_EQ(code_of([&] { MappedFile::open(folder / ".", 100); }), ErrorCode::invalid_image);
}

}  // namespace
}  // namespace vitrine
