#include "vitrine/base/file.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <string>

#include "support/errors.h"
#include "support/file_size_limit.h"
#include "support/temporary_folder.h"

namespace vitrine {
namespace {

constexpr std::size_t kPlenty = 1'000'000;

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status {};
  ::stat(path.c_str(), &status);
  return status.st_mode & 07777U;
}

TEST(ReadFile, GivesWhatWasWritten) {
  const TemporaryFolder folder;
  const Bytes bytes(100'000, 'x');
  write_file_atomically(folder / "a", bytes);
  EXPECT_EQ(read_file(folder / "a", kPlenty), bytes);
}

TEST(ReadFile, ReadsAnEmptyFile) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a", {});
  EXPECT_TRUE(read_file(folder / "a", 0).empty());
}

TEST(ReadFile, TakesAsManyBytesAsTheLimit) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a", Bytes(10));
  EXPECT_NO_THROW(read_file(folder / "a", 10));
  EXPECT_EQ(code_of([&] { read_file(folder / "a", 9); }), ErrorCode::image_too_large);
}

TEST(ReadFile, SaysThatAFileIsMissing) {
  const TemporaryFolder folder;
  EXPECT_EQ(code_of([&] { read_file(folder / "none", kPlenty); }), ErrorCode::not_found);
  EXPECT_EQ(message_of([&] { read_file(folder / "none", kPlenty); }),
            "Could not read '" + (folder / "none").string() + "': there is no such file. Check the path.");
}

TEST(ReadFile, RefusesAFolder) {
  const TemporaryFolder folder;
  EXPECT_EQ(code_of([&] { read_file(folder.path(), kPlenty); }), ErrorCode::invalid_image);
}

TEST(ReadFile, RefusesAPipeWithoutWaitingForIt) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(code_of([&] { read_file(folder / "pipe", kPlenty); }), ErrorCode::invalid_image);
}

TEST(ReadFile, SaysThatItMayNotRead) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a", bytes_of("x"));
  ::chmod(folder.path().c_str(), 0755);
  ::chmod((folder / "a").c_str(), 0);
  const WithoutPrivileges nobody;
  EXPECT_EQ(code_of([&] { read_file(folder / "a", kPlenty); }), ErrorCode::permission_denied);
}

TEST(WriteFile, ReplacesWhatIsThere) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a", bytes_of("old"));
  write_file_atomically(folder / "a", bytes_of("new"));
  EXPECT_EQ(read_file(folder / "a", kPlenty), bytes_of("new"));
  EXPECT_EQ(folder.file_count(), 1U);
}

TEST(WriteFile, KeepsTheModeOfWhatItReplaces) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a", bytes_of("old"));
  ::chmod((folder / "a").c_str(), 0640);
  write_file_atomically(folder / "a", bytes_of("new"));
  EXPECT_EQ(mode_of(folder / "a"), 0640U);
}

TEST(WriteFile, FollowsTheUmaskForANewFile) {
  const TemporaryFolder folder;
  const mode_t before = ::umask(0027);
  write_file_atomically(folder / "a", bytes_of("x"));
  ::umask(before);
  EXPECT_EQ(mode_of(folder / "a"), 0640U);
}

TEST(WriteFile, SaysThatTheFolderIsMissing) {
  const TemporaryFolder folder;
  EXPECT_EQ(code_of([&] { write_file_atomically(folder / "no" / "a", bytes_of("x")); }), ErrorCode::not_found);
}

TEST(WriteFile, RefusesAFolderForAFile) {
  const TemporaryFolder folder;
  EXPECT_EQ(code_of([&] { write_file_atomically(folder.path(), bytes_of("x")); }), ErrorCode::invalid_image);
}

TEST(WriteFile, SaysThatItMayNotWrite) {
  const TemporaryFolder folder;
  ::chmod(folder.path().c_str(), 0555);
  const WithoutPrivileges nobody;
  EXPECT_EQ(code_of([&] { write_file_atomically(folder / "a", bytes_of("x")); }), ErrorCode::permission_denied);
}

TEST(WriteFile, SaysThatItMayNotEvenLook) {
  const TemporaryFolder folder;
  ::chmod(folder.path().c_str(), 0);
  const WithoutPrivileges nobody;
  EXPECT_EQ(code_of([&] { write_file_atomically(folder / "a", bytes_of("x")); }), ErrorCode::permission_denied);
}

TEST(WriteFile, SaysThatANameIsTooLong) {
  const TemporaryFolder folder;
  const std::string name(300, 'x');
  EXPECT_EQ(code_of([&] { write_file_atomically(folder / name, bytes_of("x")); }), ErrorCode::invalid_image);
  EXPECT_EQ(folder.file_count(), 0U);
}

TEST(WriteFile, KeepsTheOldFileWhenTheNewOneMayNotGrow) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a", bytes_of("old"));
  const FileSizeLimit limit(4096);
  EXPECT_EQ(code_of([&] { write_file_atomically(folder / "a", Bytes(5000)); }), ErrorCode::disk_full);
  EXPECT_EQ(read_file(folder / "a", kPlenty), bytes_of("old"));
  EXPECT_EQ(folder.file_count(), 1U);
}

TEST(AtomicFile, ShowsNothingBeforeItIsCommitted) {
  const TemporaryFolder folder;
  AtomicFile file(folder / "a");
  file.write(bytes_of("half"));
  EXPECT_FALSE(std::filesystem::exists(folder / "a"));
  file.write(bytes_of(" and half"));
  file.commit();
  EXPECT_EQ(read_file(folder / "a", kPlenty), bytes_of("half and half"));
}

TEST(AtomicFile, LeavesNothingWhenDropped) {
  const TemporaryFolder folder;
  { AtomicFile(folder / "a").write(bytes_of("half")); }
  EXPECT_EQ(folder.file_count(), 0U);
}

TEST(AtomicFile, CommitsWhereNothingIs) {
  const TemporaryFolder folder;
  {
    AtomicFile file(folder / "a");
    file.write(bytes_of("new"));
    EXPECT_TRUE(file.commit_if_absent());
  }
  EXPECT_EQ(read_file(folder / "a", kPlenty), bytes_of("new"));
  EXPECT_EQ(folder.file_count(), 1U);
}

TEST(AtomicFile, LeavesWhatIsThereAlone) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "a", bytes_of("old"));
  {
    AtomicFile file(folder / "a");
    file.write(bytes_of("new"));
    EXPECT_FALSE(file.commit_if_absent());
  }
  EXPECT_EQ(read_file(folder / "a", kPlenty), bytes_of("old"));
  EXPECT_EQ(folder.file_count(), 1U);
}

}  // namespace
}  // namespace vitrine
