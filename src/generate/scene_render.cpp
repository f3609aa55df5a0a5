#include "generate/scene_render.h"

#include <array>
#include <cmath>

#include "generate/foliage.h"
#include "generate/noise.h"
#include "generate/quad_cover.h"
#include "generate/tracer.h"

namespace vitrine {
namespace {

constexpr int kBand = 64;
constexpr std::size_t kSamples = 16;

// Sixteen places in a pixel, no two in one row or column, so that near-upright edges get sixteen steps too.
Point sample_place(std::size_t i) {
  static constexpr std::array<int, kSamples> kColumns{5, 12, 1, 9, 14, 3, 7, 11, 0, 6, 13, 2, 10, 15, 4, 8};
  return {(kColumns[i] + 0.5) / kSamples, (static_cast<double>(i) + 0.5) / kSamples};
}

// The colour that stands in the opening when it is flat.
Rgb flat_colour(const SceneOptions& options) {
  static constexpr std::array<std::uint32_t, 8> kKeys{0x00FF00, 0xFF00FF, 0x00B140, 0xC8A2FF,
                                                      0x00E5FF, 0xFF3D7F, 0xB7F5C8, 0x1E6BFF};
  if (options.place != ScenePlace::key) return {1, 1, 1};
  return from_hex(kKeys[scramble(options.seed ^ 0x6B6579U) % kKeys.size()]);
}

bool is_flat(ScenePlace place) {
  return place == ScenePlace::hole || place == ScenePlace::key || place == ScenePlace::cutout;
}

// What one pixel is made of, before leaves.
struct Mixture {
  Rgb around;        // everything but the picture, times its weight
  Rgb picture;       // the picture where it is seen, not weighted
  Rgb white;         // light for a white surface
  float cover = 0;   // exact share of the pixel inside the opening
  float hidden = 0;  // share that a body in front hides
  std::size_t panel = 0;
};

class Renderer {
 public:
  Renderer(const Room& room, const SceneOptions& options)
      : room_(room), options_(options), tracer_(room), shader_(room), foliage_(room), flat_(flat_colour(options)) {
    for (const Panel& panel : room.panels) covers_.emplace_back(panel.quad);
  }

  RenderedScene render();

 private:
  std::vector<RoomHit> trace_row(int y) const;
  void measure_solids(std::vector<RoomHit>& row) const;
  Mixture mix_pixel(int x, int y, const RoomHit& middle, bool edge);
  void mix_samples(Mixture& mixture, int x, int y, const RoomHit& middle);
  Shade shade(const RoomHit& hit, const Ray& ray);
  Shade picture_under(std::size_t panel, Point pixel) const;
  Rgb lens_at(int x, int y) const;
  void write_pixel(int x, int y, const Mixture& mixture, const Overlay& leaf);
  void write_colour(int x, int y, Rgb colour, float alpha, float noisy);

  const Room& room_;
  const SceneOptions& options_;
  Tracer tracer_;
  Shader shader_;
  Foliage foliage_;
  Rgb flat_;
  std::vector<QuadCover> covers_;
  RenderedScene scene_;
  MutableImageView image_, light_, occluder_;
  std::vector<MutableImageView> masks_;
};

double footprint_of(const Room& room, const RoomHit& hit, const Ray& ray) {
  const double straight = hit.t / room.camera.focal;
  if (hit.seen != Seen::floor && hit.seen != Seen::wall) return straight;
  const double facing = std::abs(hit.seen == Seen::floor ? ray.along.y : ray.along.z) / length(ray.along);
  return straight / std::max(0.3, facing);
}

Shade Renderer::shade(const RoomHit& hit, const Ray& ray) {
  return shader_.shade(hit, ray, footprint_of(room_, hit, ray));
}

Shade Renderer::picture_under(std::size_t index, Point pixel) const {
  const Panel& panel = room_.panels[index];
  Vec3 local = picture_point(panel, room_.camera.ray(pixel));
  local.x = std::clamp(local.x, panel.opening.left, panel.opening.right);
  local.y = std::clamp(local.y, panel.opening.top, panel.opening.bottom);
  const Vec3 p = panel.pose.room_from_local(local);
  return shader_.shade_picture(panel, local, room_.camera.depth(p) / room_.camera.focal);
}

std::vector<RoomHit> Renderer::trace_row(int y) const {
  std::vector<RoomHit> row;
  row.reserve(static_cast<std::size_t>(room_.camera.size.width));
  for (int x = 0; x < room_.camera.size.width; ++x) {
    const Point pixel{x + 0.5, y + 0.5};
    row.push_back(tracer_.trace(room_.camera.ray(pixel), pixel));
  }
  measure_solids(row);
  return row;
}

// Shadows on furniture are soft: measured every few pixels along a body, they are straight lines between.
void Renderer::measure_solids(std::vector<RoomHit>& row) const {
  constexpr std::size_t kStep = 5;
  for (std::size_t from = 0; from < row.size();) {
    std::size_t to = from;
    while (to + 1 < row.size() && to < from + kStep && row[to + 1].same_as(row[from])) ++to;
    if (row[from].seen == Seen::solid) {
      const Visibility a = row[from].visibility ? *row[from].visibility : shader_.visibility_on_solid(row[from]);
      const Visibility b = to > from ? shader_.visibility_on_solid(row[to]) : a;
      for (std::size_t x = from; x <= to; ++x) {
        const float share = to > from ? static_cast<float>(x - from) / static_cast<float>(to - from) : 0;
        row[x].visibility = Visibility{a.sky + (b.sky - a.sky) * share, a.window + (b.window - a.window) * share,
                                       a.sun + (b.sun - a.sun) * share};
      }
    }
    from = to > from && to - from == kStep ? to : to + 1;
  }
}

// Samples meet few different things: each thing is coloured once and weighted by how many samples met it.
void Renderer::mix_samples(Mixture& mixture, int x, int y, const RoomHit& middle) {
  struct Group {
    RoomHit hit;
    Ray ray;
    int count = 0;
  };
  std::array<Group, kSamples> groups;
  std::size_t used = 0;
  for (std::size_t i = 0; i < kSamples; ++i) {
    const Point place = sample_place(i);
    const Point pixel{x + place.x, y + place.y};
    const Ray ray = room_.camera.ray(pixel);
    RoomHit hit = tracer_.trace(ray, pixel);
    if (hit.same_as(middle)) hit.visibility = middle.visibility;
    std::size_t g = 0;
    while (g < used && !groups[g].hit.same_as(hit)) ++g;
    if (g == used) groups[used++] = {hit, ray, 0};
    ++groups[g].count;
  }
  Rgb hiding, rest;
  int hiding_count = 0, rest_count = 0;
  for (std::size_t g = 0; g < used; ++g) {
    const RoomHit& hit = groups[g].hit;
    if (hit.seen == Seen::panel && hit.part() == PanelPart::picture) continue;
    const Rgb colour = shade(hit, groups[g].ray).colour * static_cast<float>(groups[g].count);
    const bool hides =
        hit.seen == Seen::solid && (mixture.cover > 0 || room_.solids[static_cast<std::size_t>(hit.index)].foreground);
    (hides ? hiding : rest) += colour;
    (hides ? hiding_count : rest_count) += groups[g].count;
  }
  mixture.hidden = static_cast<float>(hiding_count) / kSamples;
  const float rest_weight = (1 - mixture.cover) * (1 - mixture.hidden);
  mixture.around = hiding * (1.0F / kSamples);
  if (rest_count > 0)
    mixture.around += rest * (rest_weight / static_cast<float>(rest_count));
  else
    mixture.around += mixture.picture * rest_weight;
}

Mixture Renderer::mix_pixel(int x, int y, const RoomHit& middle, bool edge) {
  Mixture mixture;
  for (std::size_t i = 0; i < room_.panels.size(); ++i) {
    const float cover = static_cast<float>(covers_[i](x, y));
    if (cover <= mixture.cover) continue;
    mixture.cover = cover;
    mixture.panel = i;
  }
  const Point pixel{x + 0.5, y + 0.5};
  const Ray ray = room_.camera.ray(pixel);
  if (mixture.cover > 0) {
    const Shade picture = picture_under(mixture.panel, pixel);
    mixture.picture = picture.colour;
    mixture.white = picture.white;
  }
  const bool plain_picture = mixture.cover >= 1 && middle.seen == Seen::panel;
  if (edge || (mixture.cover > 0 && mixture.cover < 1)) {
    mix_samples(mixture, x, y, middle);
    if (mixture.cover <= 0) mixture.white = shade(middle, ray).white;
  } else if (!plain_picture) {
    const Shade seen = shade(middle, ray);
    const bool solid = middle.seen == Seen::solid;
    mixture.hidden =
        solid && (mixture.cover > 0 || room_.solids[static_cast<std::size_t>(middle.index)].foreground) ? 1.0F : 0.0F;
    mixture.around = seen.colour;
    if (mixture.cover <= 0) mixture.white = seen.white;
  }
  return mixture;
}

Rgb Renderer::lens_at(int x, int y) const {
  const double dx = (x + 0.5) / room_.camera.size.width - 0.5;
  const double dy = (y + 0.5) / room_.camera.size.height - 0.5;
  const float off = static_cast<float>((dx * dx + dy * dy) * 2);
  return room_.lens.tint * (room_.lens.exposure * (1 - room_.lens.vignette * off * (0.55F + 0.45F * off)));
}

void Renderer::write_colour(int x, int y, Rgb colour, float alpha, float noisy) {
  const std::array<float, 3> parts{colour.r, colour.g, colour.b};
  const bool with_alpha = image_.format == PixelFormat::rgba8;
  std::uint8_t* pixel = image_.row(y) + x * (with_alpha ? 4 : 3);
  for (std::size_t c = 0; c < 3; ++c) {
    // Photon noise grows with the root of light; a little is there in the dark as well.
    const float sigma = room_.lens.noise * noisy * std::sqrt(1e-6F + 1.6e-5F * std::max(parts[c], 0.0F));
    pixel[c] =
        srgb8_from_linear(parts[c] + sigma * grain(x, y, room_.lens.salt + static_cast<std::uint32_t>(c) * 7919U));
  }
  if (with_alpha) pixel[3] = static_cast<std::uint8_t>(std::lround(255 * std::clamp(alpha, 0.0F, 1.0F)));
}

void Renderer::write_pixel(int x, int y, const Mixture& m, const Overlay& leaf) {
  const Rgb lens = lens_at(x, y);
  const float open = m.cover * (1 - m.hidden) * (1 - leaf.cover);
  const Rgb around = (m.around * (1 - leaf.cover) + leaf.colour) * lens;
  if (options_.place == ScenePlace::hole) {
    const float alpha = 1 - open;
    write_colour(x, y, alpha > 0.002F ? around * (1 / alpha) : Rgb{}, alpha, 1 - m.cover);
  } else if (is_flat(options_.place)) {
    write_colour(x, y, around + flat_ * open, 1, 1 - m.cover);
  } else {
    write_colour(x, y, around + m.picture * lens * open, 1, 1);
  }
  const Rgb white = m.white * lens;
  float* light = light_.row_f32(y) + 3 * x;
  light[0] = white.r, light[1] = white.g, light[2] = white.b;
  occluder_.row_f32(y)[x] = 1 - (1 - m.hidden) * (1 - leaf.cover);
  // 255 is kept for pixels that show nothing else.
  if (m.cover > 0) masks_[m.panel].row(y)[x] = open >= 1 ? 255 : static_cast<std::uint8_t>(std::lround(254 * open));
}

RenderedScene Renderer::render() {
  const Size size = options_.size;
  scene_.image = Image(size, options_.place == ScenePlace::hole ? PixelFormat::rgba8 : PixelFormat::rgb8);
  scene_.light = Image(size, PixelFormat::rgb_f32);
  scene_.occluder = Image(size, PixelFormat::gray_f32);
  scene_.masks.assign(room_.panels.size(), {});
  for (Image& mask : scene_.masks) mask = Image(size, PixelFormat::gray8);
  image_ = scene_.image.edit();
  light_ = scene_.light.edit();
  occluder_ = scene_.occluder.edit();
  for (Image& mask : scene_.masks) masks_.push_back(mask.edit());

  const std::size_t width = static_cast<std::size_t>(size.width);
  // The row before, this row and the next.
  std::array<std::vector<RoomHit>, 3> rows;
  rows[0] = rows[1] = trace_row(0);
  std::vector<Overlay> leaves;
  for (int y = 0; y < size.height; ++y) {
    if (y % kBand == 0) leaves = foliage_.draw(y, std::min(kBand, size.height - y));
    rows[2] = y + 1 < size.height ? trace_row(y + 1) : rows[1];
    for (std::size_t x = 0; x < width; ++x) {
      const RoomHit& here = rows[1][x];
      const bool edge = !here.same_as(rows[0][x]) || !here.same_as(rows[2][x]) ||
                        (x > 0 && !here.same_as(rows[1][x - 1])) || (x + 1 < width && !here.same_as(rows[1][x + 1]));
      const int column = static_cast<int>(x);
      write_pixel(column, y, mix_pixel(column, y, here, edge), leaves[static_cast<std::size_t>(y % kBand) * width + x]);
    }
    std::swap(rows[0], rows[1]);
    std::swap(rows[1], rows[2]);
  }
  return std::move(scene_);
}

}  // namespace

RenderedScene render_scene(const Room& room, const SceneOptions& options) { return Renderer(room, options).render(); }

}  // namespace vitrine
