#pragma once

#include <string>
#include <vector>

#include "vitrine/base/context.h"
#include "vitrine/net/curl_transport.h"
#include "vitrine/net/ip_address.h"

namespace vitrine {

/// The machine's own look-up, in its order of preference. Throws HttpError `unavailable`, not_sent.
std::vector<IpAddress> resolve_by_system(const std::string& host);

/// Asks `resolver` on a thread of its own, because a look-up cannot be broken off: a cancel or deadline leaves it
/// behind and throws at once. Throws what the resolver throws; HttpError `unavailable`, not_sent if it finds nothing
/// or needs longer than `timeout`.
std::vector<IpAddress> resolve(const Resolver& resolver, const std::string& host, std::chrono::milliseconds timeout,
                               Context& context);

}  // namespace vitrine
