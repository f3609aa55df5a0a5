// Any bytes as a .vitrine file: what is accepted is a template that renders, and the rest is refused.
#include "vitrine/base/error.h"
#include "vitrine/compose/template.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const vitrine::Template room = vitrine::decode_template({data, size});
    for (std::size_t i = 0; i < room.regions().size(); ++i) room.light(i);
    vitrine::encode_template(room);
  } catch (const vitrine::Error&) {
    // Refused, as most inputs should be.
  }
  return 0;
}
