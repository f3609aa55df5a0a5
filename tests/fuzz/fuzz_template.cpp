// Any bytes as a .vitrine file: what is accepted is a template that renders, and the rest is refused.
#include "vitrine/base/error.h"
#include "vitrine/compose/perspective.h"
#include "vitrine/compose/template.h"

namespace {

// Of what is small enough for many tries a second; a forged file's coded pixels are decoded only here.
void render(const vitrine::Template& room) {
  constexpr int kMostSide = 256;
  if (room.size().width > kMostSide || room.size().height > kMostSide) return;
  static const auto compositor = vitrine::make_perspective_compositor();
  static const vitrine::Image artwork({8, 8}, vitrine::PixelFormat::rgb8);
  std::vector<vitrine::Placement> placements;
  if (!room.regions().empty()) placements.push_back({artwork, 0});
  vitrine::Context context;
  compositor->render_encoded(room, placements, {}, {.threads = 1}, context);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const vitrine::Template room = vitrine::decode_template({data, size});
    for (std::size_t i = 0; i < room.regions().size(); ++i) room.light(i);
    vitrine::encode_template(room);
    render(room);
  } catch (const vitrine::Error&) {
    // Refused, as most inputs should be.
  }
  return 0;
}
