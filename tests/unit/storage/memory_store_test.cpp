#include "vitrine/storage/memory_store.h"

#include <gtest/gtest.h>

namespace vitrine {
namespace {

const Bytes kBytes{1, 2, 3};

TEST(MemoryObjectStore, StampsWithTheClockItIsGiven) {
  auto clock = std::make_shared<FakeClock>();
  const auto store = make_memory_object_store(clock);
  Context context;
  clock->advance(std::chrono::seconds(5));
  store->put("a", kBytes, {}, context);
  EXPECT_EQ(store->head("a", context)->updated_at, clock->now());
}

TEST(MemoryObjectStore, GivesItsKeyAsAddress) {
  const auto store = make_memory_object_store();
  Context context;
  store->put("a/b", kBytes, {}, context);
  EXPECT_EQ(store->url("a/b", std::chrono::seconds(1), context), "memory:a/b");
}

}  // namespace
}  // namespace vitrine
