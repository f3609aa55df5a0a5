#include "vitrine/compose/fidelity.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "compose/mixing.h"
#include "compose/placement_geometry.h"
#include "compose/placement_rules.h"
#include "compose/similarity.h"
#include "compose/template_parts.h"
#include "vitrine/image/color_difference.h"
#include "vitrine/image/transfer.h"

namespace vitrine {
namespace {

constexpr int kLongestSide = 900;  // of the sheet: enough to see every pixel of an artwork in most scenes
constexpr int kRim = 2;            // pixels along the sides that frames and rounding spoil
constexpr float kLeastLight = 0.08F;  // below it a step of 8 bits is a large share of the light

// Where an artwork lies, flat or round.
struct Place {
  UnitFit unit;
  std::optional<Bend> bend;
  Homography scene_from_unit;
  double surface_ratio = 1;

  Point operator()(Point unit_point) const { return bend ? bend->scene_from_unit(unit_point) : scene_from_unit(unit_point); }
};

Place place_of(const Region& region, const Placement& placement, Size scene) {
  const Look& look = placement.look;
  Place place;
  const bool framed = placement.fit == Fit::mat || look.inner_shadow || look.bevel;
  if (look.cylinder || (region.label == "mug" && !framed)) place.bend.emplace(region.quad, look.cylinder.value_or(Cylinder{}));
  place.scene_from_unit = target_from_source(kUnitSquare, region.quad);
  place.surface_ratio = aspect_ratio(region.quad, scene) * (place.bend ? place.bend->stretch() : 1);
  place.unit = fit_in_unit(place.surface_ratio, placement.artwork.size(), placement.fit, look.mat.width);
  return place;
}

Quad scaled(const Quad& quad, Size size) {
  Quad result = quad;
  for (Point& p : result.corners) p = {p.x * size.width, p.y * size.height};
  return result;
}

// Linear light of the mockup between pixels (Catmull-Rom), so that going back to the sheet blurs as little as it can.
LinearColor sample(ImageView image, Point p) {
  const auto& linear = linear_from_srgb8();
  const int bytes = bytes_per_pixel(image.format);
  const double fx = p.x - 0.5, fy = p.y - 0.5;
  const int x0 = static_cast<int>(std::floor(fx)), y0 = static_cast<int>(std::floor(fy));
  const auto weights = [](double t) {
    return std::array<double, 4>{((-t + 2) * t - 1) * t / 2, ((3 * t - 5) * t * t + 2) / 2, ((-3 * t + 4) * t + 1) * t / 2,
                                 (t - 1) * t * t / 2};
  };
  const auto wx = weights(fx - x0), wy = weights(fy - y0);
  std::array<double, 3> sum{};
  for (int j = 0; j < 4; ++j)
    for (int i = 0; i < 4; ++i) {
      const int x = std::clamp(x0 + i - 1, 0, image.size.width - 1), y = std::clamp(y0 + j - 1, 0, image.size.height - 1);
      const std::uint8_t* pixel = image.row(y) + static_cast<std::ptrdiff_t>(x) * bytes;
      for (std::size_t c = 0; c < 3; ++c)
        sum[c] += wx[static_cast<std::size_t>(i)] * wy[static_cast<std::size_t>(j)] *
                  static_cast<double>(linear[pixel[image.format == PixelFormat::gray8 ? 0 : c]]);
    }
  return {static_cast<float>(sum[0]), static_cast<float>(sum[1]), static_cast<float>(sum[2])};
}

struct Texel {
  LinearColor color{};
  float alpha = 0;
};

// Mean of the artwork over a rectangle, in linear light; of a pixel at least, since a smaller one shows no more.
Texel mean_over(ImageView artwork, double x0, double y0, double x1, double y1) {
  const auto& linear = linear_from_srgb8();
  const int bytes = bytes_per_pixel(artwork.format);
  const auto widen = [](double& low, double& high) {
    const double more = std::max(0.0, 1 - (high - low)) / 2;
    low -= more, high += more;
  };
  widen(x0, x1), widen(y0, y1);
  Texel texel;
  double total = 0;
  for (int y = static_cast<int>(std::floor(y0)); y < y1; ++y)
    for (int x = static_cast<int>(std::floor(x0)); x < x1; ++x) {
      const double weight = (std::min(x + 1.0, x1) - std::max<double>(x, x0)) * (std::min(y + 1.0, y1) - std::max<double>(y, y0));
      const std::uint8_t* pixel = artwork.row(std::clamp(y, 0, artwork.size.height - 1)) +
                                  static_cast<std::ptrdiff_t>(std::clamp(x, 0, artwork.size.width - 1)) * bytes;
      const float alpha = has_alpha(artwork.format) ? static_cast<float>(pixel[3]) / 255.0F : 1;
      const auto part = static_cast<float>(weight);
      for (std::size_t c = 0; c < 3; ++c)
        texel.color[c] += part * alpha * linear[pixel[artwork.format == PixelFormat::gray8 ? 0 : c]];
      texel.alpha += part * alpha;
      total += weight;
    }
  for (float& value : texel.color) value /= std::max(texel.alpha, 1e-6F);
  texel.alpha /= static_cast<float>(total);
  return texel;
}

// What the engine multiplied the artwork by at a scene pixel; nothing where something stands in front or is mixed with it.
std::optional<LinearColor> light_at(ImageView scene, const PreparedRegion& prepared, const Look& look, int x, int y) {
  LinearColor light{1, 1, 1};
  // Behind what is not wholly transparent, such as a camera in a screen, the artwork is hidden.
  if (prepared.backing == Backing::hole && scene.row(y)[4 * static_cast<std::ptrdiff_t>(x) + 3] > 0) return std::nullopt;
  const bool natural = look.light == Light::natural && look.blend == Blend::normal && !look.ink;
  if (natural && prepared.light) light = prepared.light->at(x, y);
  if (!prepared.matte) return light;
  const Rect& box = prepared.matte->box;
  const int column = x - box.x, row = y - box.y;
  if (column < 0 || row < 0 || column >= box.width || row >= box.height) return light;
  if (prepared.matte->image.row(row)[4 * static_cast<std::ptrdiff_t>(column) + 3] < 255) return std::nullopt;
  if (natural && prepared.backing == Backing::placeholder) {
    const float shade = static_cast<float>(prepared.matte->shade.row(row)[column]) / 128.0F;
    light = {shade, shade, shade};
  }
  return light;
}

float luma(const LinearColor& color) {
  const auto encoded = [](float value) { return srgb_from_linear(std::clamp(value, 0.0F, 1.0F)); };
  return 0.2126F * encoded(color[0]) + 0.7152F * encoded(color[1]) + 0.0722F * encoded(color[2]);
}

// The mockup taken back to a flat sheet, beside the artwork.
class Comparison {
 public:
  Comparison(ImageView scene, const PreparedRegion& prepared, const Placement& placement, const Place& place,
             const Quad& corners, ImageView mockup)
      : scene_(scene), size_(sheet_size(corners)), seen_{size_, {}}, original_{size_, {}} {
    const Quad source = scaled(place.unit.part, placement.artwork.size());
    const double across = (source[2].x - source[0].x) / size_.width, down = (source[2].y - source[0].y) / size_.height;
    for (int row = 0; row < size_.height; ++row)
      for (int column = 0; column < size_.width; ++column) {
        const Point unit{place.unit.shown[0].x + (column + 0.5) / size_.width * (place.unit.shown[2].x - place.unit.shown[0].x),
                         place.unit.shown[0].y + (row + 0.5) / size_.height * (place.unit.shown[2].y - place.unit.shown[0].y)};
        const double x = source[0].x + column * across, y = source[0].y + row * down;
        const bool rim = column < kRim || row < kRim || column >= size_.width - kRim || row >= size_.height - kRim;
        add(prepared, placement.look, place(unit), mean_over(placement.artwork, x, y, x + across, y + down), rim, mockup);
      }
  }

  void report(Fidelity& fidelity) const {
    const double count = static_cast<double>(std::count(counted_.begin(), counted_.end(), true));
    fidelity.visible = count / static_cast<double>(counted_.size());
    fidelity.ssim = structural_similarity(seen_, original_, counted_);
    fidelity.sharpness = kept_sharpness(seen_, original_, counted_);
    if (differences_.empty()) return;
    std::vector<double> sorted = differences_;
    std::sort(sorted.begin(), sorted.end());
    fidelity.delta_e_median = sorted[sorted.size() / 2];
    fidelity.delta_e_95 = sorted[sorted.size() * 95 / 100];
    for (std::size_t c = 0; c < 3; ++c) fidelity.light[c] = light_[c] / count;
  }

 private:
  static Size sheet_size(const Quad& q) {
    const double width = (distance(q[0], q[1]) + distance(q[3], q[2])) / 2;
    const double height = (distance(q[0], q[3]) + distance(q[1], q[2])) / 2;
    const double shrink = std::min(1.0, kLongestSide / std::max({width, height, 1.0}));
    const auto whole = [&](double side) { return std::max(1, static_cast<int>(std::lround(side * shrink))); };
    return {whole(width), whole(height)};
  }

  void add(const PreparedRegion& prepared, const Look& look, Point in_scene, const Texel& art, bool rim, ImageView mockup) {
    const bool inside = in_scene.x >= 0 && in_scene.y >= 0 && in_scene.x < mockup.size.width && in_scene.y < mockup.size.height;
    std::optional<LinearColor> light;
    if (inside && !rim && art.alpha > 0.999F)
      light = light_at(scene_, prepared, look, static_cast<int>(in_scene.x), static_cast<int>(in_scene.y));
    bool comparable = light.has_value();
    for (std::size_t c = 0; c < 3 && comparable; ++c)
      comparable = (*light)[c] >= kLeastLight && (*light)[c] * art.color[c] <= 1;
    LinearColor seen = art.color;  // where it cannot be compared, it shall not count against the mockup
    if (comparable) {
      const LinearColor lit = sample(mockup, in_scene);
      for (std::size_t c = 0; c < 3; ++c) {
        seen[c] = std::clamp(lit[c] / (*light)[c], 0.0F, 1.0F);
        light_[c] += static_cast<double>((*light)[c]);
      }
      differences_.push_back(delta_e_2000(lab_from_linear(art.color), lab_from_linear(seen)));
    }
    counted_.push_back(comparable);
    seen_.values.push_back(luma(seen));
    original_.values.push_back(luma(art.color));
  }

  ImageView scene_;
  Size size_;
  Plane seen_;
  Plane original_;
  std::vector<bool> counted_;
  std::vector<double> differences_;
  std::array<double, 3> light_{};
};

Fidelity measure(ImageView scene, const PreparedRegion& prepared, const Placement& placement, ImageView mockup) {
  const Look& look = placement.look;
  const Place place = place_of(prepared.region, placement, mockup.size);
  Fidelity fidelity;
  fidelity.region = placement.region;
  fidelity.source = scaled(place.unit.part, placement.artwork.size());
  const Quad& shown = place.unit.shown;
  fidelity.quad = {{{place(shown[0]), place(shown[1]), place(shown[2]), place(shown[3])}}};
  fidelity.scene_from_artwork = target_from_source(fidelity.source, fidelity.quad);

  const double width = fidelity.source[2].x - fidelity.source[0].x, height = fidelity.source[2].y - fidelity.source[0].y;
  const Quad& q = fidelity.quad;
  const double across = std::max(distance(q[0], q[1]), distance(q[3], q[2])), down = std::max(distance(q[0], q[3]), distance(q[1], q[2]));
  fidelity.scale = std::min(width / across, height / down);
  const double seen_ratio = place.surface_ratio * (shown[2].x - shown[0].x) / (shown[2].y - shown[0].y);
  const double wider = seen_ratio / (width / height);
  fidelity.ratio_distortion = std::max(wider, 1 / wider) - 1;
  fidelity.distorted = fidelity.ratio_distortion > 0.03;
  fidelity.coarse = fidelity.scale < 0.5;
  fidelity.recoloured = look.blend != Blend::normal || look.ink || look.opacity < 1;
  Comparison(scene, prepared, placement, place, q, mockup).report(fidelity);
  return fidelity;
}

}  // namespace

std::vector<Fidelity> measure_fidelity(const Template& room, const std::vector<Placement>& placements, ImageView mockup) {
  require_scene(Image::sharing(mockup, nullptr));
  const Size size = room.parts().scene.size();
  if (mockup.size != size)
    throw std::invalid_argument("The mockup is " + std::to_string(mockup.size.width) + " x " + std::to_string(mockup.size.height) +
                                " pixels and its scene " + std::to_string(size.width) + " x " +
                                std::to_string(size.height) + ". Give the mockup as render() made it.");
  for (const Placement& placement : placements) require_placement(placement, room);
  std::vector<Fidelity> report;
  for (const Placement& placement : placements) {
    const PreparedRegion& prepared = room.parts().prepared[placement.region];
    // Only what is seen through holes needs the scene, which may have to be decoded.
    const ImageView scene = prepared.backing == Backing::hole ? room.scene().view() : mockup;
    report.push_back(measure(scene, prepared, placement, mockup));
  }
  return report;
}

}  // namespace vitrine
