#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vitrine/base/money.h"
#include "vitrine/generate/generator.h"
#include "vitrine/net/http_transport.h"

namespace vitrine {

/// What the service says to an order that it took.
struct BflReceipt {
  std::string id;
  std::string polling_url;  ///< Empty where webhooks are used.
  std::optional<MicroUsd> cost;
};

/// Empty if the text holds no id: the order was taken, but nobody can tell which it is.
std::optional<BflReceipt> parse_bfl_receipt(std::string_view body);

/// Where an order stands.
struct BflReport {
  std::string word;         ///< As the service spells it; empty if the text is no report.
  bool unknown = false;     ///< The word is new to us: taken for "not yet".
  GenerationStatus status;  ///< state `lost` for "Task not found", which may pass.
};

BflReport parse_bfl_report(std::string_view body, std::string_view secret);

/// Why a request was refused, for people: the service's own words, without what was sent and without `secret`.
std::string bfl_reason(const HttpResponse& response, std::string_view secret);

/// `text` as a message may show it: at most 300 bytes of printable text, no query of an address, `secret` as ***.
std::string bfl_words(std::string_view text, std::string_view secret);

/// Credits as the API counts them: one is a US cent. Empty for what is no amount of money.
std::optional<MicroUsd> micro_usd_of_credits(double credits);

}  // namespace vitrine
