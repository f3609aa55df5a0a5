#include "jobs/sqlite_error.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "support/errors.h"
#include "vitrine/jobs/sqlite_store.h"

namespace vitrine {
namespace {

ErrorCode code_for(int result) { return sqlite_error(result, 0, nullptr, "jobs.db").code(); }

TEST(SqliteError, GivesEachTroubleItsCode) {
  EXPECT_EQ(code_for(SQLITE_FULL), ErrorCode::disk_full);
  EXPECT_EQ(code_for(SQLITE_READONLY_DIRECTORY), ErrorCode::permission_denied);
  EXPECT_EQ(code_for(SQLITE_NOTADB), ErrorCode::corrupt_data);
  EXPECT_EQ(code_for(SQLITE_CORRUPT_INDEX), ErrorCode::corrupt_data);
  EXPECT_EQ(code_for(SQLITE_BUSY_SNAPSHOT), ErrorCode::unavailable);
  EXPECT_EQ(code_for(SQLITE_IOERR_READ), ErrorCode::unavailable);
  EXPECT_EQ(sqlite_error(SQLITE_IOERR_WRITE, EDQUOT, nullptr, "jobs.db").code(), ErrorCode::disk_full);
  EXPECT_EQ(sqlite_error(SQLITE_CANTOPEN, EACCES, nullptr, "jobs.db").code(), ErrorCode::permission_denied);
  EXPECT_THROW(code_for(SQLITE_NOMEM), std::bad_alloc);
}

TEST(SqliteError, NamesTheFileAndWhatToDo) {
  const std::string message = sqlite_error(SQLITE_FULL, 0, nullptr, "a/jobs.db").what();
  EXPECT_NE(message.find("a/jobs.db"), std::string::npos);
  EXPECT_NE(message.find("Free some space"), std::string::npos);
}

TEST(SqliteError, ABusyFileIsWorthAnotherTry) {
  EXPECT_TRUE(sqlite_error(SQLITE_BUSY, 0, nullptr, "jobs.db").retryable());
}

TEST(WalResetDefect, IsInVersionsUpToTheOnesThatMendIt) {
  EXPECT_FALSE(has_wal_reset_defect(3'006'023));
  EXPECT_TRUE(has_wal_reset_defect(3'007'000));
  EXPECT_TRUE(has_wal_reset_defect(3'040'001));
  EXPECT_TRUE(has_wal_reset_defect(3'044'005));
  EXPECT_FALSE(has_wal_reset_defect(3'044'006));
  EXPECT_TRUE(has_wal_reset_defect(3'045'000));
  EXPECT_TRUE(has_wal_reset_defect(3'050'006));
  EXPECT_FALSE(has_wal_reset_defect(3'050'007));
  EXPECT_TRUE(has_wal_reset_defect(3'051'002));
  EXPECT_FALSE(has_wal_reset_defect(3'051'003));
}

TEST(WalResetDefect, IsToldOfTheVersionThatIsLoaded) {
  const auto told = sqlite_wal_reset_defect();
  EXPECT_EQ(told.has_value(), has_wal_reset_defect(sqlite3_libversion_number()));
  EXPECT_EQ(told.value_or(sqlite3_libversion()).find(sqlite3_libversion()) == std::string::npos, false);
}

}  // namespace
}  // namespace vitrine
