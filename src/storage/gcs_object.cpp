#include "storage/gcs_object.h"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/shown_text.h"
#include "storage/download.h"
#include "storage/rfc3339.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

using nlohmann::json;

std::string text_at(const json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

[[noreturn]] void throw_strange_answer() {
  throw Error(ErrorCode::unavailable, "Cloud Storage's answer is none that we understand. Try again.");
}

json parsed(const HttpResponse& answer) {
  json value = json::parse(answer.body, nullptr, false);
  if (!value.is_object()) throw_strange_answer();
  return value;
}

std::uint64_t number_in(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) throw_strange_answer();
  return value;
}

std::optional<std::uint32_t> crc32c_in(const std::string& text) {
  const auto bytes = from_base64(text);
  if (!bytes || bytes->size() != 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const std::uint8_t byte : *bytes) value = value << 8u | byte;
  return value;
}

GcsObject object_in(const json& value) {
  GcsObject object;
  object.info.ref.key = text_at(value, "name");
  object.info.ref.size = number_in(text_at(value, "size"));
  object.info.ref.media_type = text_at(value, "contentType");
  const auto updated = parse_rfc3339(text_at(value, "updated"));
  if (!updated || object.info.ref.key.empty()) throw_strange_answer();
  object.info.updated_at = *updated;
  object.generation = text_at(value, "generation");
  object.metageneration = text_at(value, "metageneration");
  object.content_encoding = text_at(value, "contentEncoding");
  object.crc32c = crc32c_in(text_at(value, "crc32c"));
  const auto metadata = value.find("metadata");
  if (metadata == value.end()) return object;
  // Anybody may have written it.
  if (const auto digest = text_at(*metadata, kGcsSha256); is_sha256(digest)) object.info.ref.sha256 = digest;
  object.put = text_at(*metadata, kGcsPut);
  object.firebase_tokens = text_at(*metadata, kGcsFirebaseTokens);
  return object;
}

}  // namespace

GcsObject gcs_object_in(const HttpResponse& answer) { return object_in(parsed(answer)); }

GcsPage gcs_page_in(const HttpResponse& answer) {
  const json value = parsed(answer);
  GcsPage page;
  page.next_token = text_at(value, "nextPageToken");
  const auto items = value.find("items");
  if (items == value.end()) return page;
  for (const auto& item : *items) page.objects.push_back(object_in(item));
  return page;
}

std::string crc32c_text(std::uint32_t crc) {
  const std::array<std::uint8_t, 4> bytes{static_cast<std::uint8_t>(crc >> 24u), static_cast<std::uint8_t>(crc >> 16u),
                                          static_cast<std::uint8_t>(crc >> 8u), static_cast<std::uint8_t>(crc)};
  return base64(bytes);
}

GcsFault gcs_fault_in(const HttpResponse& answer) {
  const json value = json::parse(answer.body, nullptr, false);
  const auto error = value.is_object() ? value.find("error") : value.end();
  // A download's error can be plain text.
  if (error == value.end() || !error->is_object())
    return {"", shown_text({reinterpret_cast<const char*>(answer.body.data()), answer.body.size()})};
  GcsFault fault{"", shown_text(text_at(*error, "message"))};
  const auto errors = error->find("errors");
  if (errors != error->end() && errors->is_array() && !errors->empty())
    fault.reason = shown_text(text_at(errors->front(), "reason"));
  return fault;
}

}  // namespace vitrine
