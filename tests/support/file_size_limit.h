#pragma once

#include <signal.h>
#include <sys/resource.h>

#include <cstddef>

namespace vitrine {

/// No file of this process may grow past `most` bytes as long as this lives: a write that would fails with EFBIG.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(std::size_t most) : old_handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    rlimit now = old_;
    now.rlim_cur = most;
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    ::signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  void (*old_handler_)(int);
  rlimit old_{};
};

}  // namespace vitrine
