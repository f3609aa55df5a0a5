// Writes the pictures that we and the peers are measured on: bench_inputs FOLDER
#include <vitrine/vitrine.h>

#include <fstream>

#include "mockup_inputs.h"

namespace {

// One line with the eight numbers of the quad, so that the peers put the artwork in the same place.
void write_quad(const std::filesystem::path& path, const vitrine::Quad& quad) {
  std::ofstream file(path);
  for (const vitrine::Point corner : quad.corners) file << corner.x << ' ' << corner.y << '\n';
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const std::filesystem::path folder = arguments[1];
  std::filesystem::create_directories(folder);
  const auto scene = vitrine::make_procedural_scene({.seed = 3, .size = {2000, 1500}});
  const auto photo =
      vitrine::make_procedural_artwork({.seed = 3, .size = {3000, 4000}, .style = vitrine::ArtworkStyle::photo});
  vitrine::write_image(folder / "scene.jpg", scene.image, {.quality = 90});
  vitrine::write_image(folder / "art.jpg", photo, {.quality = 90});
  vitrine::write_image(folder / "art.png", vitrine::resize(photo, {1500, 2000}));
  vitrine::write_image(folder / "art.webp", vitrine::resize(photo, {1500, 2000}), {.quality = 90});
  write_quad(folder / "quad.txt", scene.surfaces.at(0).quad);
  vitrine::bench::write_mockup_inputs(folder);
}
