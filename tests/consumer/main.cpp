// What a stranger's first program does: makes a picture and a place for it, and puts one on the other.
#include <vitrine/vitrine.h>

#include <cstdio>

int main() {
  const vitrine::ProceduralScene scene = vitrine::make_procedural_scene({.seed = 7, .size = {320, 240}});
  const vitrine::Image artwork = vitrine::make_procedural_artwork({.seed = 7, .size = {150, 200}});
  const auto compositor = vitrine::make_perspective_compositor();
  const vitrine::Template room = compositor->prepare(scene.image, scene.surfaces);
  const vitrine::Image mockup = compositor->render(room, {{artwork, 0}});
  const vitrine::Bytes png = vitrine::encode_image(mockup, {.format = vitrine::FileFormat::png});

  // Sends nothing: a static vitrine links only what is used, and this needs the libraries of the network.
  const auto transport = vitrine::make_curl_transport();

  try {
    vitrine::decode_image(vitrine::ByteView(png).first(20));
    return 1;
  } catch (const vitrine::Error& error) {
    if (error.code() != vitrine::ErrorCode::invalid_image) return 1;
  }
  std::printf("consumer: vitrine %s made %d x %d pixels, %zu bytes\n", vitrine::version().data(), mockup.width(),
              mockup.height(), png.size());
  return transport && vitrine::decode_image(png).size() == scene.image.size() ? 0 : 1;
}
