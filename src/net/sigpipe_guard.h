#pragma once

#include <signal.h>

namespace vitrine {

/// Keeps SIGPIPE from this thread for its life: a server that hangs up while TLS writes must not end the host, which
/// may have no handler, and whose handlers are not ours to change.
class SigpipeGuard {
 public:
  SigpipeGuard() noexcept;
  ~SigpipeGuard();
  SigpipeGuard(const SigpipeGuard&) = delete;
  SigpipeGuard& operator=(const SigpipeGuard&) = delete;

 private:
  bool was_pending_;
  ::sigset_t before_;
};

}  // namespace vitrine
