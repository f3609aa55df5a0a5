#include "net/curl_exchange.h"

#include <sys/socket.h>

#include <algorithm>
#include <limits>
#include <new>
#include <stdexcept>
#include <utility>

#include "net/curl_failure.h"
#include "net/request_rules.h"
#include "net/resolve.h"
#include "net/sigpipe_guard.h"
#include "vitrine/net/url_policy.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStep{50};  // between two looks at the context while nothing happens

// A server closes what is idle. A request that cannot be repeated gets no connection that is about to be closed.
constexpr long kOldestConnection = 110;      // seconds
constexpr long kOldestForUnrepeatable = 20;  // seconds

long milliseconds_for_curl(milliseconds time) {
  return static_cast<long>(std::clamp<long long>(time.count(), 1, std::numeric_limits<long>::max()));
}

bool carries_body(const HttpRequest& request) {
  return request.source || !request.body.empty() || request.method == HttpMethod::post ||
         request.method == HttpMethod::put || request.method == HttpMethod::patch;
}

std::string bracketed(const IpAddress& address) {
  return address.version == 6 ? "[" + text_of(address) + "]" : text_of(address);
}

// An exchange that is left early must leave its session fit for the next one.
class InMulti {
 public:
  InMulti(CURLM* multi, CURL* easy) : multi_(multi), easy_(easy) {
    if (curl_multi_add_handle(multi, easy) != CURLM_OK) throw std::bad_alloc();
  }
  ~InMulti() { curl_multi_remove_handle(multi_, easy_); }
  InMulti(const InMulti&) = delete;
  InMulti& operator=(const InMulti&) = delete;

 private:
  CURLM* multi_;
  CURL* easy_;
};

std::optional<CURLcode> result_in(CURLM* multi) {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left))
    if (message->msg == CURLMSG_DONE) return message->data.result;
  return std::nullopt;
}

}  // namespace

CurlExchange::CurlExchange(const CurlSettings& settings, CURLSH* share, CurlSession& session,
                           const HttpRequest& request, const Url& url)
    : settings_(settings),
      share_(share),
      session_(session),
      request_(request),
      url_(url),
      proxy_(settings.proxies.proxy_for(url)) {
  curl_easy_reset(session_.easy());
  set_connection();
  set_limits();
  set_method();
  set_headers();
  set_callbacks();
}

template <typename Value>
void CurlExchange::set(CURLoption option, Value value) {
  const CURLcode result = curl_easy_setopt(session_.easy(), option, value);
  if (result == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (result != CURLE_OK)
    throw std::logic_error("libcurl refuses option " + std::to_string(option) + ": " + curl_easy_strerror(result));
}

void CurlExchange::set_connection() {
  set(CURLOPT_URL, url_.text().c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_PATH_AS_IS, 1L);  // a signature covers the path as it is
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_PROXY, proxy_.c_str());
  set(CURLOPT_NOPROXY, "");  // chosen by us; libcurl must not read the environment again
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_USERAGENT, settings_.user_agent.c_str());
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  if (share_ != nullptr) set(CURLOPT_SHARE, share_);
  if (!settings_.certificate_file.empty()) set(CURLOPT_CAINFO, settings_.certificate_file.c_str());
  if (!settings_.certificate_folder.empty()) set(CURLOPT_CAPATH, settings_.certificate_folder.c_str());
}

void CurlExchange::set_limits() {
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // a cancel does not wait for a look-up to end
  set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds_for_curl(settings_.connect_timeout));
  set(CURLOPT_TIMEOUT_MS, milliseconds_for_curl(request_.timeout));
  set(CURLOPT_MAXAGE_CONN, is_idempotent(request_.method) ? kOldestConnection : kOldestForUnrepeatable);
}

std::size_t CurlExchange::body_size() const { return request_.source ? request_.source_size : request_.body.size(); }

void CurlExchange::set_method() {
  if (request_.method == HttpMethod::head) {
    set(CURLOPT_NOBODY, 1L);
    return;
  }
  set(CURLOPT_CUSTOMREQUEST, std::string(name_of(request_.method)).c_str());
  if (!carries_body(request_)) return;
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(body_size()));
}

void CurlExchange::set_headers() {
  append(headers_, "Expect:");  // else libcurl waits a second for servers that do not know it
  for (const HttpHeader& header : request_.headers)
    append(headers_, header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  set(CURLOPT_HTTPHEADER, headers_.get());
}

void CurlExchange::set_callbacks() {
  void* self = this;
  set(CURLOPT_OPENSOCKETFUNCTION, &CurlExchange::on_socket);
  set(CURLOPT_OPENSOCKETDATA, self);
  set(CURLOPT_PREREQFUNCTION, &CurlExchange::on_request);
  set(CURLOPT_PREREQDATA, self);
  set(CURLOPT_HEADERFUNCTION, &CurlExchange::on_header);
  set(CURLOPT_HEADERDATA, self);
  set(CURLOPT_WRITEFUNCTION, &CurlExchange::on_body);
  set(CURLOPT_WRITEDATA, self);
  set(CURLOPT_READFUNCTION, &CurlExchange::on_upload);
  set(CURLOPT_READDATA, self);
  set(CURLOPT_SEEKFUNCTION, &CurlExchange::on_rewind);
  set(CURLOPT_SEEKDATA, self);
}

// libcurl looks names up by itself, except where the host brings a resolver, or where a proxy would do it and the
// policy wants to know the answer.
void CurlExchange::set_addresses(Context& context) {
  const bool through_proxy = !proxy_.empty();
  const bool pinned = through_proxy && request_.policy && !is_trusted(*request_.policy, url_);
  if (url_.address || (through_proxy ? !pinned : !settings_.resolver)) return;
  const Resolver& resolver = settings_.resolver ? settings_.resolver : Resolver(resolve_by_system);
  const auto addresses = resolve(resolver, url_.host, settings_.connect_timeout, context);
  const std::string name = url_.host + ":" + std::to_string(url_.port);
  if (pinned) {
    for (const IpAddress& each : addresses) check_address(*request_.policy, url_, each);
    append(connect_to_, name + ":" + bracketed(addresses.front()) + ":" + std::to_string(url_.port));
    set(CURLOPT_CONNECT_TO, connect_to_.get());
    return;
  }
  std::string entry = name + ":";
  for (const IpAddress& each : addresses) entry.append(&each == addresses.data() ? "" : ",").append(bracketed(each));
  append(resolved_, "-" + name);  // what an earlier request found
  append(resolved_, entry);
  set(CURLOPT_RESOLVE, resolved_.get());
}

HttpResponse CurlExchange::run(Context& context) {
  try {
    set_addresses(context);
    const SigpipeGuard no_sigpipe;
    return finish(drive(context));
  } catch (const HttpError&) {
    throw;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::cancelled && error.code() != ErrorCode::deadline_exceeded) throw;
    throw HttpError(error.code(), about("The exchange with " + url_.host, error).what(), fate());
  }
}

CURLcode CurlExchange::drive(Context& context) {
  const InMulti added(session_.multi(), session_.easy());
  for (;;) {
    int running = 0;
    if (curl_multi_perform(session_.multi(), &running) != CURLM_OK) return CURLE_OUT_OF_MEMORY;
    if (const auto result = result_in(session_.multi())) {
      long status = 0;
      curl_easy_getinfo(session_.easy(), CURLINFO_RESPONSE_CODE, &status);
      response_.status = static_cast<int>(status);
      return *result;
    }
    context.check();
    const auto pause = std::min(kStep, context.time_left());
    if (curl_multi_poll(session_.multi(), nullptr, 0, static_cast<int>(pause.count()), nullptr) != CURLM_OK)
      return CURLE_OUT_OF_MEMORY;
  }
}

HttpResponse CurlExchange::finish(CURLcode result) {
  if (result == CURLE_OK && response_.status > 0) return std::move(response_);
  if (failure_) std::rethrow_exception(failure_);
  if (repeat_stopped_) result = CURLE_GOT_NOTHING;
  throw failure_of(result, request_, url_, fate());
}

template <typename Result, typename Work>
Result CurlExchange::guarded(Result on_failure, Work&& work) noexcept {
  try {
    return work();
  } catch (...) {
    failure_ = std::current_exception();
    return on_failure;
  }
}

curl_socket_t CurlExchange::on_socket(void* self, curlsocktype, curl_sockaddr* address) noexcept {
  auto& exchange = *static_cast<CurlExchange*>(self);
  return exchange.guarded<curl_socket_t>(CURL_SOCKET_BAD, [&] { return exchange.open_socket(*address); });
}

int CurlExchange::on_request(void* self, char* remote, char*, int, int) noexcept {
  auto& exchange = *static_cast<CurlExchange*>(self);
  return exchange.guarded(CURL_PREREQFUNC_ABORT, [&] {
    exchange.check_connection(remote);
    // libcurl repeats on a new connection what an old one did not answer, whatever the method. It may have arrived.
    exchange.repeat_stopped_ = exchange.issued_ > 0 && !is_idempotent(exchange.request_.method);
    if (exchange.repeat_stopped_) return CURL_PREREQFUNC_ABORT;
    ++exchange.issued_;
    return CURL_PREREQFUNC_OK;
  });
}

std::size_t CurlExchange::on_header(char* data, std::size_t, std::size_t size, void* self) noexcept {
  auto& exchange = *static_cast<CurlExchange*>(self);
  return exchange.guarded<std::size_t>(size + 1, [&] {
    exchange.take_header({data, size});
    return size;
  });
}

std::size_t CurlExchange::on_body(char* data, std::size_t, std::size_t size, void* self) noexcept {
  auto& exchange = *static_cast<CurlExchange*>(self);
  return exchange.guarded<std::size_t>(size + 1, [&] {
    exchange.take_body({reinterpret_cast<const std::uint8_t*>(data), size});
    return size;
  });
}

std::size_t CurlExchange::on_upload(char* data, std::size_t, std::size_t size, void* self) noexcept {
  auto& exchange = *static_cast<CurlExchange*>(self);
  return exchange.guarded<std::size_t>(CURL_READFUNC_ABORT, [&] {
    return exchange.give_body({reinterpret_cast<std::uint8_t*>(data), size});
  });
}

int CurlExchange::on_rewind(void* self, curl_off_t offset, int origin) noexcept {
  auto& exchange = *static_cast<CurlExchange*>(self);
  if (exchange.request_.source || origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_FAIL;
  exchange.sent_ = static_cast<std::size_t>(offset);
  return CURL_SEEKFUNC_OK;
}

}  // namespace vitrine
