// Prepares a scene once, keeps it in a file, and renders several artworks into it.
#include <vitrine/vitrine.h>

int main() {
  // [sample]
  vitrine::Context context;
  const auto compositor = vitrine::make_perspective_compositor();
  const auto detector = vitrine::make_surface_detector();
  const vitrine::Image scene = vitrine::read_image("room.jpg");
  vitrine::save_template("room.vitrine", vitrine::prepare_scene(scene, *detector, {}, *compositor, context));

  const vitrine::Template room = vitrine::load_template("room.vitrine");
  for (const vitrine::Fit fit : {vitrine::Fit::cover, vitrine::Fit::contain}) {
    const vitrine::Placement placement{.artwork = vitrine::read_image("art.png"), .fit = fit};
    const vitrine::Image mockup = compositor->render(room, {placement});
    vitrine::write_image("with_" + std::string(vitrine::name_of(fit)) + ".jpg", mockup);
  }
  // [/sample]
}
