#include "pipeline/mockup_maker.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "pipeline/pixel_estimate.h"
#include "pipeline/value_json.h"

namespace vitrine {
namespace {

// A template holds its scene unpacked: larger than any picture file.
constexpr std::size_t kLargestTemplate = std::size_t{1} << 30u;

Region without_mask(Region region) {
  region.mask.reset();
  return region;
}

Region given(const Quad& quad) {
  Region region;
  region.quad = quad;
  return region;
}

// The same pixels with other corners are another room.
std::string room_key(const std::string& sha256, const std::optional<Quad>& quad) {
  return quad ? sha256 + " " + json_of(*quad).dump() : sha256;
}

std::size_t size_of(const PreparedRoom& room) { return room.room.memory(); }

// Errors say whose they are; a job has many scenes.
template <typename Work>
auto about_source(const std::string& what, const Source& source, const Work& work) {
  const std::string subject = what + " '" + shown(source) + "'";
  try {
    return work();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::cancelled || error.code() == ErrorCode::deadline_exceeded) throw;
    throw about(subject, error);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(subject + ": " + error.what());
  }
}

}  // namespace

struct MockupMaker::Scene {
  const SceneRequest& request;
  LocatedSource located;
  std::string key;
  std::optional<PreparedRoom> room;
  Size size{};
};

struct MockupMaker::Artwork {
  const Source& source;
  LocatedSource located;
  std::optional<Image> image;
  Size size{};
};

MockupMaker::MockupMaker(const PipelineParts& parts, const PipelineOptions& options)
    : parts_(parts),
      options_(options),
      reader_(*parts.objects, parts.fetch, options.input_folder, std::max(options.decoding.max_bytes, kLargestTemplate)),
      budget_(options.memory_bytes),
      rooms_(options.cache_bytes),
      artworks_(options.cache_bytes / 2) {}

PreparedScene MockupMaker::prepare(const SceneRequest& request, Context& context) {
  return about_source("Scene", request.source, [&] {
    Scene scene = find_scene(request, context);
    const auto share = budget_.take(bytes_for_scene(scene.size), context);
    const PreparedRoom prepared = room(scene, context);
    return PreparedScene{request.id.empty() ? shown(request.source) : request.id, prepared.room.size(),
                         prepared.found};
  });
}

Source MockupMaker::require_artwork(const Source& source, Context& context) {
  return about_source("Artwork", source, [&] {
    Artwork artwork = find_artwork(source, context);
    if (source.kind != Source::Kind::url) return source;
    const auto share = budget_.take(bytes_for_artwork(artwork.size), context);
    image(artwork, context);
    return Source{source.kind, source.at, artwork.located.sha256};
  });
}

RenderedMockup MockupMaker::render(const MockupOrder& order, Context& context) {
  const SceneRequest& request = order.scene;
  Artwork artwork = about_source("Artwork", order.artwork, [&] { return find_artwork(order.artwork, context); });
  Scene scene = about_source("Scene", request.source, [&] { return find_scene(request, context); });
  // Everything at once, and before anything is decoded: see MemoryBudget.
  const auto share = budget_.take(bytes_for_artwork(artwork.size) + bytes_for_scene(scene.size), context);
  const Image art = about_source("Artwork", order.artwork, [&] { return image(artwork, context); });
  return about_source("Scene", request.source, [&] {
    Context preparing = context.part(0, 0.6);
    const PreparedRoom prepared = room(scene, preparing);
    RenderOptions rendering;
    rendering.threads = options_.render_threads;
    Context drawing = context.part(0.6, 1);
    const Placement placement{art, 0, request.fit.value_or(order.fit), request.look.value_or(order.look)};
    RenderedMockup mockup;
    mockup.bytes = parts_.compositor->render_encoded(prepared.room, {placement}, order.encoding, rendering, drawing);
    mockup.format = sniff_format(mockup.bytes).value_or(order.encoding.format.value_or(FileFormat::jpeg));
    mockup.size = prepared.room.size();
    mockup.region = without_mask(prepared.room.regions().front());
    mockup.regions = static_cast<int>(prepared.found.size());
    return mockup;
  });
}

PipelineUsage MockupMaker::usage() const {
  return {budget_.in_use(), budget_.waiting(), rooms_.bytes() + artworks_.bytes()};
}

MockupMaker::Scene MockupMaker::find_scene(const SceneRequest& request, Context& context) {
  Scene scene{request, reader_.locate(request.source, context), {}, std::nullopt, {}};
  scene.key = room_key(scene.located.sha256, request.quad);
  scene.room = rooms_.find(scene.key);
  if (scene.room) {
    scene.size = scene.room->room.size();
    return scene;
  }
  fill(request.source, scene.located, context);
  if (is_template(*scene.located.bytes))
    // Its size is known when it is read; unpacked it takes about what its file does.
    scene.size = {1024, static_cast<int>(scene.located.bytes->size() / (1024 * 4) + 1)};
  else
    scene.size = probe_image(*scene.located.bytes, options_.decoding).size;
  return scene;
}

MockupMaker::Artwork MockupMaker::find_artwork(const Source& source, Context& context) {
  Artwork artwork{source, reader_.locate(source, context), std::nullopt, {}};
  artwork.image = artworks_.find(artwork.located.sha256);
  if (artwork.image) {
    artwork.size = artwork.image->size();
    return artwork;
  }
  fill(source, artwork.located, context);
  artwork.size = probe_image(*artwork.located.bytes, options_.decoding).size;
  return artwork;
}

void MockupMaker::fill(const Source& source, LocatedSource& located, Context& context) const {
  if (!located.bytes) located.bytes = reader_.read(source, context).bytes;
}

PreparedRoom MockupMaker::room(Scene& scene, Context& context) {
  if (scene.room) return *scene.room;
  return rooms_.get(scene.key, context, [&] { return make_room(scene, context); }, size_of);
}

PreparedRoom MockupMaker::make_room(const Scene& scene, Context& context) const {
  const Bytes& bytes = *scene.located.bytes;
  if (is_template(bytes) && !scene.request.quad) {
    const Template room = decode_template(bytes);
    std::vector<Region> found;
    std::transform(room.regions().begin(), room.regions().end(), std::back_inserter(found), without_mask);
    if (found.empty())
      throw Error(ErrorCode::no_suitable_region, "It is a template without regions. Prepare it again, with corners.");
    return {room, found};
  }
  Context measuring = context.part(0.7, 1);
  if (is_template(bytes)) {
    const Image picture = decode_template(bytes).scene();
    return {parts_.compositor->prepare(picture, {given(*scene.request.quad)}, measuring), {given(*scene.request.quad)}};
  }
  const Detection detection = find_regions(scene, context);
  if (detection.empty())
    throw Error(ErrorCode::no_suitable_region,
                detection.reason.empty() ? "No suitable region was found. Try another scene or give the four corners."
                                         : detection.reason);
  std::vector<Region> found;
  std::transform(detection.begin(), detection.end(), std::back_inserter(found), without_mask);
  // From the bytes: a JPEG scene stays one, and its mockups share what they do not change.
  return {parts_.compositor->prepare_encoded(bytes, {detection[0]}, options_.decoding, measuring), found};
}

Detection MockupMaker::find_regions(const Scene& scene, Context& context) const {
  Detection detection;
  if (scene.request.quad) {
    detection.regions = {given(*scene.request.quad)};
    return detection;
  }
  const Image picture = decode_image(*scene.located.bytes, options_.decoding);
  Context detecting = context.part(0, 0.7);
  return apply(options_.policy, parts_.detector->detect(picture, detecting), picture.size());
}

Image MockupMaker::image(Artwork& artwork, Context& context) {
  if (artwork.image) return *artwork.image;
  return artworks_.get(
      artwork.located.sha256, context, [&] { return decode_image(*artwork.located.bytes, options_.decoding); },
      [](const Image& image) { return image.byte_size(); });
}

}  // namespace vitrine
