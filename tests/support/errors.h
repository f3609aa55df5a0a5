#pragma once

#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>

#include "vitrine/base/error.h"

namespace vitrine {

/// The code of the Error that `call` throws; empty if it throws none.
template <typename Call>
std::optional<ErrorCode> code_of(Call&& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code();
  }
  return std::nullopt;
}

/// The message of what `call` throws; empty if it throws nothing.
template <typename Call>
std::string message_of(Call&& call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

/// So that a failed expectation shows the word and not a number.
inline void PrintTo(ErrorCode code, std::ostream* out) { *out << name_of(code); }

}  // namespace vitrine
