#include "storage/file_layout.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

TEST(FileLayout, NamesTheFolderAfterTheKey) {
  const auto folder = FileLayout("/store").folder_of("mockups/1.png");
  EXPECT_TRUE(folder.filename().string().starts_with("mockups,1.png~")) << folder;
  EXPECT_EQ(folder.parent_path().parent_path(), "/store/objects");
}

TEST(FileLayout, ReadsTheKeyBackFromTheFolder) {
  const auto key = key_in(FileLayout("/store").folder_of("mockups/1.png").filename().string());
  EXPECT_EQ(key->begin, "mockups/1.png");
  EXPECT_TRUE(key->whole);
}

TEST(FileLayout, KeepsNamesWithinWhatFileSystemsAllow) {
  const auto name = FileLayout("/store").folder_of(std::string(512, 'k')).filename().string();
  EXPECT_LE(name.size(), 255u);
  EXPECT_FALSE(key_in(name)->whole);
}

TEST(FileLayout, TellsLongKeysApartThatBeginAlike) {
  const FileLayout layout("/store");
  EXPECT_NE(layout.folder_of(std::string(300, 'k') + "a"), layout.folder_of(std::string(300, 'k') + "b"));
}

TEST(FileLayout, TakesNoForeignFolderForAnObject) {
  EXPECT_FALSE(key_in("photos"));
  EXPECT_FALSE(key_in("backup~"));
  EXPECT_FALSE(key_in("a~0123456789abcdef0123456789abcdeX"));
}

}  // namespace
}  // namespace vitrine
