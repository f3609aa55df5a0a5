#include "generate/bfl_answer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "generate/bfl_json.h"

namespace vitrine {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestId = 256;
constexpr std::size_t kLongestWords = 300;
constexpr double kMicroUsdPerCredit = 10'000;
constexpr double kMostCredits = 1e8;  // a million dollars

struct Word {
  std::string_view word;
  GenerationState state;
};
// "Failed" is in the service's samples only; it has no other meaning.
constexpr std::array<Word, 9> kWords{{{"Pending", GenerationState::pending},
                                      {"Reasoning", GenerationState::pending},
                                      {"Generating", GenerationState::pending},
                                      {"Ready", GenerationState::ready},
                                      {"Error", GenerationState::failed},
                                      {"Failed", GenerationState::failed},
                                      {"Request Moderated", GenerationState::moderated},
                                      {"Content Moderated", GenerationState::moderated},
                                      {"Task not found", GenerationState::lost}}};

const json* member(const json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

std::string text_in(const json& object, const char* name) {
  const json* value = member(object, name);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<MicroUsd> cost_in(const json& object) {
  const json* value = member(object, "cost");
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return micro_usd_of_credits(value->get<double>());
}

double progress_in(const json& object) {
  const json* value = member(object, "progress");
  if (value == nullptr || !value->is_number()) return 0;
  const double progress = value->get<double>();
  return std::clamp(progress > 1 ? progress / 100 : progress, 0.0, 1.0);  // some answers count in percent
}

// All texts of an array, joined; a text as it is.
std::string joined(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  std::string all;
  if (!value.is_array()) return all;
  for (const json& each : value)
    if (each.is_string()) all += (all.empty() ? "" : ", ") + each.get_ref<const std::string&>();
  return all;
}

std::string first_text(const json& object, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const json* value = member(object, name))
      if (auto text = joined(*value); !text.empty()) return text;
  return {};
}

std::string details_in(const json& report) {
  const json* details = member(report, "details");
  if (details != nullptr && details->is_object()) {
    auto text = first_text(*details, {"Moderation Reasons", "error", "message", "detail", "reason"});
    if (!text.empty()) return text;
  } else if (details != nullptr) {
    if (auto text = joined(*details); !text.empty()) return text;
  }
  return first_text(report, {"message", "error", "detail"});
}

// "body.width: Input should be greater than 64". Leaves out `input`, which repeats the picture that was sent.
std::string validation_error(const json& error) {
  std::string where;
  if (const json* place = member(error, "loc"); place != nullptr && place->is_array())
    for (const json& part : *place) {
      const std::string name = part.is_string()           ? part.get<std::string>()
                               : part.is_number_integer() ? part.dump()
                                                          : std::string();
      if (!name.empty()) where += (where.empty() ? "" : ".") + name;
    }
  const std::string what = text_in(error, "msg");
  return where.empty() || what.empty() ? where + what : where + ": " + what;
}

std::string validation_errors(const json& errors) {
  std::string all;
  for (const json& error : errors) {
    const std::string text = error.is_object() ? validation_error(error) : joined(error);
    if (!text.empty()) all += (all.empty() ? "" : "; ") + text;
  }
  return all;
}

std::string reason_in(const json& body) {
  for (const char* name : {"detail", "errors"})
    if (const json* value = member(body, name); value != nullptr && value->is_array())
      if (auto text = validation_errors(*value); !text.empty()) return text;
  return first_text(body, {"detail", "message", "error", "errors", "details"});
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

void cut_queries(std::string& text) {
  for (auto at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const auto end = std::min(text.find_first_of(" \"'<>", at), text.size());
    const auto query = text.find('?', at);
    if (query < end) text.replace(query, end - query, "?…");
  }
}

std::string_view as_text(const Bytes& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

}  // namespace

std::optional<MicroUsd> micro_usd_of_credits(double credits) {
  if (!(credits >= 0 && credits <= kMostCredits)) return std::nullopt;
  return MicroUsd{std::llround(credits * kMicroUsdPerCredit)};
}

std::optional<BflReceipt> parse_bfl_receipt(std::string_view body) {
  const auto answer = parse_foreign_json(body);
  if (!answer) return std::nullopt;
  BflReceipt receipt{text_in(*answer, "id"), text_in(*answer, "polling_url"), cost_in(*answer)};
  const bool good = !receipt.id.empty() && receipt.id.size() <= kLongestId &&
                    std::all_of(receipt.id.begin(), receipt.id.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (!good) return std::nullopt;
  return receipt;
}

BflReport parse_bfl_report(std::string_view body, std::string_view secret) {
  BflReport report;
  const auto answer = parse_foreign_json(body);
  if (!answer) return report;
  report.word = bfl_words(text_in(*answer, "status"), secret);
  if (report.word.empty()) return report;
  const auto known =
      std::find_if(kWords.begin(), kWords.end(), [&](const Word& each) { return each.word == report.word; });
  report.unknown = known == kWords.end();
  report.status.state = report.unknown ? GenerationState::pending : known->state;
  report.status.progress = progress_in(*answer);
  report.status.settled_cost = cost_in(*answer);
  if (report.status.state == GenerationState::pending) return report;
  if (report.status.state != GenerationState::ready) {
    report.status.detail = report.word;
    if (const auto details = bfl_words(details_in(*answer), secret); !details.empty())
      report.status.detail += " (" + details + ")";
    report.status.detail += ".";
    // The service says that it charges for neither kind of moderation; where it names a cost, that holds.
    if (report.status.state == GenerationState::moderated && !report.status.settled_cost)
      report.status.settled_cost = MicroUsd{0};
    return report;
  }
  report.status.progress = 1;
  if (const json* result = member(*answer, "result")) report.status.result_url = text_in(*result, "sample");
  return report;
}

std::string bfl_reason(const HttpResponse& response, std::string_view secret) {
  const auto body = parse_foreign_json(as_text(response.body));
  return body ? bfl_words(reason_in(*body), secret) : std::string();
}

std::string bfl_words(std::string_view text, std::string_view secret) {
  std::string words(text.substr(0, std::min<std::size_t>(text.size(), 65'536)));
  if (!secret.empty()) replace_all(words, secret, "***");
  cut_queries(words);
  for (char& c : words)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  if (words.size() <= kLongestWords) return words;
  std::size_t end = kLongestWords;
  while (end > 0 && (static_cast<unsigned char>(words[end]) & 0xC0U) == 0x80U) --end;  // not inside a character
  return words.substr(0, end) + "…";
}

}  // namespace vitrine
