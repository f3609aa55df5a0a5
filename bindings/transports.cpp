#include <pybind11/pybind11.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "bindings.h"
#include "call.h"
#include "casters.h"
#include "record.h"
#include "transport_argument.h"
#include "vitrine/net/curl_transport.h"
#include "vitrine/net/download.h"
#include "vitrine/net/rate_limiter.h"
#include "vitrine/net/retry.h"
#include "vitrine/net/url.h"
#include "vitrine/net/url_policy.h"

namespace py = pybind11;
using namespace pybind11::literals;

namespace vitrine::python {
namespace {

using Clocks = std::shared_ptr<Clock>;

void bind_transports(py::module_& module) {
  const CurlOptions plain;
  module.def(
      "make_curl_transport",
      [](std::optional<std::string> proxy, std::string no_proxy, std::optional<std::filesystem::path> certificates,
         std::chrono::milliseconds connect_timeout, std::size_t max_idle) {
        CurlOptions options;
        options.proxy = std::move(proxy);
        options.no_proxy = std::move(no_proxy);
        options.certificates = certificates.value_or("");
        options.connect_timeout = connect_timeout;
        options.max_idle = max_idle;
        return run([&] { return make_curl_transport(options); });
      },
      py::kw_only(), "proxy"_a = py::none(), "no_proxy"_a = "", "certificates"_a = py::none(),
      "connect_timeout"_a = plain.connect_timeout, "max_idle"_a = plain.max_idle, R"(
HTTP/1.1 and HTTP/2 over pooled connections; cancel is noticed within 100 ms. Does not survive a fork: make it in the
child.

Parameters
----------
proxy
    None: what https_proxy, http_proxy, all_proxy and no_proxy say. Empty: none.
no_proxy
    Hosts reached without the proxy, split by commas.
certificates
    A PEM file or folder to trust. None: SSL_CERT_FILE and the like, else the system's.
connect_timeout
    Seconds for the name, the connection and the TLS handshake.
max_idle
    Sessions kept open for reuse.)");
  const RetryPolicy policy;
  module.def(
      "make_retrying_transport",
      [](std::shared_ptr<HttpTransport> inner, int max_attempts, std::chrono::milliseconds first_delay,
         std::chrono::milliseconds max_delay, std::chrono::milliseconds max_wait, Clocks clock) {
        RetryPolicy chosen;
        chosen.max_attempts = max_attempts;
        chosen.first_delay = first_delay;
        chosen.max_delay = max_delay;
        chosen.max_wait = max_wait;
        return make_retrying_transport(std::move(inner), chosen, std::move(clock));
      },
      "inner"_a, py::kw_only(), "max_attempts"_a = policy.max_attempts, "first_delay"_a = policy.first_delay,
      "max_delay"_a = policy.max_delay, "max_wait"_a = policy.max_wait,
      py::arg_v("clock", make_system_clock(), "make_system_clock()"), R"(
Repeats over `inner` what is safe to repeat, with growing random waits, and heeds Retry-After. Never a POST that may
have arrived.

Parameters
----------
max_attempts
    The first one included.
first_delay, max_delay, max_wait
    Seconds: the first wait is a random part of `first_delay`, doubled up to `max_delay`; `max_wait` holds for all
    waits of one call.)");
}

void bind_addresses(py::module_& module) {
  bind_record<0, UrlPolicy>(
      module, "UrlPolicy", "Which addresses that somebody else wrote we may connect to.",
      field("allowed_hosts", &UrlPolicy::allowed_hosts, "\"api.example.com\", \"*.example.com\". Empty: every public host."),
      field("trusted_hosts", &UrlPolicy::trusted_hosts,
            "Our own, as \"localhost:9199\": plain http and private addresses are fine there."),
      field("ports", &UrlPolicy::ports, "Empty: every port."));
  module.def("redacted", &redacted, "url"_a, "What a log may show of an address: never its query, user or secret path.");
  const DownloadOptions plain;
  module.def(
      "download",
      [](const std::string& url, const TransportArgument& transport, UrlPolicy policy, std::size_t max_bytes,
         int max_redirects, std::chrono::milliseconds timeout, std::vector<std::string> media_types,
         const ContextArgument& context) {
        DownloadOptions options;
        options.policy = std::move(policy);
        options.max_bytes = max_bytes;
        options.max_redirects = max_redirects;
        options.timeout = timeout;
        options.media_types = std::move(media_types);
        const auto sender = transport_or_curl(transport);
        return run(context, [&](Context& inner) { return download(*sender, url, options, inner); });
      },
      "url"_a, py::kw_only(), "transport"_a = nullptr, "policy"_a = UrlPolicy{}, "max_bytes"_a = plain.max_bytes,
      "max_redirects"_a = plain.max_redirects, "timeout"_a = plain.timeout, "media_types"_a = plain.media_types,
      "context"_a = nullptr, R"(
Fetches what a stranger's address names. Each redirect is checked, and so is the address that is connected to.

Parameters
----------
policy
    The default lets public https addresses through.
media_types
    What may come, told by its first bytes. Empty: anything.
timeout
    Seconds for everything together.

Raises
------
UnsafeUrlError, ImageTooLargeError, InvalidImageError, UnavailableError, NotFoundError, PermissionDeniedError,
RateLimitedError, CancelledError, DeadlineExceededError)");
}

void bind_limiter(py::module_& module) {
  const RateLimit plain;
  py::class_<RateLimiter, py::smart_holder>(module, "RateLimiter", R"(
Lets calls through at a steady rate: a token bucket for each key, with a queue in which the first to come is the first
to go. `vitrine.rate_limited` makes a decorator of it.

Parameters
----------
per_second
    How fast a bucket fills.
burst
    What a full bucket holds: how much may come at once.)")
      .def(py::init([](double per_second, double burst, Clocks clock) {
             return std::make_unique<RateLimiter>(RateLimit{per_second, burst}, std::move(clock));
           }),
           "per_second"_a = plain.per_second, "burst"_a = plain.burst, py::kw_only(),
           py::arg_v("clock", make_system_clock(), "make_system_clock()"))
      .def(
          "acquire",
          [](RateLimiter& self, const std::string& key, double tokens, const ContextArgument& context) {
            run(context, [&](Context& inner) { self.acquire(key, inner, tokens); });
          },
          "key"_a = "", py::kw_only(), "tokens"_a = 1, "context"_a = nullptr,
          "Waits for `tokens` of the bucket of `key` and takes them. CancelledError, DeadlineExceededError.")
      .def("try_acquire", &RateLimiter::try_acquire, "key"_a = "", py::kw_only(), "tokens"_a = 1,
           py::call_guard<GilReleased>(), "Takes them if they are there and nobody waits; False otherwise.")
      .def("pause_until", &RateLimiter::pause_until, "key"_a, "time"_a, py::call_guard<GilReleased>(),
           "Nothing is let through for `key` until `time`.")
      .def("waiting", &RateLimiter::waiting, "key"_a = "", py::call_guard<GilReleased>(), "How many stand in the queue.");
}

}  // namespace

void bind_transports_and_addresses(py::module_& module) {
  bind_transports(module);
  bind_addresses(module);
  bind_limiter(module);
}

}  // namespace vitrine::python
