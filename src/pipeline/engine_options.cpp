#include "pipeline/engine_options.h"

#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "base/random_hex.h"

namespace vitrine {
namespace {

constexpr int kMostWorkers = 1000;  // what one claim can take

// A random part, since a host's process numbers come again.
std::string own_name() {
  std::array<char, 65> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host = {'h', 'o', 's', 't'};
  return std::string(host.data()) + "-" + std::to_string(getpid()) + "-" + random_hex(4);
}

}  // namespace

LocalEngineOptions checked(LocalEngineOptions options, const JobKinds& kinds) {
  if (kinds.empty()) throw std::invalid_argument("An engine needs at least one kind of job.");
  for (const auto& [name, kind] : kinds)
    if (!kind.run) throw std::invalid_argument("The kind '" + name + "' has no handler.");
  if (options.workers < 1 || options.workers > kMostWorkers)
    throw std::invalid_argument("The engine is to have " + std::to_string(options.workers) +
                                " workers; it must have 1 to 1000.");
  if (options.poll_least.count() < 1 || options.poll_most < options.poll_least || options.sweep_every.count() < 1)
    throw std::invalid_argument("poll_least, poll_most and sweep_every must be at least 1 ms, and rise.");
  if (options.worker.empty()) options.worker = own_name();
  return options;
}

}  // namespace vitrine
