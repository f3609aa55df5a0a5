#include "vitrine/storage/object_store.h"

#include <stdexcept>

namespace vitrine {
namespace {

constexpr std::size_t kLongestKey = 512;

[[noreturn]] void refuse_key(const std::string& reason) {
  throw std::invalid_argument("The object key " + reason +
                              " A key is 1 to 512 bytes: parts of A-Z a-z 0-9 . _ = @ + - joined by single '/'.");
}

bool is_key_char(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("._=@+-").find(c) != std::string_view::npos;
}

void require_part(std::string_view part) {
  if (part.empty()) refuse_key("has an empty part: a '/' at an end, or two in a row.");
  if (part == "." || part == "..") refuse_key("has the part '" + std::string(part) + "'.");
  for (const char c : part)
    if (!is_key_char(c))
      refuse_key("has a byte that is not allowed, with the value " +
                 std::to_string(static_cast<int>(static_cast<unsigned char>(c))) + ".");
}

}  // namespace

void require_object_key(std::string_view key) {
  if (key.empty()) refuse_key("is empty.");
  if (key.size() > kLongestKey) refuse_key("has " + std::to_string(key.size()) + " bytes.");
  for (std::string_view rest = key;;) {
    const auto slash = rest.find('/');
    require_part(rest.substr(0, slash));
    if (slash == std::string_view::npos) return;
    rest.remove_prefix(slash + 1);
  }
}

ObjectRef ObjectStore::put(std::string_view key, ByteView bytes, const PutOptions& options, Context& context) {
  const auto source = make_memory_source(bytes);
  return put(key, *source, options, context);
}

Bytes ObjectStore::get(std::string_view key, Context& context, std::size_t most) {
  Bytes bytes;
  const auto sink = make_memory_sink(bytes, most);
  get(key, *sink, context);
  return bytes;
}

}  // namespace vitrine
