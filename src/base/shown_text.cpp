#include "base/shown_text.h"

namespace vitrine {

std::string shown_text(std::string_view text) {
  constexpr std::size_t kMost = 240;
  std::string line(text.substr(0, kMost));
  for (char& c : line)
    if (c < ' ' || c > '~') c = ' ';
  return line;
}

}  // namespace vitrine
