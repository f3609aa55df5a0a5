#include "vitrine/image/region.h"

namespace vitrine {

std::string_view name_of(Shows shows) noexcept {
  switch (shows) {
    case Shows::hole: return "hole";
    case Shows::key: return "key";
    case Shows::blank: return "blank";
    case Shows::plain: return "plain";
    case Shows::filled: return "filled";
    case Shows::given: return "given";
  }
  return "unknown";
}

}  // namespace vitrine
