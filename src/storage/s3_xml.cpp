#include "storage/s3_xml.h"

#include <array>
#include <charconv>
#include <utility>

namespace vitrine {
namespace {

struct Found {
  std::string_view content;
  std::size_t end;  ///< Behind the closing tag.
};

// `from` is where to look; a tag may carry attributes.
std::optional<Found> find_element(std::string_view xml, std::string_view name, std::size_t from) {
  const std::string open = "<" + std::string(name);
  const std::string close = "</" + std::string(name) + ">";
  for (auto at = xml.find(open, from); at != std::string_view::npos; at = xml.find(open, at + 1)) {
    const char next = at + open.size() < xml.size() ? xml[at + open.size()] : '\0';
    if (next != '>' && next != ' ' && next != '/') continue;
    const auto begin = xml.find('>', at);
    if (begin == std::string_view::npos) return std::nullopt;
    if (xml[begin - 1] == '/') return Found{{}, begin + 1};
    const auto end = xml.find(close, begin);
    if (end == std::string_view::npos) return std::nullopt;
    return Found{xml.substr(begin + 1, end - begin - 1), end + close.size()};
  }
  return std::nullopt;
}

// What one entity stands for; itself if nobody knows it.
std::string resolved(std::string_view entity) {
  static constexpr std::array<std::pair<std::string_view, char>, 5> kNamed{
      {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
  for (const auto& [name, c] : kNamed)
    if (entity == name) return std::string(1, c);
  if (entity.starts_with('#')) {
    const bool hex = entity.starts_with("#x");
    const auto digits = entity.substr(hex ? 2 : 1);
    unsigned code = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
    if (result.ec == std::errc() && result.ptr == digits.data() + digits.size() && code < 128)
      return std::string(1, static_cast<char>(code));
  }
  return "&" + std::string(entity) + ";";
}

}  // namespace

std::optional<std::string_view> xml_element(std::string_view xml, std::string_view name) {
  const auto found = find_element(xml, name, 0);
  if (!found) return std::nullopt;
  return found->content;
}

std::vector<std::string_view> xml_elements(std::string_view xml, std::string_view name) {
  std::vector<std::string_view> all;
  for (auto found = find_element(xml, name, 0); found; found = find_element(xml, name, found->end))
    all.push_back(found->content);
  return all;
}

std::string xml_text(std::string_view xml, std::string_view name) {
  const auto raw = xml_element(xml, name).value_or("");
  std::string text;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const auto end = raw[i] == '&' ? raw.find(';', i) : std::string_view::npos;
    if (end == std::string_view::npos || end - i > 10) {
      text += raw[i];
      continue;
    }
    text += resolved(raw.substr(i + 1, end - i - 1));
    i = end;
  }
  return text;
}

}  // namespace vitrine
