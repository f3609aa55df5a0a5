#include "vitrine/base/log.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace vitrine {
namespace {

using Line = std::tuple<LogLevel, std::string, std::string>;

class Log : public ::testing::Test {
 protected:
  void listen(LogLevel least) {
    set_log_sink(
        [this](LogLevel level, std::string_view area, std::string_view message) {
          const std::lock_guard lock(mutex_);
          lines_.emplace_back(level, area, message);
        },
        least);
  }
  void TearDown() override { set_log_sink(nullptr); }

  std::mutex mutex_;
  std::vector<Line> lines_;
};

TEST_F(Log, IsSilentAtFirst) {
  EXPECT_FALSE(log_enabled(LogLevel::error));
  log(LogLevel::error, "image", "nobody hears");
  EXPECT_TRUE(lines_.empty());
}

TEST_F(Log, ReachesTheSinkWithLevelAndArea) {
  listen(LogLevel::debug);
  log(LogLevel::debug, "jobs", "a");
  log(LogLevel::info, "image", "b");
  log(LogLevel::warning, "net", "c");
  log(LogLevel::error, "", "d");
  EXPECT_EQ(lines_, (std::vector<Line>{{LogLevel::debug, "jobs", "a"},
                                       {LogLevel::info, "image", "b"},
                                       {LogLevel::warning, "net", "c"},
                                       {LogLevel::error, "", "d"}}));
}

TEST_F(Log, DropsWhatIsBelowTheLeastLevel) {
  listen(LogLevel::warning);
  EXPECT_FALSE(log_enabled(LogLevel::info));
  EXPECT_TRUE(log_enabled(LogLevel::warning));
  log(LogLevel::info, "image", "too little");
  EXPECT_TRUE(lines_.empty());
}

TEST_F(Log, PassesTextAsItIs) {
  listen(LogLevel::info);
  const std::string text = "100 % {} {0} \n" + std::string(5000, 'x');
  log(LogLevel::info, "image", text);
  EXPECT_EQ(std::get<2>(lines_.at(0)), text);
}

TEST_F(Log, FallsSilentAgain) {
  listen(LogLevel::debug);
  set_log_sink(nullptr);
  log(LogLevel::error, "image", "nobody hears");
  EXPECT_TRUE(lines_.empty());
}

TEST_F(Log, LetsASinkReplaceItself) {
  std::atomic<int> calls = 0;
  set_log_sink([&](LogLevel, std::string_view, std::string_view) {
    ++calls;
    set_log_sink(nullptr);
  });
  log(LogLevel::error, "image", "last words");
  log(LogLevel::error, "image", "nobody hears");
  EXPECT_EQ(calls, 1);
}

TEST_F(Log, TakesMessagesFromManyThreads) {
  listen(LogLevel::info);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([] {
      for (int i = 0; i < 100; ++i) log(LogLevel::info, "jobs", "step");
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(lines_.size(), 400U);
}

}  // namespace
}  // namespace vitrine
