#include "vitrine/compose/template.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "compose/template_parts.h"

namespace vitrine {
namespace {

const PreparedRegion& prepared(const TemplateParts& parts, std::size_t region) {
  if (region >= parts.prepared.size())
    throw std::invalid_argument("There is no region " + std::to_string(region) + "; the template has " +
                                std::to_string(parts.prepared.size()) + ", counted from 0.");
  return parts.prepared[region];
}

}  // namespace

Template::Template(std::shared_ptr<const TemplateParts> parts) : parts_(std::move(parts)) {
  if (!parts_) throw std::invalid_argument("A template needs its parts; make one with Compositor::prepare().");
}

const Image& Template::scene() const { return parts_->scene.pixels(); }

Size Template::size() const { return parts_->scene.size(); }

std::size_t Template::memory() const {
  std::size_t bytes = parts_->scene.memory();
  for (const PreparedRegion& prepared : parts_->prepared) {
    if (prepared.light) bytes += prepared.light->rgb.size() * sizeof(float);
    if (prepared.matte) bytes += prepared.matte->image.byte_size() + prepared.matte->shade.byte_size();
    if (prepared.region.mask) bytes += prepared.region.mask->byte_size();
  }
  return bytes;
}

const std::vector<Region>& Template::regions() const { return parts_->regions; }

bool Template::has_light(std::size_t region) const { return prepared(*parts_, region).light.has_value(); }

Image Template::light(std::size_t region) const {
  const auto& map = prepared(*parts_, region).light;
  if (!map) return {};
  Image image({map->box.width, map->box.height}, PixelFormat::rgb_f32);
  const MutableImageView out = image.edit();
  for (int y = 0; y < map->box.height; ++y) {
    float* pixel = out.row_f32(y);
    for (int x = 0; x < map->box.width; ++x, pixel += 3) {
      const LinearColor gain = map->at(map->box.x + x, map->box.y + y);
      std::copy(gain.begin(), gain.end(), pixel);
    }
  }
  return image;
}

}  // namespace vitrine
