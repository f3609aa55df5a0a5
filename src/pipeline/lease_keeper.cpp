#include "pipeline/lease_keeper.h"

#include <algorithm>
#include <string>
#include <utility>

#include "vitrine/base/error.h"
#include "vitrine/base/log.h"

namespace vitrine {

using std::chrono::milliseconds;

LeaseKeeper::LeaseKeeper(JobStore& store, const Job& held, milliseconds lease, Context work)
    : store_(store), held_(held), lease_(lease), work_(std::move(work)), thread_([this] { keep(); }) {}

LeaseKeeper::~LeaseKeeper() {
  own_.cancel();
  thread_.join();
}

void LeaseKeeper::keep() {
  try {
    while (!lost_) {
      own_.wait_for(std::max(lease_ / 3, milliseconds(1)));
      beat();
    }
  } catch (const Error&) {
    // Cancelled: the attempt is over.
  }
}

void LeaseKeeper::beat() {
  try {
    const Pulse pulse = store_.heartbeat(held_, progress_, lease_, own_);
    if (!pulse.cancel_requested) return;
    cancel_requested_ = true;
    work_.cancel();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled) throw;
    if (error.code() == ErrorCode::lease_lost || error.code() == ErrorCode::not_found) {
      lost_ = true;
      work_.cancel();
    }
    log(LogLevel::warning, "pipeline", "The lease of job " + held_.id + " was not renewed: " + error.what());
  } catch (const std::exception& error) {
    // A store of the host's own failed in its own way: the next beat may work.
    log(LogLevel::warning, "pipeline", "The lease of job " + held_.id + " was not renewed: " + error.what());
  }
}

}  // namespace vitrine
