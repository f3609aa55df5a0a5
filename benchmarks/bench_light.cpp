// How near lit artwork comes to the truth on procedural scenes, where that is known, beside a plain paste and a fixed
// multiply; and how well what stands in front is told from the surface. `script/bench light` runs it.
//   bench_light [SCENES]   scenes of each kind, 40 by default; exit status 1 if a gate is missed
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "vitrine/compose/perspective.h"
#include "vitrine/generate/procedural_artwork.h"
#include "vitrine/generate/procedural_scene.h"
#include "vitrine/image/color_difference.h"
#include "vitrine/image/transfer.h"

namespace vitrine::bench {
namespace {

using Color = std::array<float, 3>;

constexpr double kGateBlank = 32;     // dB, mean over the blank scenes
constexpr double kGateAgainstPaste = 0;  // dB that a lit scene may lose against the plain paste, on the mean

Color linear_at(const Image& image, int x, int y) {
  const auto& table = linear_from_srgb8();
  const std::uint8_t* p = image.row(y) + static_cast<std::ptrdiff_t>(x) * bytes_per_pixel(image.format());
  return {table[p[0]], table[p[1]], table[p[2]]};
}

// "... albedo 0.920 0.912 0.880."; white paper where it is not told.
Color albedo_of(const Region& region) {
  Color albedo{0.92F, 0.92F, 0.92F};
  const std::size_t at = region.reason.find("albedo ");
  if (at == std::string::npos) return albedo;
  std::istringstream text(region.reason.substr(at + 7));
  text >> albedo[0] >> albedo[1] >> albedo[2];
  return albedo;
}

// Errors over a set of pixels.
class Errors {
 public:
  void add(const Color& truth, const Color& seen) {
    for (std::size_t c = 0; c < 3; ++c) {
      const double apart = 255 * static_cast<double>(srgb_from_linear(std::clamp(truth[c], 0.0F, 1.0F)) -
                                                     srgb_from_linear(seen[c]));
      squares_ += apart * apart / 3;
    }
    // Every seventh pixel tells the colour difference well enough.
    if (count_ % 7 == 0) {
      const Color bounded{std::min(truth[0], 1.0F), std::min(truth[1], 1.0F), std::min(truth[2], 1.0F)};
      differences_.push_back(delta_e_2000(lab_from_linear(bounded), lab_from_linear(seen)));
    }
    ++count_;
  }
  bool empty() const { return count_ == 0; }
  double rms() const { return count_ == 0 ? 0 : std::sqrt(squares_ / static_cast<double>(count_)); }
  double psnr() const { return 20 * std::log10(255 / std::max(rms(), 0.05)); }
  double delta_e() const {
    double sum = 0;
    for (const double value : differences_) sum += value;
    return differences_.empty() ? 0 : sum / static_cast<double>(differences_.size());
  }

 private:
  double squares_ = 0;
  std::int64_t count_ = 0;
  std::vector<double> differences_;
};

// What the scene and its mockups say of one region.
struct Trial {
  ProceduralScene scene;
  Region region;
  Image art;       // the artwork where it lands, in its own colours
  Image lit, plain, multiplied;
  Image cover;     // gray_f32: how much stays in front of the artwork
};

Image rendered(const Compositor& compositor, const Template& room, const Image& artwork, const Look& look) {
  return compositor.render(room, {{artwork, 0, Fit::cover, look}});
}

Look flat_look() {
  Look look;
  look.light = Light::flat;
  return look;
}

Image plain_artwork(std::uint8_t value) {
  Image image({64, 64}, PixelFormat::rgb8);
  const MutableImageView view = image.edit();
  for (int y = 0; y < 64; ++y) std::fill_n(view.row(y), 192, value);
  return image;
}

Trial try_scene(const Compositor& compositor, const SceneOptions& options) {
  Trial trial{make_procedural_scene(options), {}, {}, {}, {}, {}, {}};
  trial.region = trial.scene.surfaces.front();
  ArtworkOptions artwork_options;
  artwork_options.seed = options.seed;
  artwork_options.size = {800, 1000};
  artwork_options.style = options.seed % 2 == 0 ? ArtworkStyle::photo : ArtworkStyle::abstract;
  const Image artwork = make_procedural_artwork(artwork_options);

  Region bare = trial.region;
  bare.shows = Shows::filled;
  const Template dark = compositor.prepare(Image(trial.scene.image.size(), PixelFormat::rgb8), {bare});
  trial.art = rendered(compositor, dark, artwork, flat_look());

  const Template room = compositor.prepare(trial.scene.image, {trial.region});
  trial.lit = rendered(compositor, room, artwork, {});
  trial.plain = rendered(compositor, room, artwork, flat_look());
  Look multiply;
  multiply.blend = Blend::multiply;
  trial.multiplied = rendered(compositor, room, artwork, multiply);
  // What a white artwork adds to a black one is the share of the artwork.
  const Image white = rendered(compositor, room, plain_artwork(255), flat_look());
  const Image black = rendered(compositor, room, plain_artwork(0), flat_look());
  trial.cover = Image(white.size(), PixelFormat::gray_f32);
  const MutableImageView cover = trial.cover.edit();
  for (int y = 0; y < white.height(); ++y)
    for (int x = 0; x < white.width(); ++x)
      cover.row_f32(y)[x] = 1 - (linear_at(white, x, y)[1] - linear_at(black, x, y)[1]);
  return trial;
}

// Pixels that the quad holds with all their neighbours up to two away.
template <typename Visit>
void for_each_inner(const Trial& trial, Visit visit) {
  const Rect box = bounds(trial.region.quad, trial.scene.image.size());
  const auto inside = [&](int x, int y) {
    for (std::size_t i = 0; i < 4; ++i) {
      const Point a = trial.region.quad[i];
      const Point b = trial.region.quad[(i + 1) % 4];
      const double away = ((b.x - a.x) * (y + 0.5 - a.y) - (b.y - a.y) * (x + 0.5 - a.x)) / distance(a, b);
      if (away < 3) return false;
    }
    return true;
  };
  for (int y = box.y; y < box.y + box.height; ++y)
    for (int x = box.x; x < box.x + box.width; ++x)
      if (inside(x, y)) visit(x, y);
}

float occluded(const Trial& trial, int x, int y) { return trial.scene.occluder.view().row_f32(y)[x]; }

// True if a pixel within `reach` is partly occluded, or one is and another is not.
bool near_rim(const Trial& trial, int x, int y, int reach) {
  float least = 1, most = 0;
  for (int dy = -reach; dy <= reach; ++dy)
    for (int dx = -reach; dx <= reach; ++dx) {
      const int px = std::clamp(x + dx, 0, trial.scene.image.width() - 1);
      const int py = std::clamp(y + dy, 0, trial.scene.image.height() - 1);
      least = std::min(least, occluded(trial, px, py));
      most = std::max(most, occluded(trial, px, py));
    }
  return most - least > 0.02F;
}

struct LightScore {
  Errors lit, plain, multiplied;
};

LightScore score_light(const Trial& trial) {
  LightScore score;
  for_each_inner(trial, [&](int x, int y) {
    if (occluded(trial, x, y) > 0) return;
    const float* light = trial.scene.light.view().row_f32(y) + 3 * static_cast<std::ptrdiff_t>(x);
    Color truth = linear_at(trial.art, x, y);
    for (std::size_t c = 0; c < 3; ++c) truth[c] *= light[c];
    score.lit.add(truth, linear_at(trial.lit, x, y));
    score.plain.add(truth, linear_at(trial.plain, x, y));
    score.multiplied.add(truth, linear_at(trial.multiplied, x, y));
  });
  return score;
}

struct CoverScore {
  double alpha_squares = 0, rim_squares = 0;
  std::int64_t pixels = 0, rim_pixels = 0, covered = 0;
  Errors halo;  // of the mockup, in the rim, with the light that was found taken out of the account
};

CoverScore score_cover(const Trial& trial) {
  CoverScore score;
  const Color albedo = albedo_of(trial.region);
  for_each_inner(trial, [&](int x, int y) {
    const float truth = occluded(trial, x, y);
    const double apart = static_cast<double>(trial.cover.view().row_f32(y)[x] - truth);
    score.alpha_squares += apart * apart;
    ++score.pixels;
    score.covered += truth > 0.5F ? 1 : 0;
    if (!near_rim(trial, x, y, 2)) return;
    score.rim_squares += apart * apart;
    ++score.rim_pixels;
    // In the artwork's own colours: the scene, with the artwork in the place of the surface's share.
    const float* light = trial.scene.light.view().row_f32(y) + 3 * static_cast<std::ptrdiff_t>(x);
    const Color scene = linear_at(trial.scene.image, x, y);
    const Color art = linear_at(trial.art, x, y);
    Color ideal{};
    for (std::size_t c = 0; c < 3; ++c)
      ideal[c] = std::max(0.0F, scene[c] - (1 - truth) * light[c] * albedo[c]) + (1 - truth) * art[c];
    score.halo.add(ideal, linear_at(trial.plain, x, y));
  });
  return score;
}

struct Mean {
  double sum = 0, least = 1e9, most = -1e9;
  int count = 0;
  void add(double value) {
    sum += value, least = std::min(least, value), most = std::max(most, value), ++count;
  }
  double mean() const { return count == 0 ? 0 : sum / count; }
};

SceneOptions options_for(ScenePlace place, int index) {
  SceneOptions options;
  options.seed = 7000 + static_cast<std::uint64_t>(index);
  options.place = place;
  options.size = {900, 675};
  options.covered = index % 2 == 1;
  return options;
}

bool report_light(const Compositor& compositor, ScenePlace place, int scenes) {
  Mean lit, plain, multiplied, lit_delta, plain_delta, multiplied_delta, gain;
  const bool verbose = std::getenv("VITRINE_BENCH_VERBOSE") != nullptr;
  for (int i = 0; i < scenes; ++i) {
    const Trial trial = try_scene(compositor, options_for(place, i));
    const LightScore score = score_light(trial);
    if (score.lit.empty()) continue;
    lit.add(score.lit.psnr()), plain.add(score.plain.psnr()), multiplied.add(score.multiplied.psnr());
    lit_delta.add(score.lit.delta_e()), plain_delta.add(score.plain.delta_e());
    multiplied_delta.add(score.multiplied.delta_e());
    gain.add(score.lit.psnr() - score.plain.psnr());
    if (verbose)
      std::printf("  %-6s seed %d %-7s lit %5.1f plain %5.1f multiply %5.1f  %s\n", std::string(name_of(place)).c_str(),
                  7000 + i, trial.region.label.c_str(), score.lit.psnr(), score.plain.psnr(), score.multiplied.psnr(),
                  trial.scene.description.c_str());
  }
  const auto row = [](const char* name, const Mean& psnr, const Mean& delta) {
    std::printf("  %-16s %6.1f dB (worst %5.1f)   dE2000 %5.2f (worst %5.2f)\n", name, psnr.mean(), psnr.least,
                delta.mean(), delta.most);
  };
  std::printf("light, %s: %d scenes\n", std::string(name_of(place)).c_str(), lit.count);
  row("lit", lit, lit_delta);
  row("plain paste", plain, plain_delta);
  row("fixed multiply", multiplied, multiplied_delta);
  std::printf("  lit minus paste: mean %+.1f dB, worst scene %+.1f dB\n", gain.mean(), gain.least);
  return gain.mean() >= kGateAgainstPaste && (place != ScenePlace::blank || lit.mean() >= kGateBlank);
}

void report_cover(const Compositor& compositor, int scenes) {
  Mean alpha, rim, halo;
  for (int i = 0; i < scenes; ++i) {
    SceneOptions options = options_for(ScenePlace::blank, i);
    options.seed += 500;
    options.covered = true;
    const CoverScore score = score_cover(try_scene(compositor, options));
    if (score.covered < 50 || score.rim_pixels == 0) continue;
    alpha.add(std::sqrt(score.alpha_squares / static_cast<double>(score.pixels)));
    rim.add(std::sqrt(score.rim_squares / static_cast<double>(score.rim_pixels)));
    halo.add(score.halo.rms());
    if (std::getenv("VITRINE_BENCH_VERBOSE") != nullptr)
      std::printf("  cover seed %llu alpha %.3f rim %.3f halo %.1f\n", static_cast<unsigned long long>(options.seed),
                  std::sqrt(score.alpha_squares / static_cast<double>(score.pixels)),
                  std::sqrt(score.rim_squares / static_cast<double>(score.rim_pixels)), score.halo.rms());
  }
  std::printf("occluders: %d scenes\n", alpha.count);
  std::printf("  alpha error      %.3f RMS (worst %.3f); within 2 px of their rims %.3f (worst %.3f)\n", alpha.mean(),
              alpha.most, rim.mean(), rim.most);
  std::printf("  halo energy      %.1f of 255 RMS within 2 px of their rims (worst %.1f)\n", halo.mean(), halo.most);
}

}  // namespace
}  // namespace vitrine::bench

int main(int argc, char** argv) {
  const int scenes = argc > 1 ? std::max(1, std::atoi(argv[1])) : 40;
  const auto compositor = vitrine::make_perspective_compositor();
  const bool blank = vitrine::bench::report_light(*compositor, vitrine::ScenePlace::blank, scenes);
  const bool filled = vitrine::bench::report_light(*compositor, vitrine::ScenePlace::filled, scenes);
  vitrine::bench::report_cover(*compositor, scenes);
  return blank && filled ? 0 : 1;
}
