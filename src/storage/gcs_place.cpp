#include "vitrine/storage/gcs_place.h"

#include "base/percent_encoding.h"

namespace vitrine {
namespace {

constexpr std::string_view kHost = "storage.googleapis.com";
constexpr std::string_view kFirebaseHost = "firebasestorage.googleapis.com";

// `path` is BUCKET/KEY.
std::optional<GcsPlace> place_in(std::string_view path, std::string_view between) {
  const auto end = path.find(between);
  if (end == std::string_view::npos || end == 0) return std::nullopt;
  const auto key = percent_decoded(path.substr(end + between.size()));
  if (!key || key->empty()) return std::nullopt;
  return GcsPlace{std::string(path.substr(0, end)), *key};
}

bool take_front(std::string_view& text, std::string_view front) {
  if (!text.starts_with(front)) return false;
  text.remove_prefix(front.size());
  return true;
}

}  // namespace

std::optional<GcsPlace> gcs_place_of(std::string_view url) {
  if (take_front(url, "gs://")) {
    const auto end = url.find('/');
    if (end == std::string_view::npos || end == 0 || end + 1 == url.size()) return std::nullopt;
    return GcsPlace{std::string(url.substr(0, end)), std::string(url.substr(end + 1))};
  }
  if (!take_front(url, "https://")) return std::nullopt;
  url = url.substr(0, url.find_first_of("?#"));
  const auto slash = url.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto host = url.substr(0, slash);
  auto path = url.substr(slash + 1);
  if (host == kHost) return place_in(path, "/");
  if (host == kFirebaseHost && take_front(path, "v0/b/")) return place_in(path, "/o/");
  const std::string ending = "." + std::string(kHost);
  if (!host.ends_with(ending)) return std::nullopt;
  return place_in(std::string(host.substr(0, host.size() - ending.size())) + "/" + std::string(path), "/");
}

}  // namespace vitrine
