#include "vitrine/storage/file_store.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>

#include "storage/file_layout.h"
#include "storage/folder_lock.h"
#include "support/errors.h"
#include "support/temporary_folder.h"
#include "vitrine/base/file.h"

namespace vitrine {
namespace {

namespace fs = std::filesystem;

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }
void write(const fs::path& path, std::string_view text) { std::ofstream(path) << text; }

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  return names;
}

class FileStore : public ::testing::Test {
 protected:
  std::unique_ptr<ObjectStore> open() const { return open_file_object_store(root()); }
  fs::path root() const { return folder_.path() / "store"; }
  fs::path folder_of(std::string_view key) const { return FileLayout(root()).folder_of(key); }
  fs::path bytes_of_object(std::string_view key) const {
    for (const auto& entry : fs::directory_iterator(folder_of(key)))
      if (entry.path().filename() != "reference.json") return entry.path();
    throw std::logic_error("the object has no bytes");
  }
  ObjectRef put(std::string_view key, std::string_view text, PutOptions options = {}) {
    return store_->put(key, bytes_of(text), options, context_);
  }
  std::string text(std::string_view key) { return text_of(store_->get(key, context_)); }

  TemporaryFolder folder_;
  std::unique_ptr<ObjectStore> store_ = open();
  Context context_;
};

// --- opening ---------------------------------------------------------------------------------------------------------

TEST_F(FileStore, OutlivesItsObject) {
  const auto ref = put("a", "text", {PutMode::create_only, "image/png"});
  store_ = open();
  EXPECT_EQ(store_->head("a", context_)->ref, ref);
  EXPECT_EQ(text("a"), "text");
}

TEST_F(FileStore, MakesItsFolderForItsOwnerAlone) {
  struct stat status {};
  ASSERT_EQ(::stat(root().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0700u);
}

TEST_F(FileStore, MakesNoFolderWithoutItsParent) {
  EXPECT_EQ(code_of([&] { open_file_object_store(folder_.path() / "no" / "store"); }), ErrorCode::not_found);
}

TEST_F(FileStore, DoesNotOpenAFile) {
  write(folder_.path() / "file", "x");
  EXPECT_EQ(code_of([&] { open_file_object_store(folder_.path() / "file"); }), ErrorCode::not_found);
}

TEST_F(FileStore, MayLieBehindALinkThatItsUserMade) {
  fs::create_directory_symlink(root(), folder_.path() / "link");
  put("a", "text");
  EXPECT_EQ(text_of(open_file_object_store(folder_.path() / "link")->get("a", context_)), "text");
}

TEST_F(FileStore, SaysWhatItMayNotWrite) {
  const auto place = folder_.path() / "theirs";
  fs::create_directory(place);
  fs::permissions(folder_.path(), fs::perms::owner_all | fs::perms::others_exec | fs::perms::others_read);
  const WithoutPrivileges nobody;
  EXPECT_EQ(code_of([&] { open_file_object_store(place / "store"); }), ErrorCode::permission_denied);
}

TEST_F(FileStore, SaysWhatItMayNotReadAndHidesNothing) {
  put("a", "text");
  const auto shard = folder_of("a").parent_path();
  for (const auto& folder : {folder_.path(), root(), root() / "objects", root() / "incoming"})
    fs::permissions(folder, fs::perms::all);
  fs::permissions(shard, fs::perms::owner_all);
  const WithoutPrivileges nobody;
  EXPECT_EQ(code_of([&] { store_->list("", {}, 10, context_); }), ErrorCode::permission_denied);
  EXPECT_EQ(code_of([&] { store_->head("a", context_); }), ErrorCode::permission_denied);
}

// --- files -----------------------------------------------------------------------------------------------------------

TEST_F(FileStore, KeepsTheBytesAsAPlainFile) {
  put("a.png", "picture", {PutMode::create_only, "image/png"});
  EXPECT_EQ(text_of(read_file(bytes_of_object("a.png"), 100)), "picture");
  EXPECT_EQ(bytes_of_object("a.png").extension(), ".png");
}

TEST_F(FileStore, GivesAnAddressThatLeadsToTheBytes) {
  put("a.png", "picture", {PutMode::create_only, "image/png"});
  EXPECT_EQ(store_->url("a.png", std::chrono::seconds(1), context_),
            "file://" + fs::canonical(bytes_of_object("a.png")).string());
}

TEST_F(FileStore, PercentEncodesItsAddress) {
  const auto odd = folder_.path() / "my store #1 ä";
  const auto store = open_file_object_store(odd);
  store->put("a@b+c=d", bytes_of("x"), {}, context_);
  const auto url = store->url("a@b+c=d", std::chrono::seconds(1), context_);
  EXPECT_NE(url.find("/my%20store%20%231%20%C3%A4/"), std::string::npos) << url;
  EXPECT_NE(url.find("/a%40b%2Bc%3Dd~"), std::string::npos) << url;
}

TEST_F(FileStore, RemovesTheBytesThatWereReplaced) {
  put("a", "old");
  put("a", "new", {PutMode::replace});
  EXPECT_EQ(names_in(folder_of("a")).size(), 2u);
}

TEST_F(FileStore, LeavesNoFolderBehindARemovedObject) {
  put("a", "text");
  store_->remove("a", context_);
  EXPECT_FALSE(fs::exists(folder_of("a")));
}

TEST_F(FileStore, LeavesNothingBehindALostRace) {
  put("a", "first");
  code_of([&] { put("a", "second"); });
  EXPECT_EQ(names_in(folder_of("a")).size(), 2u);
  EXPECT_TRUE(names_in(root() / "incoming").empty());
}

// --- what a crash leaves ---------------------------------------------------------------------------------------------

TEST_F(FileStore, IgnoresBytesWhoseReferenceNeverCame) {
  fs::create_directories(folder_of("a"));
  write(folder_of("a") / "0123456789abcdef0123456789abcdef.bin", "half");
  EXPECT_FALSE(store_->head("a", context_));
  EXPECT_TRUE(store_->list("", {}, 10, context_).objects.empty());
  EXPECT_FALSE(store_->remove("a", context_));
}

TEST_F(FileStore, PutsOverWhatACrashLeft) {
  fs::create_directories(folder_of("a"));
  write(folder_of("a") / "0123456789abcdef0123456789abcdef.bin", "half");
  write(folder_of("a") / ".reference.json.17.part", "{");
  put("a", "whole");
  EXPECT_EQ(text("a"), "whole");
  EXPECT_EQ(names_in(folder_of("a")).size(), 2u) << "the leftovers were not removed";
}

TEST_F(FileStore, StillHasTheOldObjectAfterACrashBeforeTheReferenceWasRenamed) {
  put("a", "old");
  write(folder_of("a") / "0123456789abcdef0123456789abcdef.bin", "new");
  store_ = open();
  EXPECT_EQ(text("a"), "old");
}

TEST_F(FileStore, HasTheNewObjectAfterACrashBeforeTheOldBytesWereRemoved) {
  put("a", "new");
  write(folder_of("a") / "0123456789abcdef0123456789abcdef.bin", "old");
  store_ = open();
  EXPECT_EQ(text("a"), "new");
}

TEST_F(FileStore, RemovesAtOpeningWhatDeadWritersLeft) {
  write(root() / "incoming" / "0123456789abcdef0123456789abcdef", "dead");
  write(root() / "incoming" / ".0123456789abcdef0123456789abcdef.99.part", "dead");
  open();
  EXPECT_TRUE(names_in(root() / "incoming").empty());
}

TEST_F(FileStore, KeepsAtOpeningWhatALiveWriterWrites) {
  const FolderLock writer(root() / "incoming", FolderLock::Mode::shared, context_);
  write(root() / "incoming" / "0123456789abcdef0123456789abcdef", "alive");
  open();
  EXPECT_EQ(names_in(root() / "incoming").size(), 1u);
}

TEST_F(FileStore, KeepsAtOpeningWhatIsNotItsOwn) {
  write(root() / "incoming" / "holiday.jpg", "dear");
  open();
  EXPECT_TRUE(fs::exists(root() / "incoming" / "holiday.jpg"));
}

// --- damage and forgery ----------------------------------------------------------------------------------------------

TEST_F(FileStore, NoticesChangedBytes) {
  put("a", "text");
  write(bytes_of_object("a"), "TEXT");
  EXPECT_EQ(code_of([&] { text("a"); }), ErrorCode::corrupt_data);
}

TEST_F(FileStore, NoticesBytesThatAreTooShort) {
  put("a", "text");
  fs::resize_file(bytes_of_object("a"), 3);
  EXPECT_EQ(code_of([&] { text("a"); }), ErrorCode::corrupt_data);
}

TEST_F(FileStore, NoticesBytesThatAreTooLong) {
  put("a", "text");
  write(bytes_of_object("a"), "text and more");
  EXPECT_EQ(code_of([&] { text("a"); }), ErrorCode::corrupt_data);
}

TEST_F(FileStore, NoticesBytesThatAreGone) {
  put("a", "text");
  fs::remove(bytes_of_object("a"));
  EXPECT_EQ(code_of([&] { text("a"); }), ErrorCode::corrupt_data);
}

class DamagedReference : public FileStore, public ::testing::WithParamInterface<std::string> {};

TEST_P(DamagedReference, IsNoticedAndCanBeReplaced) {
  put("a", "text");
  write(folder_of("a") / "reference.json", GetParam());
  EXPECT_EQ(code_of([&] { store_->head("a", context_); }), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of([&] { put("a", "other"); }), ErrorCode::conflict);
  put("a", "mended", {PutMode::replace});
  EXPECT_EQ(text("a"), "mended");
}

// A reference for the key "a" that is right but for these values.
std::string reference_with(std::string_view key, std::string_view digest, std::string_view bytes_name) {
  return R"({"version":1,"key":")" + std::string(key) + R"(","sha256":)" + std::string(digest) +
         R"(,"size":1,"media_type":"a/b","updated_us":1,"bytes":")" + std::string(bytes_name) + R"("})";
}

const std::string kDigest = '"' + std::string(64, 'a') + '"';
const std::string kBytesName = "0123456789abcdef0123456789abcdef.bin";
INSTANTIATE_TEST_SUITE_P(
    Texts, DamagedReference,
    ::testing::Values("", "{", "[]", "null", "\xff\xfe", std::string(20'000, ' '), std::string(10'000, '['),
                      "{\"version\":2}", reference_with("b", kDigest, kBytesName),
                      reference_with("a", kDigest, "../../../../../../../../../../../../etc/passwd"),
                      reference_with("a", kDigest, "reference.json"), reference_with("a", "\"short\"", kBytesName),
                      reference_with("a", "7", kBytesName)));

TEST_F(FileStore, RemovesAnObjectWhoseReferenceIsDamaged) {
  put("a", "text");
  write(folder_of("a") / "reference.json", "{");
  EXPECT_TRUE(store_->remove("a", context_));
  EXPECT_FALSE(fs::exists(folder_of("a")));
}

TEST_F(FileStore, ListsTheOthersBesideADamagedOne) {
  put("a", "text");
  put("b", "text");
  write(folder_of("a") / "reference.json", "{");
  const auto page = store_->list("", {}, 10, context_);
  ASSERT_EQ(page.objects.size(), 1u);
  EXPECT_EQ(page.objects[0].ref.key, "b");
}

// --- links that lead out ---------------------------------------------------------------------------------------------

class FileStoreLink : public FileStore {
 protected:
  fs::path outside() {
    fs::create_directories(folder_.path() / "outside");
    return folder_.path() / "outside";
  }
  void expect_that_nothing_leaves(std::string_view key) {
    EXPECT_EQ(code_of([&] { put(key, "x", {PutMode::replace}); }), ErrorCode::corrupt_data);
    EXPECT_EQ(code_of([&] { text(key); }), ErrorCode::corrupt_data);
    EXPECT_EQ(code_of([&] { store_->head(key, context_); }), ErrorCode::corrupt_data);
    EXPECT_EQ(code_of([&] { store_->remove(key, context_); }), ErrorCode::corrupt_data);
    EXPECT_TRUE(store_->list("", {}, 10, context_).objects.empty());
  }
};

TEST_F(FileStoreLink, IsNotFollowedAsAShard) {
  fs::create_directory_symlink(outside(), folder_of("a").parent_path());
  expect_that_nothing_leaves("a");
  EXPECT_TRUE(names_in(outside()).empty());
}

TEST_F(FileStoreLink, IsNotFollowedAsAnObjectsFolder) {
  fs::create_directory(folder_of("a").parent_path());
  fs::create_directory_symlink(outside(), folder_of("a"));
  expect_that_nothing_leaves("a");
  EXPECT_TRUE(names_in(outside()).empty());
}

TEST_F(FileStoreLink, IsNotFollowedAsTheFolderOfAllObjects) {
  put("a", "text");
  fs::rename(root() / "objects", outside() / "objects");
  fs::create_directory_symlink(outside() / "objects", root() / "objects");
  EXPECT_EQ(code_of([&] { text("a"); }), ErrorCode::corrupt_data);
  EXPECT_EQ(code_of([&] { put("b", "text"); }), ErrorCode::corrupt_data);
}

TEST_F(FileStoreLink, IsNotFollowedAsTheBytes) {
  put("a", "text");
  const auto bytes = bytes_of_object("a");
  write(outside() / "secret", "text");
  fs::remove(bytes);
  fs::create_symlink(outside() / "secret", bytes);
  EXPECT_EQ(code_of([&] { text("a"); }), ErrorCode::corrupt_data);
}

TEST_F(FileStoreLink, IsReplacedAndNotWrittenThroughAsTheReference) {
  put("a", "text");
  write(outside() / "victim", "untouched");
  fs::remove(folder_of("a") / "reference.json");
  fs::create_symlink(outside() / "victim", folder_of("a") / "reference.json");
  put("a", "new", {PutMode::replace});
  EXPECT_EQ(text("a"), "new");
  EXPECT_EQ(text_of(read_file(outside() / "victim", 100)), "untouched");
}

// --- several processes, full disks -----------------------------------------------------------------------------------

/// Runs `work` in a process of its own and returns what it returns, at most 255.
int in_process(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    int result = 255;
    try {
      result = work();
    } catch (const std::exception&) {
    }
    ::_exit(result);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

TEST_F(FileStore, OneOfTwoProcessesWinsACreate) {
  constexpr int kRounds = 25;
  const auto race = [&](char who) {
    Context context;
    const auto store = open();
    int won = 0;
    for (int round = 0; round < kRounds; ++round)
      if (!code_of(
              [&] { store->put("k" + std::to_string(round), Bytes{static_cast<std::uint8_t>(who)}, {}, context); }))
        ++won;
    return won;
  };
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    char go = 0;
    if (::read(pipe_ends[0], &go, 1) != 1) ::_exit(255);
    ::_exit(race('c'));
  }
  ASSERT_EQ(::write(pipe_ends[1], "g", 1), 1);
  const int won_here = race('p');
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);

  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(won_here + WEXITSTATUS(status), kRounds);
  int kept_here = 0;
  for (int round = 0; round < kRounds; ++round)
    if (text("k" + std::to_string(round)) == "p") ++kept_here;
  EXPECT_EQ(kept_here, won_here);
}

TEST_F(FileStore, SeesWhatAnotherProcessPut) {
  EXPECT_EQ(in_process([&] {
              Context context;
              open()->put("theirs", bytes_of("text"), {}, context);
              return 0;
            }),
            0);
  EXPECT_EQ(text("theirs"), "text");
}

constexpr int kNoMount = 254;

// Gives this process mounts of its own, as root or in a user namespace where it plays root.
bool leave_mount_namespace() {
  const std::string map = "0 " + std::to_string(::getuid()) + " 1";
  if (::unshare(CLONE_NEWNS) != 0) {
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    write("/proc/self/uid_map", map);
  }
  return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

// A file system of 256 KiB that only this process sees; kNoMount where that is not allowed.
int on_a_small_disk(const fs::path& place, const std::function<int()>& work) {
  return in_process([&] {
    if (!leave_mount_namespace()) return kNoMount;
    if (::mount("small", place.c_str(), "tmpfs", 0, "size=256k") != 0) return kNoMount;
    return work();
  });
}

TEST_F(FileStore, SaysThatTheDiskIsFullAndKeepsWhatWasThere) {
  const auto place = folder_.path() / "disk";
  fs::create_directory(place);
  const int result = on_a_small_disk(place, [&] {
    Context context;
    const auto store = open_file_object_store(place / "store");
    store->put("a", bytes_of("old"), {}, context);
    const auto code = code_of([&] { store->put("a", Bytes(1u << 20u), {PutMode::replace}, context); });
    if (code != ErrorCode::disk_full) return 1;
    if (text_of(store->get("a", context)) != "old") return 2;
    if (!names_in(place / "store" / "incoming").empty()) return 3;
    store->put("b", bytes_of("fits again"), {}, context);
    return 0;
  });
  if (result == kNoMount) GTEST_SKIP() << "This machine lets no test mount a small file system.";
  EXPECT_EQ(result, 0);
}

TEST_F(FileStore, WaitsForALockOnlyAsLongAsTheContextAllows) {
  put("a", "text");
  const FolderLock other(folder_of("a").parent_path(), FolderLock::Mode::exclusive, context_);
  auto soon = Context::with_timeout(std::chrono::milliseconds(20));
  EXPECT_EQ(code_of([&] { store_->remove("a", soon); }), ErrorCode::deadline_exceeded);
  EXPECT_EQ(text("a"), "text") << "a reader waits for nobody";
}

TEST_F(FileStore, HoldsALargeObjectInLittleMemory) {
  class Zeros final : public ByteSource {
   public:
    std::size_t read(std::span<std::uint8_t> buffer) override {
      const auto count = std::min(buffer.size(), left_);
      std::fill_n(buffer.begin(), count, std::uint8_t{0});
      left_ -= count;
      return count;
    }

   private:
    std::size_t left_ = 64u << 20u;
  };
  class Nowhere final : public ByteSink {
    void write(ByteView) override {}
  };
  struct rusage before {};
  ::getrusage(RUSAGE_SELF, &before);
  Zeros zeros;
  Nowhere nowhere;
  store_->put("large", zeros, {}, context_);
  store_->get("large", nowhere, context_);
  struct rusage after {};
  ::getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 20 * 1024) << "KiB";
}

}  // namespace
}  // namespace vitrine
