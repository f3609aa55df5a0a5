#pragma once

#include <algorithm>
#include <csetjmp>
#include <cstddef>
#include <cstring>
#include <type_traits>

namespace vitrine {

/// The way out of a C library whose error callback must not return. Throwing through its frames is undefined.
struct Escape {
  std::jmp_buf jump;
  char reason[256] = "";

  /// Ends the step that runs under completes(). Callable from C frames only.
  [[noreturn]] void leave(const char* why) {
    const std::size_t length = std::min(std::strlen(why), sizeof reason - 1);
    std::memcpy(reason, why, length);
    reason[length] = '\0';
    std::longjmp(jump, 1);
  }
};

/// Runs `step`; false if it left through `escape`. Nothing with a destructor may live inside `step` while it calls the
/// C library: longjmp would skip it.
template <typename Step>
bool completes(Escape& escape, const Step& step) {
  static_assert(std::is_trivially_destructible_v<Step>, "capture by reference: longjmp runs no destructor");
  if (setjmp(escape.jump) != 0) return false;
  step();
  return true;
}

}  // namespace vitrine
