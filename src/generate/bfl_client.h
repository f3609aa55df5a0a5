#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "generate/bfl_endpoints.h"
#include "vitrine/base/error.h"
#include "vitrine/generate/bfl.h"
#include "vitrine/net/url_policy.h"

namespace vitrine {

/// A finished picture as it was delivered.
struct BflDelivery {
  Bytes bytes;
  std::string media_type;  ///< By its content.
};

/// The conversation with the service: which address a request goes to, what may be repeated, and that the key stays
/// with it. Safe to use from many threads at once.
class BflClient {
 public:
  /// Throws std::invalid_argument for a key or an address that cannot be.
  BflClient(BflOptions options, std::shared_ptr<HttpTransport> transport, std::shared_ptr<Clock> clock);

  const BflOptions& options() const { return options_; }
  const std::string& key() const { return options_.api_key; }

  /// Throws Error `permission_denied` if there is no key.
  void require_key() const;

  /// The address that orders for this endpoint go to. Throws std::invalid_argument if the region does not have it.
  std::string base_for(const BflEndpoint& endpoint) const;

  /// Where to ask for an order if the service's own answer is no use.
  std::string polling_url_for(std::string_view id, std::string_view base) const;

  /// True if the key may go there.
  bool trusts(std::string_view url) const;

  /// Sends an order, and again while the service says that it did not take it. Throws SubmitUnknown if it may have
  /// been taken; Error: permission_denied, quota_exhausted, rate_limited, unavailable, unsafe_url, cancelled, …
  HttpResponse post_order(const std::string& url, const std::string& body, Context& context);

  /// Asks with the key, and again while the answer is a passing trouble. Any other answer is returned. Throws Error
  /// `unsafe_url` for an address that the key may not go to; unavailable, rate_limited, cancelled, deadline_exceeded.
  HttpResponse ask(const std::string& url, const std::string& what, Context& context);

  /// Fetches a finished picture, without the key, following redirects to allowed hosts. Throws as download().
  BflDelivery fetch(const std::string& url, const std::string& what, Context& context);

  /// What an answer means that neither is good nor passes.
  Error refusal(const HttpResponse& response, const std::string& what) const;

 private:
  HttpResponse send_once(const HttpRequest& request);
  BflOptions options_;
  std::shared_ptr<HttpTransport> transport_;
  std::shared_ptr<Clock> clock_;
  std::shared_ptr<const UrlPolicy> api_hosts_;
  UrlPolicy delivery_hosts_;
};

}  // namespace vitrine
