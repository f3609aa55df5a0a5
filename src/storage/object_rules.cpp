#include "storage/object_rules.h"

#include <algorithm>
#include <stdexcept>

namespace vitrine {
namespace {

constexpr std::size_t kLongestMediaType = 127;
constexpr std::chrono::seconds kLongestLifetime = std::chrono::hours(7 * 24);  // what GCS and S3 sign at most

// A media type becomes an HTTP header in some backends: a line break in it would smuggle in another header.
bool is_media_type(std::string_view text) {
  const auto slash = text.find('/');
  return text.size() <= kLongestMediaType && slash != 0 && slash != std::string_view::npos && slash + 1 < text.size() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::string quoted(std::string_view key) { return "'" + std::string(key) + "'"; }

}  // namespace

void require_put(std::string_view key, const PutOptions& options) {
  require_object_key(key);
  if (!is_media_type(options.media_type))
    throw std::invalid_argument(
        "PutOptions::media_type is not of the form type/subtype in at most 127 printable ASCII characters. Use, for "
        "example, image/png.");
}

void require_list_limit(int limit) {
  if (limit < 1 || limit > 1000)
    throw std::invalid_argument("The limit of a page is " + std::to_string(limit) + "; it must be 1 to 1000.");
}

void require_url(std::string_view key, std::chrono::seconds lifetime) {
  require_object_key(key);
  if (lifetime < std::chrono::seconds(1) || lifetime > kLongestLifetime)
    throw std::invalid_argument("The lifetime of an address is " + std::to_string(lifetime.count()) +
                                " s; it must be 1 s to 604800 s, which is 7 days.");
}

bool is_object_key(std::string_view text) {
  try {
    require_object_key(text);
    return true;
  } catch (const std::invalid_argument&) {
    return false;
  }
}

Error no_such_object(std::string_view key) {
  return {ErrorCode::not_found, "There is no object " + quoted(key) + ". Check the key; it may have been removed."};
}

Error object_exists(std::string_view key) {
  return {ErrorCode::conflict,
          "There is an object " + quoted(key) + " already; it was left as it is. Use another key or PutMode::replace."};
}

Error object_restless(std::string_view key) {
  return {ErrorCode::unavailable, "The object " + quoted(key) + " was replaced each time it was looked at, " +
                                      std::to_string(kMostLooks) + " times. Try again later."};
}

Error object_corrupt(std::string_view key, const std::string& reason) {
  return {ErrorCode::corrupt_data, "The stored object " + quoted(key) + " is damaged: " + reason +
                                       " Put it again with PutMode::replace, or remove it."};
}

}  // namespace vitrine
