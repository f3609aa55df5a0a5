// Any text as an address, and a second line as a place that it redirects to: what is accepted is read the same way by
// libcurl, for the host that is checked must be the host that is connected to.
#include <curl/curl.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "vitrine/base/error.h"
#include "vitrine/net/url.h"
#include "vitrine/net/url_policy.h"

namespace {

using CurlUrl = std::unique_ptr<CURLU, void (*)(CURLU*)>;

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  const std::string copy(text);
  curl_free(text);
  return copy;
}

void check_that_curl_agrees(const vitrine::Url& url) {
  const CurlUrl second(curl_url(), curl_url_cleanup);
  if (curl_url_set(second.get(), CURLUPART_URL, url.text().c_str(), CURLU_PATH_AS_IS) != CURLUE_OK) return;
  const bool v6 = url.address && url.address->version == 6;
  const std::string host = v6 ? "[" + url.host + "]" : url.host;
  if (part_of(second.get(), CURLUPART_HOST) != host) std::abort();
  if (part_of(second.get(), CURLUPART_PORT) != std::to_string(url.port)) std::abort();
  if (part_of(second.get(), CURLUPART_SCHEME) != url.scheme) std::abort();
  if (!part_of(second.get(), CURLUPART_USER).empty()) std::abort();
}

void check(const vitrine::Url& url) {
  check_that_curl_agrees(url);
  if (vitrine::parse_url(url.text()).text() != url.text()) std::abort();
  try {
    vitrine::check_url({}, url);
    if (url.address && vitrine::special_use(*url.address)) std::abort();
  } catch (const vitrine::Error&) {
    // Refused by the policy.
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto line_end = text.find('\n');
  const std::string first = text.substr(0, line_end);
  vitrine::redacted(first);
  vitrine::host_of(first);
  try {
    const vitrine::Url url = vitrine::parse_url(first);
    check(url);
    if (line_end != std::string::npos) check(vitrine::resolve_reference(url, text.substr(line_end + 1)));
  } catch (const vitrine::Error&) {
    // Refused, as most inputs should be.
  }
  return 0;
}
