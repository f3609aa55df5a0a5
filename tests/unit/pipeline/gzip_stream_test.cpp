#include "pipeline/gzip_stream.h"

#include <gtest/gtest.h>

#include <string>

#include "support/errors.h"

namespace vitrine {
namespace {

Bytes packed(const std::string& text) {
  Bytes bytes;
  const auto sink = make_memory_sink(bytes);
  GzipSink gzip(*sink);
  gzip.write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  gzip.finish();
  return bytes;
}

std::string unpacked(const Bytes& bytes, std::uint64_t most = UINT64_MAX, std::size_t piece = 1000) {
  const auto source = make_memory_source(bytes);
  GzipSource gzip(*source, most);
  std::string text;
  for (Bytes buffer(piece);;) {
    const std::size_t count = gzip.read(buffer);
    if (count == 0) return text;
    text.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count));
  }
}

std::string long_text() {
  std::string text;
  for (int i = 0; i < 60'000; ++i) text += std::to_string(i * 7919 % 10'007) + ",";
  return text;
}

TEST(GzipStream, GivesBackWhatWentIn) {
  EXPECT_EQ(unpacked(packed(long_text())), long_text());
  EXPECT_EQ(unpacked(packed("")), "");
  EXPECT_EQ(unpacked(packed("abc"), 3, 1), "abc");
}

TEST(GzipStream, GivesTheSameBytesEachTime) { EXPECT_EQ(packed(long_text()), packed(long_text())); }

TEST(GzipStream, MakesTextSmaller) { EXPECT_LT(packed(long_text()).size(), long_text().size() / 2); }

TEST(GzipStream, RefusesWhatIsCutOff) {
  const Bytes whole = packed(long_text());
  for (std::size_t size = 0; size < whole.size(); size += 997)
    EXPECT_EQ(code_of([&] { unpacked(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))); }),
              ErrorCode::corrupt_data);
  EXPECT_EQ(code_of([&] { unpacked(Bytes(whole.begin(), whole.end() - 1)); }), ErrorCode::corrupt_data);
}

TEST(GzipStream, RefusesAChecksumThatIsWrong) {
  Bytes bytes = packed(long_text());
  bytes[bytes.size() - 6] ^= 1u;
  EXPECT_EQ(code_of([&] { unpacked(bytes); }), ErrorCode::corrupt_data);
}

TEST(GzipStream, RefusesWhatFollowsItsEnd) {
  Bytes bytes = packed("abc");
  bytes.push_back(0);
  EXPECT_EQ(code_of([&] { unpacked(bytes); }), ErrorCode::corrupt_data);
}

TEST(GzipStream, RefusesWhatIsNoGzip) {
  EXPECT_EQ(code_of([] { unpacked(Bytes(100, 'x')); }), ErrorCode::corrupt_data);
}

TEST(GzipStream, RefusesToGrowPastItsLimit) {
  const Bytes bomb = packed(std::string(10u << 20u, '0'));
  EXPECT_LT(bomb.size(), 20'000u);
  EXPECT_EQ(code_of([&] { unpacked(bomb, (10u << 20u) - 1); }), ErrorCode::corrupt_data);
  EXPECT_EQ(unpacked(bomb, 10u << 20u).size(), 10u << 20u);
}

}  // namespace
}  // namespace vitrine
