#include "vitrine/net/download.h"

#include <optional>
#include <stdexcept>

#include "net/arriving_file.h"
#include "vitrine/base/error.h"
#include "vitrine/net/http_error.h"
#include "vitrine/net/http_status.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Url next_address(const Url& url, const HttpResponse& response) {
  const auto location = response.header("location");
  if (!location)
    throw Error(ErrorCode::corrupt_data, url.host + " redirects without saying where to. Check the address.");
  return resolve_reference(url, *location);
}

milliseconds time_left(const DownloadOptions& options, steady_clock::time_point begin, const Url& url) {
  const auto used = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin);
  if (used < options.timeout) return options.timeout - used;
  throw HttpError(ErrorCode::unavailable,
                  "The redirects that end on " + url.host + " took longer than " +
                      std::to_string(options.timeout.count()) + " ms. Try again or raise DownloadOptions::timeout.",
                  SendFate::unknown);
}

HttpRequest request_for(const Url& url, const DownloadOptions& options, std::shared_ptr<const UrlPolicy> policy,
                        std::shared_ptr<ByteSink> sink) {
  HttpRequest request;
  request.url = url.text();
  request.policy = std::move(policy);
  request.sink = std::move(sink);
  request.max_response_bytes = options.max_bytes;
  return request;
}

void check(const DownloadOptions& options) {
  if (options.max_redirects < 0 || options.timeout <= milliseconds(0) || options.patience <= milliseconds(0) ||
      !options.clock)
    throw std::invalid_argument(
        "DownloadOptions needs a clock, a timeout and a patience above zero, and no negative "
        "number of redirects.");
}

}  // namespace

Download download(HttpTransport& transport, std::string_view address, ByteSink& sink, const DownloadOptions& options,
                  Context& context) {
  check(options);
  const auto begin = steady_clock::now();
  const auto policy = std::make_shared<const UrlPolicy>(options.policy);
  Url url = check_url(*policy, address);
  for (int redirects = 0;; ++redirects) {
    const auto file = std::make_shared<ArrivingFile>(sink, options, url.host);
    HttpRequest request = request_for(url, options, policy, file);
    request.timeout = time_left(options, begin, url);
    const HttpResponse response = transport.send(request, context);
    if (response.ok()) {
      Download result = file->finish();
      result.origin = url.origin();
      return result;
    }
    if (!is_redirect(response.status)) throw status_error(response, request.url, options.clock->now());
    if (redirects >= options.max_redirects)
      throw Error(ErrorCode::unsafe_url, url.host + " redirects once more after " + std::to_string(redirects) +
                                             " redirects; the limit is " + std::to_string(options.max_redirects) +
                                             ". Use the address that they lead to.");
    url = next_address(url, response);
    check_url(*policy, url);
  }
}

Bytes download(HttpTransport& transport, std::string_view url, const DownloadOptions& options, Context& context) {
  Bytes bytes;
  const auto sink = make_memory_sink(bytes, options.max_bytes);
  download(transport, url, *sink, options, context);
  return bytes;
}

}  // namespace vitrine
