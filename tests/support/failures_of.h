#pragma once

#include <gtest/gtest-spi.h>

#include <string>
#include <utility>

namespace vitrine {

/// What the expectations in `check` complain about, joined; empty if it passes. For canaries: a check that is run
/// against a backend that is wrong on purpose must say so.
template <class Check>
std::string failures_of(Check&& check) {
  ::testing::TestPartResultArray results;
  {
    const ::testing::ScopedFakeTestPartResultReporter reporter(
        ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ALL_THREADS, &results);
    std::forward<Check>(check)();
  }
  std::string all;
  for (int i = 0; i < results.size(); ++i)
    if (results.GetTestPartResult(i).failed()) all += std::string(results.GetTestPartResult(i).message()) + "\n";
  return all;
}

}  // namespace vitrine
