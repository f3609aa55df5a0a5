#include "generate/bfl_picture.h"

#include <algorithm>
#include <stdexcept>

#include "base/base64.h"
#include "vitrine/base/error.h"
#include "vitrine/generate/bfl.h"
#include "vitrine/image/codec.h"

namespace vitrine {
namespace {

constexpr std::size_t kMostBytes = 20'000'000;  // of one picture; the service's "20 MB"
constexpr double kPixelsPerMegapixel = 1'000'000;
constexpr double kLongestRatio = 64;
constexpr std::size_t kLongestAddress = 8192;

std::string shown(Size size) { return std::to_string(size.width) + " x " + std::to_string(size.height) + " pixels"; }

[[noreturn]] void refuse(const BflField& field, const std::string& why) {
  throw std::invalid_argument("The picture in '" + std::string(field.name) + "' " + why);
}

std::string_view without_data_prefix(std::string_view value) {
  // The service takes bare base64; what comes from a web page has this in front.
  if (!value.starts_with("data:")) return value;
  const auto comma = value.find(";base64,");
  return comma == std::string_view::npos ? value : value.substr(comma + 8);
}

void require_size(const BflField& field, Size size) {
  const int shorter = std::min(size.width, size.height);
  const double megapixels = static_cast<double>(size.width) * size.height / kPixelsPerMegapixel;
  if (shorter < field.least)
    refuse(field, "has " + shown(size) + "; each side must have at least " +
                      std::to_string(static_cast<int>(field.least)) + ". Use a larger one.");
  if (megapixels > field.most)
    refuse(field, "has " + shown(size) + "; the limit is " + std::to_string(static_cast<int>(field.most)) +
                      " megapixels. Scale it down.");
  if (static_cast<double>(std::max(size.width, size.height)) > kLongestRatio * shorter)
    refuse(field, "has " + shown(size) + "; no side may be more than 64 times the other. Cut it.");
}

Size probe(const BflField& field, ByteView bytes) {
  try {
    return probe_image(bytes).size;
  } catch (const Error& error) {
    refuse(field, std::string("cannot be used: ") + error.what());
  }
}

}  // namespace

BflPicture read_bfl_picture(const BflField& field, std::string_view value) {
  if (value.find("://") != std::string_view::npos) {
    if (field.type == BflType::base64_picture)
      refuse(field, "is an address; this field takes base64 only. Send the bytes, see bfl_picture().");
    require_bfl_address(field, value);
    return {std::string(value), std::nullopt};
  }
  const std::string_view bare = without_data_prefix(value);
  if (bare.size() > (kMostBytes + 2) / 3 * 4) refuse(field, "has more than 20 MB, which is the limit. Scale it down.");
  const auto bytes = from_base64(bare);
  if (!bytes || bytes->empty())
    refuse(field, "is neither base64 nor an https address. Use bfl_picture() to make the value from a file's bytes.");
  const Size size = probe(field, *bytes);
  require_size(field, size);
  return {std::string(bare), size};
}

void require_bfl_address(const BflField& field, std::string_view url) {
  const auto refuse_address = [&](const std::string& why) {
    throw std::invalid_argument("The address in '" + std::string(field.name) + "' " + why);
  };
  const std::size_t most = field.type == BflType::address ? static_cast<std::size_t>(field.most) : kLongestAddress;
  if (url.size() > most)
    refuse_address("has " + std::to_string(url.size()) + " characters; the limit is " + std::to_string(most) + ".");
  if (!url.starts_with("https://") || url.size() == std::string_view("https://").size())
    refuse_address("does not begin with https://, which the service needs. Use such an address.");
  if (!std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c <= '~'; }))
    refuse_address("has a space or a character outside of ASCII. Percent-encode it.");
}

std::string bfl_picture(ByteView encoded) {
  if (encoded.size() > kMostBytes)
    throw Error(ErrorCode::image_too_large, "The picture has " + std::to_string(encoded.size()) +
                                                " bytes; the limit of the service is 20000000. Scale it down.");
  return '"' + base64(encoded) + '"';
}

}  // namespace vitrine
