#include "vitrine/pipeline/source.h"

namespace vitrine {

std::string shown(const Source& source) {
  if (source.kind != Source::Kind::url) return source.at;
  std::string address = source.at.substr(0, source.at.find_first_of("?#"));
  const std::size_t host = address.find("://");
  if (host == std::string::npos) return address;
  const std::size_t end = address.find('/', host + 3);
  const std::size_t user = address.rfind('@', end);
  if (user != std::string::npos && user > host) address.erase(host + 3, user - host - 2);
  return address;
}

}  // namespace vitrine
