#include "generate/active_tasks.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "support/errors.h"
#include "support/run_threads.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;

/// A steady clock that the test moves.
struct Hand {
  std::shared_ptr<std::atomic<std::int64_t>> milliseconds_gone = std::make_shared<std::atomic<std::int64_t>>(0);
  ActiveTasks::Time operator()() const { return ActiveTasks::Time(milliseconds(milliseconds_gone->load())); }
  void advance(milliseconds step) { *milliseconds_gone += step.count(); }
};

class ActiveTasksTest : public ::testing::Test {
 protected:
  void take(ActiveTasks& tasks, const std::string& id, const std::string& model = "pro") {
    tasks.wait_for_place(model, context_).keep_for(id);
  }
  std::optional<ErrorCode> try_to_take(ActiveTasks& tasks, const std::string& model = "pro") {
    auto soon = Context::with_timeout(milliseconds(20));
    return code_of([&] { tasks.wait_for_place(model, soon); });
  }
  Hand hand_;
  Context context_ = Context::with_timeout(std::chrono::seconds(60));
};

TEST_F(ActiveTasksTest, LetsAsManyRunAsItMay) {
  ActiveTasks tasks(2, {});
  take(tasks, "1");
  take(tasks, "2");
  EXPECT_EQ(tasks.active(), 2);
}

TEST_F(ActiveTasksTest, MakesTheNextOneWait) {
  ActiveTasks tasks(1, {});
  take(tasks, "1");
  EXPECT_EQ(try_to_take(tasks), ErrorCode::deadline_exceeded);
  EXPECT_EQ(tasks.waiting(), 0);
}

TEST_F(ActiveTasksTest, LetsTheNextOneGoWhenOneEnds) {
  ActiveTasks tasks(1, {});
  take(tasks, "1");
  tasks.ended("1");
  EXPECT_EQ(try_to_take(tasks), std::nullopt);
}

TEST_F(ActiveTasksTest, CountsAnEndOnce) {
  ActiveTasks tasks(1, {});
  take(tasks, "1");
  tasks.ended("1");
  tasks.ended("1");
  tasks.ended("never");
  EXPECT_EQ(tasks.active(), 0);
}

TEST_F(ActiveTasksTest, GivesThePlaceBackIfTheOrderFails) {
  ActiveTasks tasks(1, {});
  { const auto place = tasks.wait_for_place("pro", context_); }
  EXPECT_EQ(tasks.active(), 0);
}

TEST_F(ActiveTasksTest, WakesTheOneThatWaits) {
  ActiveTasks tasks(1, {});
  take(tasks, "1");
  std::thread waiter([&] { take(tasks, "2"); });
  while (tasks.waiting() == 0) std::this_thread::yield();
  tasks.ended("1");
  waiter.join();
  EXPECT_EQ(tasks.active(), 1);
}

TEST_F(ActiveTasksTest, StopsWaitingWhenCancelled) {
  ActiveTasks tasks(1, {});
  take(tasks, "1");
  Context cancelled;
  std::optional<ErrorCode> code;
  std::thread waiter([&] { code = code_of([&] { tasks.wait_for_place("pro", cancelled); }); });
  while (tasks.waiting() == 0) std::this_thread::yield();
  cancelled.cancel();
  waiter.join();
  EXPECT_EQ(code, ErrorCode::cancelled);
  EXPECT_EQ(tasks.waiting(), 0);
}

TEST_F(ActiveTasksTest, HasALowerLimitForAModel) {
  ActiveTasks tasks(3, {{"max", 1}});
  take(tasks, "1", "max");
  EXPECT_EQ(try_to_take(tasks, "max"), ErrorCode::deadline_exceeded);
}

TEST_F(ActiveTasksTest, CountsThatModelInTheWholeAsWell) {
  ActiveTasks tasks(2, {{"max", 2}});
  take(tasks, "1", "max");
  take(tasks, "2");
  EXPECT_EQ(try_to_take(tasks), ErrorCode::deadline_exceeded);
}

TEST_F(ActiveTasksTest, LetsAnotherModelPassOneWhoseModelIsFull) {
  ActiveTasks tasks(3, {{"max", 1}});
  take(tasks, "1", "max");
  std::thread waiter([&] { take(tasks, "2", "max"); });
  while (tasks.waiting() == 0) std::this_thread::yield();
  EXPECT_EQ(try_to_take(tasks, "pro"), std::nullopt);
  tasks.ended("1");
  waiter.join();
}

TEST_F(ActiveTasksTest, CountsAnOrderOfAnotherProcessOnceItIsPolled) {
  ActiveTasks tasks(1, {});
  tasks.seen("elsewhere", "pro");
  tasks.seen("elsewhere", "pro");
  EXPECT_EQ(tasks.active(), 1);
  EXPECT_EQ(try_to_take(tasks), ErrorCode::deadline_exceeded);
}

TEST_F(ActiveTasksTest, ForgetsAnOrderThatNobodyAsksFor) {
  ActiveTasks tasks(1, {}, hand_);
  take(tasks, "1");
  hand_.advance(std::chrono::minutes(2));
  EXPECT_EQ(try_to_take(tasks), std::nullopt);
}

TEST_F(ActiveTasksTest, RemembersAnOrderThatIsAskedFor) {
  ActiveTasks tasks(1, {}, hand_);
  take(tasks, "1");
  hand_.advance(std::chrono::seconds(119));
  tasks.seen("1", "pro");
  hand_.advance(std::chrono::seconds(119));
  EXPECT_EQ(try_to_take(tasks), ErrorCode::deadline_exceeded);
}

TEST_F(ActiveTasksTest, KnowsTheAgeOfAnOrder) {
  ActiveTasks tasks(1, {}, hand_);
  take(tasks, "1");
  hand_.advance(milliseconds(700));
  EXPECT_EQ(tasks.seen("1", "pro").age, milliseconds(700));
}

TEST_F(ActiveTasksTest, KnowsSinceWhenAnOrderIsMissing) {
  ActiveTasks tasks(1, {}, hand_);
  take(tasks, "1");
  EXPECT_EQ(tasks.missed("1", "pro").missing, milliseconds(0));
  hand_.advance(milliseconds(300));
  EXPECT_EQ(tasks.missed("1", "pro").missing, milliseconds(300));
}

TEST_F(ActiveTasksTest, CountsAnewOnceTheOrderWasThere) {
  ActiveTasks tasks(1, {}, hand_);
  tasks.missed("1", "pro");
  hand_.advance(milliseconds(300));
  tasks.seen("1", "pro");
  EXPECT_EQ(tasks.missed("1", "pro").missing, milliseconds(0));
}

TEST_F(ActiveTasksTest, TakesAnIdThatIsGivenTwiceForOneOrder) {
  ActiveTasks tasks(2, {});
  take(tasks, "1");
  take(tasks, "1");
  EXPECT_EQ(tasks.active(), 1);
}

TEST_F(ActiveTasksTest, NeverLetsMoreRunWhateverTheInterleaving) {
  ActiveTasks tasks(3, {{"max", 1}});
  std::atomic<int> running = 0;
  std::atomic<int> max_running = 0;
  std::atomic<bool> broken = false;
  run_threads(8, [&](int i) {
    Context context;
    const std::string model = i % 2 == 0 ? "max" : "pro";
    auto& of_model = max_running;
    for (int turn = 0; turn < 50; ++turn) {
      const auto place = tasks.wait_for_place(model, context);
      if (++running > 3) broken = true;
      if (model == "max" && ++of_model > 1) broken = true;
      if (model == "max") --of_model;
      --running;
    }
  });
  EXPECT_FALSE(broken);
  EXPECT_EQ(tasks.active(), 0);
}

}  // namespace
}  // namespace vitrine
