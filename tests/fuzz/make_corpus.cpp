// Writes small good files for the fuzzers to start from: make_corpus FOLDER
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>

#include "image/patchable_jpeg.h"
#include "vitrine/base/file.h"
#include "vitrine/compose/compositor.h"
#include "vitrine/compose/perspective.h"
#include "vitrine/generate/procedural_artwork.h"
#include "vitrine/generate/procedural_scene.h"
#include "vitrine/image/codec.h"

namespace {

using vitrine::ArtworkStyle;
using vitrine::FileFormat;

void write_images(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  for (const ArtworkStyle style : {ArtworkStyle::photo, ArtworkStyle::transparent}) {
    const vitrine::Image image = vitrine::make_procedural_artwork({.seed = 1, .size = {24, 32}, .style = style});
    for (const FileFormat format : {FileFormat::jpeg, FileFormat::png, FileFormat::webp}) {
      const std::string name = std::string(name_of(style)) + std::string(suffix_of(format));
      vitrine::write_file_atomically(folder / name, vitrine::encode_image(image, {.format = format}));
    }
  }
}

void write_templates(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const auto scene = vitrine::make_procedural_scene({.seed = 1, .size = {64, 64}});
  const auto compositor = vitrine::make_perspective_compositor();
  vitrine::save_template(folder / "room.vitrine", compositor->prepare(scene.image, scene.surfaces));
  vitrine::save_template(folder / "empty.vitrine", compositor->prepare(scene.image, {}));
  vitrine::Context context;
  const vitrine::Bytes jpeg = vitrine::encode_image(scene.image, {.format = FileFormat::jpeg});
  vitrine::save_template(folder / "jpeg.vitrine", compositor->prepare_encoded(jpeg, scene.surfaces, {}, context));
}

// Each as it is and with its grid.
void write_patchable(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const vitrine::Image image = vitrine::make_procedural_artwork({.seed = 2, .size = {45, 37}});
  const auto write = [&](const std::string& name, const vitrine::Bytes& jpeg) {
    vitrine::write_file_atomically(folder / (name + ".jpg"), jpeg);
    vitrine::write_file_atomically(folder / (name + "_grid.jpg"), vitrine::PatchableJpeg::from(jpeg, {}).jpeg->bytes());
  };
  using vitrine::ChromaSampling;
  write("yuv420", vitrine::encode_image(image, {.format = FileFormat::jpeg, .chroma = ChromaSampling::yuv420}));
  write("yuv444", vitrine::encode_image(image, {.format = FileFormat::jpeg, .chroma = ChromaSampling::yuv444}));
  const vitrine::Image gray = vitrine::convert(image, vitrine::PixelFormat::gray8);
  write("gray", vitrine::encode_image(gray, {.format = FileFormat::jpeg}));
}

void write_urls(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const char* urls[] = {"https://pictures.example.com:8443/a/../b?c=d#e", "http://[2001:db8::1]:80/x",
                        "https://192.0.2.1/\n../c?d", "https://a.example/b\n//c.example"};
  for (std::size_t i = 0; i < std::size(urls); ++i) {
    const std::string_view text = urls[i];
    vitrine::write_file_atomically(folder / std::to_string(i), vitrine::Bytes(text.begin(), text.end()));
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const std::filesystem::path folder = arguments[1];
  write_images(folder / "decode");
  write_templates(folder / "template");
  write_urls(folder / "url");
  write_patchable(folder / "jpeg_patch");
}
