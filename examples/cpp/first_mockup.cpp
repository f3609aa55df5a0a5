// [sample]
#include <vitrine/vitrine.h>

int main() {
  auto scene = vitrine::read_image("room.jpg");
  auto regions = vitrine::make_surface_detector()->detect(scene);
  auto compositor = vitrine::make_perspective_compositor();
  auto room = compositor->prepare(scene, regions);
  vitrine::write_image("mockup.jpg", compositor->render(room, {{vitrine::read_image("art.png"), 0}}));
}
// [/sample]
