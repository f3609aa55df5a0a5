#include "image/foreign_format.h"

#include <algorithm>
#include <array>

namespace vitrine {
namespace {

using std::string_view_literals::operator""sv;

struct Signature {
  std::size_t offset;
  std::string_view bytes;
  std::string_view name;
};

constexpr std::array kSignatures{
    Signature{0, "GIF8"sv, "a GIF image"sv},
    Signature{4, "ftypavif"sv, "an AVIF image"sv},
    Signature{4, "ftypavis"sv, "an AVIF image"sv},
    Signature{4, "ftyphei"sv, "a HEIC image"sv},
    Signature{4, "ftyphev"sv, "a HEIC image"sv},
    Signature{4, "ftypmif1"sv, "a HEIC image"sv},
    Signature{4, "ftypmsf1"sv, "a HEIC image"sv},
    Signature{4, "ftyp"sv, "a video"sv},
    Signature{0, "II*\0"sv, "a TIFF image"sv},
    Signature{0, "MM\0*"sv, "a TIFF image"sv},
    Signature{0, "II+\0"sv, "a TIFF image"sv},
    Signature{0, "MM\0+"sv, "a TIFF image"sv},
    Signature{0, "%PDF"sv, "a PDF document"sv},
    Signature{0, "%!PS"sv, "a PostScript document"sv},
    Signature{0, "8BPS"sv, "a Photoshop document"sv},
    Signature{0, "BM"sv, "a BMP image"sv},
    Signature{0, "\0\0\1\0"sv, "an icon (ICO)"sv},
    Signature{0, "\xFF\x0A"sv, "a JPEG XL image"sv},
    Signature{4, "JXL \r\n\x87\n"sv, "a JPEG XL image"sv},
    Signature{4, "jP  \r\n\x87\n"sv, "a JPEG 2000 image"sv},
    Signature{0, "\xFF\x4F\xFF\x51"sv, "a JPEG 2000 image"sv},
    Signature{0, "\x76\x2F\x31\x01"sv, "an OpenEXR image"sv},
    Signature{0, "PK\3\4"sv, "a ZIP archive"sv},
};

bool is_ascii_letter_equal(char a, char lower) {
  return a == lower || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == lower);
}

bool contains(std::string_view text, std::string_view lower) {
  return std::search(text.begin(), text.end(), lower.begin(), lower.end(), is_ascii_letter_equal) != text.end();
}

// Markup has no fixed first bytes: comments, byte order marks and declarations come first.
std::string_view markup(std::string_view start) {
  const std::size_t first = start.find_first_not_of("\xEF\xBB\xBF \t\r\n");
  if (first == std::string_view::npos || start[first] != '<') return {};
  if (contains(start, "<svg")) return "an SVG drawing";
  if (contains(start, "<html") || contains(start, "<!doctype html")) return "a web page";
  return {};
}

}  // namespace

std::string_view foreign_format(ByteView bytes) {
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()), std::min<std::size_t>(bytes.size(), 1024));
  for (const Signature& signature : kSignatures)
    if (start.size() >= signature.offset && start.substr(signature.offset).starts_with(signature.bytes))
      return signature.name;
  return markup(start);
}

}  // namespace vitrine
