#include "storage/spool.h"

#include <gtest/gtest.h>

#include "storage/crc32c.h"
#include "support/errors.h"
#include "support/pattern_source.h"
#include "support/temporary_folder.h"

namespace vitrine {
namespace {

constexpr std::uint64_t kLarge = 9'000'001;  // more than stays in memory

std::string digest_of(ByteSource& source) {
  DigestSink sink;
  Bytes block(100'000);
  for (auto count = source.read(block); count > 0; count = source.read(block)) sink.write({block.data(), count});
  return sink.digest();
}

class SpoolTest : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  Spool spool() {
    PatternSource source(GetParam());
    return Spool(source, folder_.path(), context_);
  }
  TemporaryFolder folder_;
  Context context_;
};

INSTANTIATE_TEST_SUITE_P(Sizes, SpoolTest, ::testing::Values(0, 1, 1000, 4u << 20u, (4u << 20u) + 1, kLarge));

TEST_P(SpoolTest, KnowsSizeAndDigest) {
  const auto kept = spool();
  PatternSource same(GetParam());
  EXPECT_EQ(kept.size(), GetParam());
  EXPECT_EQ(kept.sha256(), digest_of(same));
}

TEST_P(SpoolTest, GivesTheBytesAgainAndAgain) {
  const auto kept = spool();
  EXPECT_EQ(digest_of(*kept.part(0, kept.size())), kept.sha256());
  EXPECT_EQ(digest_of(*kept.part(0, kept.size())), kept.sha256());
}

TEST_P(SpoolTest, GivesAPartFromTheMiddle) {
  const auto kept = spool();
  const std::uint64_t half = kept.size() / 2;
  EXPECT_EQ(digest_of(*kept.part(half, kept.size() - half)), kept.sha256_of(half, kept.size() - half, context_));
}

TEST_P(SpoolTest, LeavesNoFileBehind) {
  const auto kept = spool();
  EXPECT_EQ(folder_.file_count(), 0u);
}

TEST(Spool, SaysThatItsFolderIsMissing) {
  PatternSource source(kLarge);
  Context context;
  EXPECT_EQ(code_of([&] { Spool(source, "/nowhere/at/all", context); }), ErrorCode::not_found);
}

TEST(Spool, APartOutlivesIt) {
  PatternSource source(kLarge);
  Context context;
  auto kept = std::make_unique<Spool>(source, "", context);
  const auto digest = kept->sha256();
  const auto part = kept->part(0, kLarge);
  kept.reset();
  EXPECT_EQ(digest_of(*part), digest);
}

}  // namespace
}  // namespace vitrine
