#pragma once

#include <ostream>

#include "support/errors.h"

namespace vitrine {

/// So that a failed expectation shows the word and not a number.
inline void PrintTo(ErrorCode code, std::ostream* out) { *out << name_of(code); }

}  // namespace vitrine

namespace vitrine::testing {
using vitrine::code_of;
using vitrine::message_of;
}  // namespace vitrine::testing
