#include "vitrine/compose/mock.h"

#include <array>
#include <cstdint>
#include <utility>

#include "compose/placement_rules.h"
#include "compose/template_parts.h"

namespace vitrine {
namespace {

std::array<std::uint8_t, 3> mean_color(const Image& artwork) {
  const Image rgb = convert(artwork, PixelFormat::rgb8);
  std::array<std::uint64_t, 3> sum{};
  for (int y = 0; y < rgb.height(); ++y)
    for (int x = 0; x < rgb.width() * 3; ++x) sum[static_cast<std::size_t>(x) % 3] += rgb.row(y)[x];
  const auto pixels = static_cast<std::uint64_t>(rgb.width()) * static_cast<std::uint64_t>(rgb.height());
  return {static_cast<std::uint8_t>(sum[0] / pixels), static_cast<std::uint8_t>(sum[1] / pixels),
          static_cast<std::uint8_t>(sum[2] / pixels)};
}

class MockCompositor final : public Compositor {
 public:
  using Compositor::prepare;
  using Compositor::render;

  explicit MockCompositor(MockCompositorOptions options) : options_(options) {}

  Template prepare(const Image& scene, const std::vector<Region>& regions, Context& context) const override {
    context.check();
    require_scene(scene);
    auto parts = std::make_shared<TemplateParts>();
    parts->scene = scene;
    parts->regions = regions;
    for (const Region& region : regions) {
      require_usable(region.quad, scene.size());
      parts->prepared.push_back({region, Backing::surface, std::nullopt, std::nullopt});
    }
    return Template(std::move(parts));
  }

  Image render(const Template& room, const std::vector<Placement>& placements, const RenderOptions& /*options*/,
               Context& context) const override {
    context.check();
    if (options_.takes.count() > 0) context.wait_for(options_.takes);
    if (options_.render_error) throw Error(*options_.render_error, "The mock compositor was told to fail.");
    Image mockup = convert(room.scene(), PixelFormat::rgb8);
    for (const Placement& placement : placements) {
      require_placement(placement, room);
      fill(mockup, bounds(room.regions()[placement.region].quad, mockup.size()), mean_color(placement.artwork));
    }
    context.report(1);
    return mockup;
  }

 private:
  static void fill(Image& mockup, Rect box, const std::array<std::uint8_t, 3>& color) {
    const MutableImageView out = mockup.edit();
    for (int y = box.y; y < box.y + box.height; ++y)
      for (int x = 3 * box.x; x < 3 * (box.x + box.width); ++x) out.row(y)[x] = color[static_cast<std::size_t>(x) % 3];
  }

  MockCompositorOptions options_;
};

}  // namespace

std::unique_ptr<Compositor> make_mock_compositor(MockCompositorOptions options) {
  return std::make_unique<MockCompositor>(options);
}

}  // namespace vitrine
