#pragma once

#include <cstdint>
#include <string>

#include "vitrine/base/clock.h"

namespace vitrine {

/// Makes job ids: UUIDs of version 7 (RFC 9562, section 5.7) whose first 60 free bits are the time in steps of about a
/// quarter of a microsecond. Each sorts behind the one before, even if the clock stands still or goes back. Not
/// thread-safe; ids of several makers are unique by their random part.
class JobIds {
 public:
  std::string next(Timestamp now);

 private:
  std::uint64_t last_ = 0;
};

}  // namespace vitrine
