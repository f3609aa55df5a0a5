#include "net/sigpipe_guard.h"

#include <time.h>

namespace vitrine {
namespace {

::sigset_t only_sigpipe() {
  ::sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGPIPE);
  return set;
}

bool is_pending() {
  ::sigset_t pending;
  ::sigemptyset(&pending);
  ::sigpending(&pending);
  return ::sigismember(&pending, SIGPIPE) == 1;
}

}  // namespace

SigpipeGuard::SigpipeGuard() noexcept : was_pending_(is_pending()), before_() {
  const ::sigset_t set = only_sigpipe();
  ::pthread_sigmask(SIG_BLOCK, &set, &before_);
}

SigpipeGuard::~SigpipeGuard() {
  // One that came from our writing is taken out; one that was there before is the host's.
  if (!was_pending_ && is_pending()) {
    const ::sigset_t set = only_sigpipe();
    const ::timespec no_wait{};
    ::sigtimedwait(&set, nullptr, &no_wait);
  }
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace vitrine
