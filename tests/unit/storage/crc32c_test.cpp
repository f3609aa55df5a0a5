#include "storage/crc32c.h"

#include <gtest/gtest.h>

#include "support/temporary_folder.h"

namespace vitrine {
namespace {

TEST(Crc32c, HasTheValuesOfRfc3720) {
  EXPECT_EQ(crc32c(0, Bytes(32, 0x00)), 0x8a9136aau);
  EXPECT_EQ(crc32c(0, Bytes(32, 0xff)), 0x62a8ab43u);
  EXPECT_EQ(crc32c(0, bytes_of("123456789")), 0xe3069283u);
}

TEST(Crc32c, GoesOnFromAnyPlace) {
  const Bytes text = bytes_of("a text that is longer than a group of eight");
  const ByteView all(text);
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    EXPECT_EQ(crc32c(crc32c(0, all.first(cut)), all.subspan(cut)), crc32c(0, all));
}

TEST(Crc32c, OfNothingIsZero) { EXPECT_EQ(crc32c(0, {}), 0u); }

}  // namespace
}  // namespace vitrine
