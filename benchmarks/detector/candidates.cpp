// Prints the candidates of many scenes with what was measured of them and how right they are, for train_detector.py:
//   detector_candidates procedural FIRST COUNT | detector_candidates folder DIR [wall|art]
// A folder holds index.json as shared/scenes does. One line a candidate, comma-separated, a heading first.
#include <fstream>
#include <functional>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "detect/quad_ranker.h"
#include "detect/surface_candidates.h"
#include "hidden_scene.h"
#include "vitrine/generate/procedural_scene.h"
#include "vitrine/image/codec.h"

namespace vitrine::bench {
namespace {

constexpr int kWorkingSide = 1024;

struct Truth {
  std::string scene;
  std::string source;
  std::string target;
  std::vector<Quad> quads;
};

void print_heading() {
  std::cout << "scene,source,target,iou,corner_error,sure,x0,y0,x1,y1,x2,y2,x3,y3";
  for (const std::string_view name : kFeatureNames) std::cout << ',' << name;
  std::cout << '\n';
}

double corner_error(const Quad& a, const Quad& b) {
  double sum = 0;
  for (std::size_t i = 0; i < 4; ++i) sum += distance(a[i], b[i]) / 4;
  return sum;
}

void print_candidates(const Image& image, const Truth& truth) {
  Context context;
  const WorkingScene working = make_working_scene(image, kWorkingSide);
  std::cout << std::setprecision(5);
  for (const RatedQuad& rated : rate(working, surface_candidates(working, context), context)) {
    const Quad quad = working.to_scene(rated.candidate.quad);
    double overlap = 0;
    double error = 1e6;
    for (const Quad& right : truth.quads) {
      overlap = std::max(overlap, intersection_over_union(quad, right));
      error = std::min(error, corner_error(quad, right));
    }
    std::cout << truth.scene << ',' << truth.source << ',' << truth.target << ',' << overlap << ',' << error << ','
              << rated.sure_placeholder;
    for (const Point p : quad.corners) std::cout << ',' << p.x << ',' << p.y;
    for (const double value : rated.features.values) std::cout << ',' << value;
    std::cout << '\n';
  }
}

// Photographs have been through JPEG; every second scene is sent through it, too.
Image as_photographed(const Image& image, std::uint64_t seed) {
  if (has_alpha(image.format()) || seed % 2 == 0) return image;
  EncodeOptions options;
  options.format = FileFormat::jpeg;
  options.quality = 70 + static_cast<int>(seed % 25);
  return decode_image(encode_image(image, options));
}

SceneOptions options_of(std::uint64_t seed) {
  constexpr std::array<ScenePlace, 8> kPlaces{ScenePlace::blank, ScenePlace::filled, ScenePlace::filled,
                                              ScenePlace::none,  ScenePlace::blank,  ScenePlace::filled,
                                              ScenePlace::key,   ScenePlace::blank};
  SceneOptions options;
  options.seed = seed;
  options.place = kPlaces[seed % kPlaces.size()];
  options.size = seed % 3 == 0 ? Size{560, 760} : Size{820, 600};
  options.surfaces = seed % 7 == 3 ? 3 : 1;
  options.covered = seed % 4 == 1;
  options.max_tilt_degrees = 5 + static_cast<double>(seed * 13 % 50);
  return options;
}

void print_procedural(std::uint64_t first, std::uint64_t count) {
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const SceneOptions options = options_of(seed);
    const ProceduralScene scene = make_procedural_scene(options);
    Truth truth{"procedural_" + std::to_string(seed), "procedural", std::string(name_of(options.place)), {}};
    for (const Region& surface : scene.surfaces) truth.quads.push_back(surface.quad);
    print_candidates(as_photographed(scene.image, seed), truth);
  }
}

Quad quad_from(const nlohmann::json& corners) {
  Quad quad;
  for (std::size_t i = 0; i < 4; ++i) quad[i] = {corners.at(i).at(0).get<double>(), corners.at(i).at(1).get<double>()};
  return order_corners(quad.corners).value_or(quad);
}

Shows shows_of(const std::string& target) {
  if (target == "alpha") return Shows::hole;
  return target == "key" ? Shows::key : Shows::blank;
}

void print_folder(const std::string& folder, const std::string& paint) {
  const nlohmann::json index = nlohmann::json::parse(std::ifstream(folder + "/index.json"));
  for (const nlohmann::json& entry : index) {
    Truth truth{entry.at("file"), entry.at("source"), entry.at("target"), {}};
    for (const nlohmann::json& quad : entry.at("quads")) truth.quads.push_back(quad_from(quad));
    const bool has_placeholder = truth.target == "alpha" || truth.target == "key" || truth.target == "white";
    if (!truth.quads.empty() && !entry.at("exact").get<bool>()) continue;
    if (!paint.empty() && (!has_placeholder || truth.quads.empty())) continue;
    Image image = read_image(folder + "/" + truth.scene);
    if (!paint.empty()) {
      Region place;
      place.quad = truth.quads.front();
      place.shows = shows_of(truth.target);
      const std::uint64_t seed = std::hash<std::string>()(truth.scene) % 1000;
      image = hide_placeholder(image, place, paint == "art" ? Paint::art : Paint::wall, seed);
      truth.target = "hidden as " + paint;
      truth.scene += " as " + paint;
    }
    print_candidates(image, truth);
  }
}

}  // namespace
}  // namespace vitrine::bench

int main(int count, char** arguments) {
  const std::vector<std::string> given(arguments + 1, arguments + count);
  vitrine::bench::print_heading();
  if (given.size() == 3 && given[0] == "procedural") {
    vitrine::bench::print_procedural(std::stoull(given[1]), std::stoull(given[2]));
  } else if (given.size() >= 2 && given[0] == "folder") {
    vitrine::bench::print_folder(given[1], given.size() > 2 ? given[2] : "");
  } else {
    std::cerr << "Usage: detector_candidates procedural FIRST COUNT | detector_candidates folder DIR [wall|art]\n";
    return 2;
  }
  return 0;
}
