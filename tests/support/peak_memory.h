#pragma once

#include <cstddef>
#include <fstream>
#include <optional>
#include <string>

namespace vitrine {

/// How much memory this process has held at most since it was made: the growth of the resident set beyond what was
/// there. Empty where the kernel does not tell.
class PeakMemory {
 public:
  PeakMemory() {
    std::ofstream("/proc/self/clear_refs") << 5;  // the peak begins anew at what is resident now
    before_ = kilobytes("VmRSS:");
  }

  std::optional<std::size_t> growth_bytes() const {
    const auto peak = kilobytes("VmHWM:");
    if (!before_ || !peak) return std::nullopt;
    return *peak > *before_ ? (*peak - *before_) * 1024 : 0;
  }

 private:
  static std::optional<std::size_t> kilobytes(const std::string& name) {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
      std::size_t value = 0;
      if (word == name && status >> value) return value;
    }
    return std::nullopt;
  }

  std::optional<std::size_t> before_;
};

/// Sanitizers hold freed memory back on purpose.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kMemoryCanBeMeasured = false;
#else
inline constexpr bool kMemoryCanBeMeasured = true;
#endif

}  // namespace vitrine
