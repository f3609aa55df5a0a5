// Finds the surfaces of a scene, and asks why when there is none.
#include <vitrine/vitrine.h>

#include <cstdio>

int main() {
  // [sample]
  const auto detector = vitrine::make_surface_detector();
  for (const char* file : {"room.jpg", "empty.jpg"}) {
    const vitrine::Image scene = vitrine::read_image(file);
    const vitrine::Detection detection = detector->detect(scene);
    if (detection.empty()) std::printf("%s: %s\n", file, detection.reason.c_str());
    for (const vitrine::Region& region : detection) {
      const vitrine::Point corner = region.quad[0];
      std::printf("%s: %s at %.1f, %.1f (%.2f)\n", file, region.label.c_str(), corner.x, corner.y, region.confidence);
    }
    vitrine::write_image(std::string("regions_of_") + file, vitrine::annotate(scene, detection));
  }
  // [/sample]
}
