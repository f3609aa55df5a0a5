// A detector of your own: the rest of the engine takes it like any other.
#include <vitrine/vitrine.h>

// [sample]
/// For scenes from one studio, where the frame always hangs in the middle.
class MiddleDetector : public vitrine::Detector {
 public:
  using Detector::detect;
  vitrine::Detection detect(vitrine::ImageView scene, vitrine::Context&) const override {
    vitrine::Region region;
    region.quad = vitrine::quad_of({scene.width() / 4, scene.height() / 4, scene.width() / 2, scene.height() / 2});
    region.label = "frame";
    region.detector = "middle";
    return {.regions = {region}};
  }
};
// [/sample]

int main() {
  vitrine::Context context;
  const auto compositor = vitrine::make_perspective_compositor();
  const vitrine::Image scene = vitrine::read_image("room.jpg");
  const vitrine::Template room = vitrine::prepare_scene(scene, MiddleDetector(), {}, *compositor, context);
  vitrine::write_image("middle.jpg", compositor->render(room, {{vitrine::read_image("art.png"), 0}}));
}
