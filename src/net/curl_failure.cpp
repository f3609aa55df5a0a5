#include "net/curl_failure.h"

#include <new>
#include <string>

namespace vitrine {
namespace {

std::string seconds_of(std::chrono::milliseconds time) {
  const auto tenths = std::chrono::ceil<std::chrono::duration<long long, std::deci>>(time).count();
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

struct Failure {
  std::string reason;
  Retry retry = Retry::by_code;
};

Failure timed_out(const HttpRequest& request, const Url& url, SendFate fate) {
  if (fate == SendFate::not_sent)
    return {"No connection to " + url.host +
            " came about in time. Check the network or raise CurlOptions::connect_timeout."};
  return {url.host + " did not finish its answer within " + seconds_of(request.timeout) +
          ". Try again or raise HttpRequest::timeout."};
}

Failure describe(CURLcode result, const HttpRequest& request, const Url& url, SendFate fate) {
  switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return {"The name " + url.host + " could not be resolved. Check the name and the network, then try again."};
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {"The name of the proxy for " + url.host +
              " could not be resolved. Check CurlOptions::proxy or the "
              "variable https_proxy."};
    case CURLE_COULDNT_CONNECT:
      return {"Nobody accepts connections on " + url.host + " port " + std::to_string(url.port) +
              ". Check that the service runs and the network reaches it, then try again."};
    case CURLE_OPERATION_TIMEDOUT:
      return timed_out(request, url, fate);
    case CURLE_PEER_FAILED_VERIFICATION:
      return {"The certificate of " + url.host +
                  " is not trusted. Check the host, the clock, and "
                  "CurlOptions::certificates if the host has an authority of its own.",
              Retry::never};
    case CURLE_SSL_CACERT_BADFILE:
      return {
          "The certificates to trust could not be read. Check CurlOptions::certificates, or the variable "
          "SSL_CERT_FILE.",
          Retry::never};
    case CURLE_SSL_CONNECT_ERROR:
      return {"The TLS handshake with " + url.host + " failed. Check that it speaks TLS 1.2 or later on port " +
              std::to_string(url.port) + "."};
    case CURLE_PARTIAL_FILE:
      return {url.host + " sent less than it promised. Try again."};
    case CURLE_GOT_NOTHING:
      return {url.host + " closed the connection without an answer. Try again."};
    default:
      return {"The exchange with " + url.host + " broke off: " + curl_easy_strerror(result) + ". Try again."};
  }
}

}  // namespace

HttpError failure_of(CURLcode result, const HttpRequest& request, const Url& url, SendFate fate) {
  if (result == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  const Failure failure = describe(result, request, url, fate);
  const std::string may_have_arrived =
      fate == SendFate::unknown && request.method == HttpMethod::post ? " The request may have arrived." : "";
  return HttpError(ErrorCode::unavailable, failure.reason + may_have_arrived, fate, failure.retry);
}

}  // namespace vitrine
