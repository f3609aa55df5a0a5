// What every ObjectStore does. A store joins with one line in object_backends.cpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>

#include "conformance/object_backends.h"
#include "support/errors.h"
#include "support/failures_of.h"
#include "support/pattern_source.h"
#include "support/run_threads.h"
#include "support/temporary_folder.h"
#include "vitrine/base/sha256.h"
#include "vitrine/storage/memory_store.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

class ObjectStoreConformance : public ::testing::TestWithParam<ObjectBackend> {
 protected:
  ObjectStore& store() { return *world_.store; }
  ObjectRef put(std::string_view key, std::string_view text, PutOptions options = {}) {
    return store().put(key, bytes_of(text), options, context_);
  }
  ObjectRef replace(std::string_view key, std::string_view text) { return put(key, text, {PutMode::replace}); }
  std::string text(std::string_view key) { return text_of(store().get(key, context_)); }
  std::vector<std::string> keys(std::string_view prefix = "", int limit = 1000) {
    std::vector<std::string> all;
    std::optional<std::string> after;
    do {
      auto page = store().list(prefix, after, limit, context_);
      for (auto& object : page.objects) all.push_back(object.ref.key);
      after = page.next;
    } while (after);
    return all;
  }

  ObjectWorld world_ = GetParam().make();
  Context context_;
};

INSTANTIATE_TEST_SUITE_P(Backends, ObjectStoreConformance, ::testing::ValuesIn(object_backends()),
                         [](const auto& backend) { return backend.param.name; });

/// Fails after its first piece, like a connection that breaks.
class BreakingSource final : public ByteSource {
 public:
  std::size_t read(std::span<std::uint8_t> buffer) override {
    if (std::exchange(read_, true)) throw Error(ErrorCode::unavailable, "The connection broke. Try again.");
    buffer[0] = 'x';
    return 1;
  }

 private:
  bool read_ = false;
};

// --- put and get -----------------------------------------------------------------------------------------------------

TEST_P(ObjectStoreConformance, GivesBackWhatWasPut) {
  put("a/b.png", "picture");
  EXPECT_EQ(text("a/b.png"), "picture");
}

TEST_P(ObjectStoreConformance, NamesKeyDigestSizeAndMediaType) {
  const auto ref = put("a.png", "picture", {PutMode::create_only, "image/png"});
  EXPECT_EQ(ref, (ObjectRef{"a.png", sha256_hex(bytes_of("picture")), 7, "image/png"}));
}

TEST_P(ObjectStoreConformance, GetReturnsTheReferenceThatPutReturned) {
  const auto ref = put("a.png", "picture", {PutMode::create_only, "image/png"});
  Bytes bytes;
  EXPECT_EQ(store().get("a.png", *make_memory_sink(bytes), context_), ref);
}

TEST_P(ObjectStoreConformance, KeepsAnEmptyObject) {
  put("empty", "");
  EXPECT_EQ(store().head("empty", context_)->ref.size, 0u);
  EXPECT_EQ(text("empty"), "");
}

TEST_P(ObjectStoreConformance, KeepsEveryByte) {
  Bytes all(70'000);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
  store().put("all", all, {}, context_);
  EXPECT_EQ(store().get("all", context_), all);
}

TEST_P(ObjectStoreConformance, StreamsALargeObjectInPieces) {
  constexpr std::uint64_t kSize = 20u << 20u;
  PatternSource source(kSize);
  const auto ref = store().put("large", source, {}, context_);
  DigestSink sink;
  store().get("large", sink, context_);
  EXPECT_EQ(ref.size, kSize);
  EXPECT_EQ(sink.digest(), ref.sha256);
  EXPECT_LE(sink.largest(), 1u << 20u);
}

TEST_P(ObjectStoreConformance, MissesAnObjectThatWasNeverPut) {
  EXPECT_EQ(code_of([&] { text("nothing"); }), ErrorCode::not_found);
}

TEST_P(ObjectStoreConformance, RefusesToHoldMoreThanTheCallerAllows) {
  put("a", "12345");
  EXPECT_EQ(code_of([&] { store().get("a", context_, 4); }), ErrorCode::image_too_large);
  EXPECT_EQ(text_of(store().get("a", context_, 5)), "12345");
}

TEST_P(ObjectStoreConformance, IsPrivateToItsKeys) {
  put("a", "one");
  put("a/b", "two");
  put("a/b/c", "three");
  EXPECT_EQ(text("a") + text("a/b") + text("a/b/c"), "onetwothree");
}

TEST_P(ObjectStoreConformance, TellsKeysApartByCase) {
  put("Key", "upper");
  put("key", "lower");
  EXPECT_EQ(text("Key"), "upper");
}

// --- create only and replace -----------------------------------------------------------------------------------------

void check_that_create_only_keeps_the_first(ObjectStore& store) {
  Context context;
  store.put("taken", bytes_of("first"), {}, context);
  EXPECT_EQ(code_of([&] { store.put("taken", bytes_of("second"), {}, context); }), ErrorCode::conflict)
      << "create_only was ignored";
  EXPECT_EQ(text_of(store.get("taken", context)), "first") << "the first object was overwritten";
}

void check_that_one_of_racing_creates_wins(ObjectStore& store) {
  std::atomic<int> winners = 0;
  std::atomic<int> conflicts = 0;
  std::mutex mutex;
  std::string winner;
  run_threads(8, [&](int i) {
    Context context;
    const std::string mine = "thread " + std::to_string(i);
    const auto code = code_of([&] { store.put("raced", bytes_of(mine), {}, context); });
    if (code == ErrorCode::conflict) ++conflicts;
    if (code) return;
    ++winners;
    const std::lock_guard lock(mutex);
    winner = mine;
  });
  Context context;
  EXPECT_EQ(winners, 1) << "not one winner";
  EXPECT_EQ(conflicts, 7);
  EXPECT_EQ(text_of(store.get("raced", context)), winner);
}

TEST_P(ObjectStoreConformance, CreateOnlyKeepsTheFirst) { check_that_create_only_keeps_the_first(store()); }

TEST_P(ObjectStoreConformance, OneOfRacingCreatesWins) { check_that_one_of_racing_creates_wins(store()); }

TEST_P(ObjectStoreConformance, CreateOnlyIsTheDefault) { EXPECT_EQ(PutOptions{}.mode, PutMode::create_only); }

TEST_P(ObjectStoreConformance, ReplacesTheWholeObject) {
  put("a", "a long first text", {PutMode::create_only, "text/plain"});
  const auto ref = put("a", "short", {PutMode::replace, "image/png"});
  EXPECT_EQ(text("a"), "short");
  EXPECT_EQ(store().head("a", context_)->ref, ref);
}

TEST_P(ObjectStoreConformance, ReplaceMakesWhatIsNotThere) {
  replace("new", "text");
  EXPECT_EQ(text("new"), "text");
}

TEST_P(ObjectStoreConformance, TheSameBytesMayLieUnderTwoKeys) {
  put("one", "same");
  put("two", "same");
  store().remove("one", context_);
  EXPECT_EQ(text("two"), "same");
}

TEST_P(ObjectStoreConformance, ABrokenSourceLeavesNothing) {
  BreakingSource source;
  EXPECT_EQ(code_of([&] { store().put("a", source, {}, context_); }), ErrorCode::unavailable);
  EXPECT_FALSE(store().head("a", context_));
}

TEST_P(ObjectStoreConformance, ABrokenSourceLeavesTheOldObject) {
  put("a", "old");
  BreakingSource source;
  EXPECT_EQ(code_of([&] { store().put("a", source, {PutMode::replace}, context_); }), ErrorCode::unavailable);
  EXPECT_EQ(text("a"), "old");
}

TEST_P(ObjectStoreConformance, AReaderSeesTheOldObjectOrTheNewOne) {
  const std::string old_text(300'000, 'o');
  const std::string new_text(500'000, 'n');
  put("a", old_text);
  std::atomic<int> torn = 0;
  run_threads(4, [&](int i) {
    Context context;
    for (int round = 0; round < 10; ++round) {
      if (i == 0) store().put("a", bytes_of(round % 2 == 0 ? new_text : old_text), {PutMode::replace}, context);
      const auto seen = text_of(store().get("a", context));
      if (seen != old_text && seen != new_text) ++torn;
    }
  });
  EXPECT_EQ(torn, 0);
}

TEST_P(ObjectStoreConformance, TheLastOfRacingReplacesIsWhole) {
  run_threads(8, [&](int i) {
    Context context;
    const Bytes mine(static_cast<std::size_t>(1000 * (i + 1)), static_cast<std::uint8_t>(i));
    store().put("a", mine, {PutMode::replace}, context);
  });
  const Bytes kept = store().get("a", context_);
  EXPECT_EQ(kept, Bytes(static_cast<std::size_t>(1000 * (kept.at(0) + 1)), kept.at(0)));
}

// --- head, remove, url -----------------------------------------------------------------------------------------------

TEST_P(ObjectStoreConformance, HeadTellsWhatIsStoredAndWhen) {
  const auto ref = put("a", "text");
  const auto info = store().head("a", context_);
  EXPECT_EQ(info->ref, ref);
  EXPECT_GT(info->updated_at, Timestamp(1'577'836'800s));
}

TEST_P(ObjectStoreConformance, HeadIsEmptyWithoutAnObject) { EXPECT_FALSE(store().head("nothing", context_)); }

TEST_P(ObjectStoreConformance, RemovesOnce) {
  put("a", "text");
  EXPECT_TRUE(store().remove("a", context_));
  EXPECT_FALSE(store().remove("a", context_));
  EXPECT_FALSE(store().head("a", context_));
}

TEST_P(ObjectStoreConformance, AKeyIsFreeAgainAfterRemove) {
  put("a", "one");
  store().remove("a", context_);
  put("a", "two");
  EXPECT_EQ(text("a"), "two");
}

TEST_P(ObjectStoreConformance, OneOfRacingRemovesSaysItWasThere) {
  put("a", "text");
  std::atomic<int> removed = 0;
  run_threads(8, [&](int) {
    Context context;
    if (store().remove("a", context)) ++removed;
  });
  EXPECT_EQ(removed, 1);
}

TEST_P(ObjectStoreConformance, GivesAnAddress) {
  put("a/b.png", "text");
  EXPECT_FALSE(store().url("a/b.png", 60s, context_).empty());
}

TEST_P(ObjectStoreConformance, GivesNoAddressForWhatIsNotThere) {
  EXPECT_EQ(code_of([&] { store().url("nothing", 60s, context_); }), ErrorCode::not_found);
}

TEST_P(ObjectStoreConformance, RefusesALifetimeOutOfRange) {
  put("a", "text");
  EXPECT_THROW(store().url("a", 0s, context_), std::invalid_argument);
  EXPECT_THROW(store().url("a", 604'801s, context_), std::invalid_argument);
  EXPECT_NO_THROW(store().url("a", 604'800s, context_));
}

// --- list ------------------------------------------------------------------------------------------------------------

TEST_P(ObjectStoreConformance, AnEmptyStoreListsNothing) {
  const auto page = store().list("", {}, 10, context_);
  EXPECT_TRUE(page.objects.empty());
  EXPECT_FALSE(page.next);
}

void check_that_keys_come_in_order(ObjectStore& store) {
  Context context;
  for (const char* key : {"b", "a/z", "a", "a.b", "B", "a/a"}) store.put(key, bytes_of(key), {}, context);
  std::vector<std::string> listed;
  for (const auto& object : store.list("", {}, 1000, context).objects) listed.push_back(object.ref.key);
  EXPECT_EQ(listed, (std::vector<std::string>{"B", "a", "a.b", "a/a", "a/z", "b"})) << "out of order";
}

TEST_P(ObjectStoreConformance, ListsByKeyBytewise) { check_that_keys_come_in_order(store()); }

TEST_P(ObjectStoreConformance, ListsOnlyThePrefix) {
  for (const char* key : {"jobs/1/a", "jobs/1/b", "jobs/10/a", "job", "other"}) put(key, "x");
  EXPECT_EQ(keys("jobs/1/"), (std::vector<std::string>{"jobs/1/a", "jobs/1/b"}));
  EXPECT_EQ(keys("jobs/1"), (std::vector<std::string>{"jobs/1/a", "jobs/1/b", "jobs/10/a"}));
  EXPECT_TRUE(keys("nothing").empty());
}

TEST_P(ObjectStoreConformance, PagesMeetWithoutGapOrOverlap) {
  std::vector<std::string> expected;
  for (int i = 10; i < 33; ++i) put(expected.emplace_back("k" + std::to_string(i)), "x");
  EXPECT_EQ(keys("", 1), expected);
  EXPECT_EQ(keys("", 5), expected);
  EXPECT_EQ(keys("k", 23), expected);
}

TEST_P(ObjectStoreConformance, TheLastFullPageHasNoNext) {
  put("a", "x");
  put("b", "x");
  EXPECT_FALSE(store().list("", {}, 2, context_).next);
  EXPECT_TRUE(store().list("", {}, 1, context_).next);
}

TEST_P(ObjectStoreConformance, GoesOnBehindAKeyThatIsGone) {
  for (const char* key : {"a", "b", "c"}) put(key, "x");
  const auto page = store().list("", {}, 1, context_);
  store().remove("a", context_);
  EXPECT_EQ(store().list("", page.next, 1, context_).objects.at(0).ref.key, "b");
}

TEST_P(ObjectStoreConformance, StartsBehindAfterEvenBeforeThePrefix) {
  for (const char* key : {"a", "m/1", "m/2"}) put(key, "x");
  EXPECT_EQ(store().list("m/", "a", 10, context_).objects.size(), 2u);
  EXPECT_TRUE(store().list("m/", "z", 10, context_).objects.empty());
}

TEST_P(ObjectStoreConformance, ListTellsSizeAndTime) {
  put("a", "12345");
  const auto object = store().list("", {}, 1, context_).objects.at(0);
  EXPECT_EQ(object.ref.size, 5u);
  EXPECT_EQ(object.updated_at, store().head("a", context_)->updated_at);
}

TEST_P(ObjectStoreConformance, ListsTheLongestKeysToo) {
  const std::string long_a = std::string(300, 'k') + "/a" + std::string(210, 'z');
  const std::string long_b = std::string(300, 'k') + "/b" + std::string(210, 'z');
  ASSERT_EQ(long_a.size(), 512u);
  put(long_b, "b");
  put(long_a, "a");
  EXPECT_EQ(keys("kkk"), (std::vector<std::string>{long_a, long_b}));
  EXPECT_EQ(text(long_b), "b");
}

TEST_P(ObjectStoreConformance, RefusesALimitOutOfRange) {
  EXPECT_THROW(store().list("", {}, 0, context_), std::invalid_argument);
  EXPECT_THROW(store().list("", {}, 1001, context_), std::invalid_argument);
  EXPECT_NO_THROW(store().list("", {}, 1000, context_));
}

// --- keys, options, context ------------------------------------------------------------------------------------------

TEST_P(ObjectStoreConformance, EveryVerbRefusesAKeyThatLeadsOut) {
  const std::string_view bad = "../outside";
  Bytes bytes;
  const auto sink = make_memory_sink(bytes);
  EXPECT_THROW(put(bad, "x"), std::invalid_argument);
  EXPECT_THROW(store().get(bad, *sink, context_), std::invalid_argument);
  EXPECT_THROW(store().head(bad, context_), std::invalid_argument);
  EXPECT_THROW(store().remove(bad, context_), std::invalid_argument);
  EXPECT_THROW(store().url(bad, 60s, context_), std::invalid_argument);
}

TEST_P(ObjectStoreConformance, TakesEveryCharacterThatAKeyMayHave) {
  const std::string key = "AZaz09._=@+-/.hidden/-/x..y";
  put(key, "x");
  EXPECT_EQ(keys(), std::vector<std::string>{key});
}

TEST_P(ObjectStoreConformance, RefusesAMediaTypeThatWouldSmuggleAHeaderIn) {
  EXPECT_THROW(put("a", "x", {PutMode::create_only, "image/png\r\nx-evil: 1"}), std::invalid_argument);
  EXPECT_THROW(put("a", "x", {PutMode::create_only, "png"}), std::invalid_argument);
  EXPECT_FALSE(store().head("a", context_));
}

TEST_P(ObjectStoreConformance, ACancelledPutLeavesNothing) {
  Context cancelled;
  cancelled.cancel();
  EXPECT_EQ(code_of([&] { store().put("a", bytes_of("x"), {}, cancelled); }), ErrorCode::cancelled);
  EXPECT_FALSE(store().head("a", context_));
}

TEST_P(ObjectStoreConformance, EveryVerbHeedsCancel) {
  put("a", "x");
  Context cancelled;
  cancelled.cancel();
  EXPECT_EQ(code_of([&] { store().get("a", cancelled); }), ErrorCode::cancelled);
  EXPECT_EQ(code_of([&] { store().head("a", cancelled); }), ErrorCode::cancelled);
  EXPECT_EQ(code_of([&] { store().list("", {}, 1, cancelled); }), ErrorCode::cancelled);
  EXPECT_EQ(code_of([&] { store().remove("a", cancelled); }), ErrorCode::cancelled);
  EXPECT_EQ(code_of([&] { store().url("a", 1s, cancelled); }), ErrorCode::cancelled);
}

TEST_P(ObjectStoreConformance, ACancelInTheMiddleOfAPutIsNoticed) {
  class CancellingSource final : public ByteSource {
   public:
    explicit CancellingSource(Context& context) : context_(context) {}
    std::size_t read(std::span<std::uint8_t> buffer) override {
      context_.cancel();
      return buffer.size();
    }

   private:
    Context& context_;
  };
  Context cancelled;
  CancellingSource endless(cancelled);
  EXPECT_EQ(code_of([&] { store().put("a", endless, {}, cancelled); }), ErrorCode::cancelled);
}

TEST_P(ObjectStoreConformance, HeedsTheDeadline) {
  auto late = Context::with_timeout(0ms);
  EXPECT_EQ(code_of([&] { store().head("a", late); }), ErrorCode::deadline_exceeded);
}

TEST_P(ObjectStoreConformance, ManyThreadsPutAndListAtOnce) {
  run_threads(8, [&](int i) {
    Context context;
    for (int n = 0; n < 10; ++n)
      store().put("t" + std::to_string(i) + "/" + std::to_string(n), bytes_of("x"), {}, context);
    store().list("", {}, 100, context);
  });
  EXPECT_EQ(keys().size(), 80u);
}

// --- canaries: stores that are wrong on purpose
// -----------------------------------------------------------------------

/// A store that passes everything on; a canary changes one verb.
class PassingStore : public ObjectStore {
 public:
  using ObjectStore::get;
  using ObjectStore::put;
  ObjectRef put(std::string_view key, ByteSource& source, const PutOptions& options, Context& context) override {
    return store_->put(key, source, options, context);
  }
  ObjectRef get(std::string_view key, ByteSink& sink, Context& context) override {
    return store_->get(key, sink, context);
  }
  std::optional<ObjectInfo> head(std::string_view key, Context& context) override { return store_->head(key, context); }
  ObjectPage list(std::string_view prefix, std::optional<std::string> after, int limit, Context& context) override {
    return store_->list(prefix, after, limit, context);
  }
  bool remove(std::string_view key, Context& context) override { return store_->remove(key, context); }
  std::string url(std::string_view key, std::chrono::seconds lifetime, Context& context) override {
    return store_->url(key, lifetime, context);
  }

 private:
  std::unique_ptr<ObjectStore> store_ = make_memory_object_store();
};

class CarelessStore final : public PassingStore {
 public:
  ObjectRef put(std::string_view key, ByteSource& source, const PutOptions& options, Context& context) override {
    return PassingStore::put(key, source, {PutMode::replace, options.media_type}, context);
  }
};

class UnsortedStore final : public PassingStore {
 public:
  ObjectPage list(std::string_view prefix, std::optional<std::string> after, int limit, Context& context) override {
    auto page = PassingStore::list(prefix, after, limit, context);
    std::reverse(page.objects.begin(), page.objects.end());
    return page;
  }
};

TEST(ObjectStoreCanary, RejectsAStoreThatIgnoresCreateOnly) {
  CarelessStore careless;
  EXPECT_NE(failures_of([&] { check_that_create_only_keeps_the_first(careless); }).find("create_only was ignored"),
            std::string::npos);
}

TEST(ObjectStoreCanary, RejectsAStoreWhereEveryRacerWins) {
  CarelessStore careless;
  EXPECT_NE(failures_of([&] { check_that_one_of_racing_creates_wins(careless); }).find("not one winner"),
            std::string::npos);
}

TEST(ObjectStoreCanary, RejectsAStoreThatListsOutOfOrder) {
  UnsortedStore unsorted;
  EXPECT_NE(failures_of([&] { check_that_keys_come_in_order(unsorted); }).find("out of order"), std::string::npos);
}

}  // namespace
}  // namespace vitrine
