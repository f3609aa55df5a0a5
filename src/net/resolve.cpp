#include "net/resolve.h"

#include <netdb.h>

#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "net/socket_address.h"
#include "vitrine/net/http_error.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kStep{20};  // between two looks at the context

[[noreturn]] void throw_unknown(const std::string& host) {
  throw HttpError(ErrorCode::unavailable,
                  "The name " + host + " could not be resolved. Check the name and the network, then try again.",
                  SendFate::not_sent);
}

struct Lookup {
  std::mutex mutex;
  std::condition_variable done;
  bool is_done = false;
  std::vector<IpAddress> addresses;
  std::exception_ptr failure;
};

void look_up(const Resolver& resolver, const std::string& host, Lookup& lookup) {
  std::vector<IpAddress> addresses;
  std::exception_ptr failure;
  try {
    addresses = resolver(host);
  } catch (...) {
    failure = std::current_exception();
  }
  const std::lock_guard lock(lookup.mutex);
  lookup.addresses = std::move(addresses);
  lookup.failure = std::move(failure);  // the asking thread alone ends its life
  lookup.is_done = true;
  lookup.done.notify_all();
}

void wait_for(Lookup& lookup, const std::string& host, milliseconds timeout, Context& context) {
  const auto end = steady_clock::now() + timeout;
  for (;;) {
    {
      std::unique_lock lock(lookup.mutex);
      if (lookup.done.wait_for(lock, kStep, [&] { return lookup.is_done; })) return;
    }
    context.check();
    if (steady_clock::now() >= end) throw_unknown(host);
  }
}

}  // namespace

std::vector<IpAddress> resolve_by_system(const std::string& host) {
  ::addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  ::addrinfo* first = nullptr;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &first) != 0) throw_unknown(host);
  const std::unique_ptr<::addrinfo, void (*)(::addrinfo*)> list(first, ::freeaddrinfo);
  std::vector<IpAddress> addresses;
  for (const ::addrinfo* each = first; each != nullptr; each = each->ai_next)
    if (const auto found = read_socket_address(each->ai_addr)) addresses.push_back(found->address);
  return addresses;
}

std::vector<IpAddress> resolve(const Resolver& resolver, const std::string& host, milliseconds timeout,
                               Context& context) {
  const auto lookup = std::make_shared<Lookup>();
  std::thread([resolver, host, lookup] { look_up(resolver, host, *lookup); }).detach();
  wait_for(*lookup, host, timeout, context);
  const std::lock_guard lock(lookup->mutex);
  if (lookup->failure) std::rethrow_exception(std::exchange(lookup->failure, nullptr));
  if (lookup->addresses.empty()) throw_unknown(host);
  return std::move(lookup->addresses);
}

}  // namespace vitrine
