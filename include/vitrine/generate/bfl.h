#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "vitrine/base/bytes.h"
#include "vitrine/base/clock.h"
#include "vitrine/base/context.h"
#include "vitrine/base/export.h"
#include "vitrine/base/money.h"
#include "vitrine/generate/generator.h"
#include "vitrine/net/http_transport.h"

namespace vitrine {

/// Where requests go. `eu` and `us` keep the data there; `global` goes wherever there is room.
enum class BflRegion { global, eu, us };

VITRINE_EXPORT std::string_view name_of(BflRegion region) noexcept;

struct BflOptions {
  std::string api_key;  ///< BFL_API_KEY. Without one everything but estimate() is Error `permission_denied`.
  BflRegion region = BflRegion::global;

  /// Instead of the region's address: "https://…", or "http://localhost:…" for a fake service on this machine. The
  /// key goes there, to bfl.ai and to the names below it, and nowhere else.
  std::string base_url;

  std::string model = "flux-2-pro";   ///< For requests that name none.
  std::filesystem::path price_table;  ///< Replaces prices of the built-in table; see bfl_prices.h. Empty: none.

  int max_active = 24;  ///< Orders of the account that may run at once; a further submit() waits for one to end.
  std::map<std::string, int> max_active_of_model{{"flux-kontext-max", 6}};  ///< Counted in max_active as well.

  /// Hosts that finished pictures may come from, besides the address above; empty: every public host. The key is never
  /// sent along. Add a name here if the service begins to deliver from another one.
  std::vector<std::string> delivery_hosts{"bfl.ai", "*.bfl.ai", "bfldeliveryprod.blob.core.windows.net"};
  std::size_t max_picture_bytes = 128u << 20u;  ///< Of a finished picture.

  std::chrono::milliseconds poll_interval{500};
  std::chrono::milliseconds submit_timeout{60'000};    ///< For the answer to an order; a cancel does not cut it short.
  std::chrono::milliseconds request_timeout{60'000};   ///< For every other answer.
  std::chrono::milliseconds first_wait{500};           ///< Before the first repeat; doubled for each further one.
  std::chrono::milliseconds longest_wait{10'000};      ///< Between two repeats, unless the service asks for more.
  std::chrono::milliseconds patience{600'000};         ///< With a service that has no room or does not answer.
  std::chrono::milliseconds task_patience{1'800'000};  ///< With one order that does not end; it stays collectable.
  std::chrono::milliseconds not_found_grace{10'000};   ///< A new order may be unknown to the service for a moment.
};

/// Orders pictures from Black Forest Labs' FLUX API (https://docs.bfl.ai).
///
/// Every field is checked against the endpoint's own list before it is sent. GenerationRequest::parameters takes the
/// endpoint's fields by their names, but for prompt, seed, width and height, which have their own place. `size` becomes
/// width and height, or the nearest aspect_ratio and resolution where the endpoint has those; {0, 0} leaves the size to
/// the model, and an edit then keeps its first picture's. Models that take no seed ignore it. Pictures, webhook
/// addresses and secrets are left out of the task, so that a journal stays small and holds nothing signed.
///
/// submit() waits for a free place (max_active), and while the service has no room (429, 503), for `patience`; it
/// notices a cancel within 50 ms while it waits. An order that is on its way is not cut short. What may have arrived is
/// SubmitUnknown; nothing is sent twice unless the service said that it did not take it. poll() and fetch() outlast
/// failing answers for `patience`.
///
/// Throws std::invalid_argument for options that cannot be, Error `corrupt_data`, `not_found` or `permission_denied`
/// for the price table. Starts nothing and sends nothing.
VITRINE_EXPORT std::unique_ptr<ImageGenerator> make_bfl_generator(BflOptions options,
                                                                  std::shared_ptr<HttpTransport> transport,
                                                                  std::shared_ptr<Clock> clock = make_system_clock());

/// What is left on the account. Free of charge: the way to check a key and the connection. Throws Error:
/// permission_denied, rate_limited, unavailable, corrupt_data, cancelled, deadline_exceeded.
VITRINE_EXPORT MicroUsd bfl_balance(const BflOptions& options, HttpTransport& transport, Context& context);

/// An encoded picture as the value of a parameter such as input_image, image or mask. Throws Error `image_too_large`
/// past 20 MB.
VITRINE_EXPORT std::string bfl_picture(ByteView encoded);

/// The models that this generator can order from, by name.
VITRINE_EXPORT std::vector<std::string> bfl_models();

}  // namespace vitrine
