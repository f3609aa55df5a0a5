#include "vitrine/compose/compositor.h"

#include <string>

#include "compose/template_parts.h"

namespace vitrine {

std::string_view name_of(Fit fit) noexcept {
  switch (fit) {
    case Fit::cover: return "cover";
    case Fit::contain: return "contain";
    case Fit::stretch: return "stretch";
    case Fit::mat: return "mat";
  }
  return "unknown";
}

std::string_view name_of(Light light) noexcept {
  switch (light) {
    case Light::natural: return "natural";
    case Light::flat: return "flat";
  }
  return "unknown";
}

std::string_view name_of(Blend blend) noexcept {
  switch (blend) {
    case Blend::normal: return "normal";
    case Blend::multiply: return "multiply";
    case Blend::screen: return "screen";
    case Blend::overlay: return "overlay";
    case Blend::soft_light: return "soft_light";
    case Blend::hard_light: return "hard_light";
    case Blend::darken: return "darken";
    case Blend::lighten: return "lighten";
  }
  return "unknown";
}

std::string_view name_of(BlendSpace space) noexcept {
  switch (space) {
    case BlendSpace::encoded: return "encoded";
    case BlendSpace::linear: return "linear";
  }
  return "unknown";
}

Bytes Compositor::render_encoded(const Template& room, const std::vector<Placement>& placements,
                                 const EncodeOptions& encoding, const RenderOptions& options, Context& context) const {
  Context rendering = context.part(0, 0.8);
  const Image mockup = render(room, placements, options, rendering);
  context.check();
  return encode_image(mockup, encoding);
}

Template Compositor::prepare_encoded(ByteView scene, const std::vector<Region>& regions,
                                     const DecodeOptions& decoding, Context& context) const {
  return prepare(decode_image(scene, decoding), regions, context);
}

std::string patch_obstacle(const Template& room, const EncodeOptions& encoding) {
  const ScenePicture& scene = room.parts().scene;
  if (scene.jpeg() == nullptr) return scene.obstacle();
  const PatchableJpeg& jpeg = *scene.jpeg();
  if (encoding.format.value_or(FileFormat::jpeg) != FileFormat::jpeg)
    return "A JPEG scene is patched into JPEG only; " + std::string(name_of(*encoding.format)) + " was asked for.";
  if (encoding.effort == Effort::small) return "Effort::small was asked for, which codes all of a JPEG anew.";
  if (encoding.quality && !jpeg.has_quality(*encoding.quality))
    return "The scene's JPEG has another quality than " + std::to_string(*encoding.quality) + ", which was asked for.";
  if (!encoding.quality && !jpeg.is_at_least(kDefaultQuality))
    return "The scene's JPEG has a lower quality than " + std::to_string(kDefaultQuality) + ".";
  if (encoding.chroma == ChromaSampling::yuv444 && jpeg.chroma() != ChromaSampling::yuv444)
    return "The scene's JPEG has less chroma than 4:4:4, which was asked for.";
  return {};
}

Template Compositor::prepare(const Image& scene, const std::vector<Region>& regions) const {
  Context context;
  return prepare(scene, regions, context);
}

Image Compositor::render(const Template& room, const std::vector<Placement>& placements,
                         const RenderOptions& options) const {
  Context context;
  return render(room, placements, options, context);
}

}  // namespace vitrine
