#include <algorithm>
#include <array>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "base/mapped_file.h"
#include "compose/section_file.h"
#include "compose/template_parts.h"
#include "vitrine/base/byte_stream.h"
#include "vitrine/base/error.h"
#include "vitrine/base/file.h"
#include "vitrine/compose/template.h"
#include "vitrine/image/codec.h"

// The format is described in docs/template_format.md.
namespace vitrine {
namespace {

using nlohmann::json;

constexpr std::uint32_t kVersion = 2;
constexpr std::uint32_t kOldestVersion = 1;  // lacks nothing but JPEG scenes
constexpr std::size_t kMostRegions = 1024;
constexpr std::size_t kMostMetadata = 4u << 20u;
constexpr std::size_t kMostFile = std::size_t{1} << 30u;

constexpr Tag kScene{'S', 'C', 'N', 'E'};
constexpr Tag kJpeg{'J', 'P', 'E', 'G'};
constexpr Tag kMeta{'M', 'E', 'T', 'A'};
constexpr Tag kLight{'L', 'G', 'H', 'T'};
constexpr Tag kMatte{'M', 'A', 'T', 'T'};
constexpr Tag kShade{'S', 'H', 'A', 'D'};
constexpr Tag kMask{'M', 'A', 'S', 'K'};

Bytes png_of(const Image& image) {
  EncodeOptions options;
  options.format = FileFormat::png;
  return encode_image(image, options);
}

Bytes bytes_of(const std::vector<float>& values) {
  Bytes bytes;
  bytes.reserve(values.size() * 4);
  for (const float value : values) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    append_number(bytes, bits);
  }
  return bytes;
}

json to_json(Rect rect) { return {rect.x, rect.y, rect.width, rect.height}; }

std::string_view name_of(Backing backing) {
  switch (backing) {
    case Backing::surface: return "surface";
    case Backing::hole: return "hole";
    case Backing::placeholder: return "placeholder";
  }
  return "surface";
}

json describe(const PreparedRegion& prepared) {
  const Region& region = prepared.region;
  json quad = json::array();
  for (const Point p : region.quad.corners) quad.push_back({p.x, p.y});
  json entry{{"quad", quad},
             {"label", region.label},
             {"confidence", region.confidence},
             {"detector", region.detector},
             {"shows", vitrine::name_of(region.shows)},
             {"alternative", region.alternative},
             {"reason", region.reason},
             {"backing", name_of(prepared.backing)},
             {"mask", region.mask.has_value()}};
  if (prepared.light)
    entry["light"] = {{"box", to_json(prepared.light->box)},
                      {"step", prepared.light->step},
                      {"columns", prepared.light->columns},
                      {"rows", prepared.light->rows}};
  if (prepared.matte) entry["matte"] = {{"box", to_json(prepared.matte->box)}};
  return entry;
}

std::vector<Section> sections_of(const TemplateParts& parts) {
  std::vector<Section> sections;
  json regions = json::array();
  for (const PreparedRegion& prepared : parts.prepared) regions.push_back(describe(prepared));
  const std::string text = json{{"regions", regions}}.dump(-1, ' ', false, json::error_handler_t::replace);
  sections.push_back({kMeta, 0, Bytes(text.begin(), text.end())});
  if (const PatchableJpeg* jpeg = parts.scene.jpeg())
    sections.push_back({kJpeg, 0, Bytes(jpeg->bytes().begin(), jpeg->bytes().end())});
  else
    sections.push_back({kScene, 0, png_of(parts.scene.pixels())});
  for (std::size_t i = 0; i < parts.prepared.size(); ++i) {
    const auto index = static_cast<std::uint32_t>(i);
    const PreparedRegion& prepared = parts.prepared[i];
    if (prepared.light) sections.push_back({kLight, index, bytes_of(prepared.light->rgb)});
    if (prepared.matte) sections.push_back({kMatte, index, png_of(prepared.matte->image)});
    if (prepared.matte && !prepared.matte->shade.empty())
      sections.push_back({kShade, index, png_of(prepared.matte->shade)});
    if (prepared.region.mask) sections.push_back({kMask, index, png_of(*prepared.region.mask)});
  }
  return sections;
}

Rect rect_from(const json& value, Size size) {
  const Rect rect{value.at(0).get<int>(), value.at(1).get<int>(), value.at(2).get<int>(), value.at(3).get<int>()};
  if (rect.empty() || rect.x < 0 || rect.y < 0 || rect.width > size.width - rect.x ||
      rect.height > size.height - rect.y)
    refuse_template("a box reaches outside the scene.");
  return rect;
}

Image image_from(ByteView png, Size size, PixelFormat format) {
  DecodeOptions limits;
  limits.max_pixels = static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
  const Image image = decode_image(png, limits);
  if (image.size() != size) refuse_template("a mask has another size than its box.");
  return image.format() == format ? image : convert(image, format);
}

LightMap light_from(const json& entry, ByteView content, Size scene) {
  LightMap map;
  map.box = rect_from(entry.at("box"), scene);
  map.step = entry.at("step").get<int>();
  if (map.step < 1 || map.step > 1024) refuse_template("its light has an impossible step.");
  map.columns = entry.at("columns").get<int>();
  map.rows = entry.at("rows").get<int>();
  if (map.columns != (map.box.width + map.step - 1) / map.step || map.rows != (map.box.height + map.step - 1) / map.step)
    refuse_template("its light has another size than its box.");
  const std::size_t values = static_cast<std::size_t>(map.columns) * static_cast<std::size_t>(map.rows) * 3;
  if (content.size() != values * 4) refuse_template("its light is cut off.");
  map.rgb.resize(values);
  for (std::size_t i = 0; i < values; ++i) {
    const auto bits = number_at<std::uint32_t>(content, 4 * i);
    std::memcpy(&map.rgb[i], &bits, sizeof bits);
    if (!(map.rgb[i] >= 0 && map.rgb[i] <= kMostLight)) refuse_template("its light holds values that are no light.");
  }
  return map;
}

Shows shows_from(const std::string& name) {
  for (const Shows shows : {Shows::hole, Shows::key, Shows::blank, Shows::plain, Shows::filled, Shows::given})
    if (name == vitrine::name_of(shows)) return shows;
  refuse_template("it names a kind of surface that is not known.");
}

Backing backing_from(const std::string& name) {
  for (const Backing backing : {Backing::surface, Backing::hole, Backing::placeholder})
    if (name == name_of(backing)) return backing;
  refuse_template("it names a kind of backing that is not known.");
}

// What regions are checked against.
struct SceneKind {
  Size size;
  bool transparent;
};

PreparedRegion region_from(const json& entry, std::size_t index, const SectionReader& reader, const SceneKind& scene) {
  PreparedRegion prepared;
  Region& region = prepared.region;
  for (std::size_t i = 0; i < 4; ++i)
    region.quad[i] = {entry.at("quad").at(i).at(0).get<double>(), entry.at("quad").at(i).at(1).get<double>()};
  region.label = entry.at("label").get<std::string>();
  region.confidence = entry.at("confidence").get<double>();
  if (!(region.confidence >= 0 && region.confidence <= 1)) refuse_template("a confidence lies outside [0, 1].");
  region.detector = entry.at("detector").get<std::string>();
  region.shows = shows_from(entry.at("shows").get<std::string>());
  region.alternative = entry.at("alternative").get<bool>();
  region.reason = entry.at("reason").get<std::string>();
  prepared.backing = backing_from(entry.at("backing").get<std::string>());
  require_usable(region.quad, scene.size);
  if (entry.at("mask").get<bool>())
    region.mask = image_from(reader.require(kMask, index), scene.size, PixelFormat::gray8);
  if (entry.contains("light"))
    prepared.light = light_from(entry.at("light"), reader.require(kLight, index), scene.size);
  if (entry.contains("matte")) {
    const Rect box = rect_from(entry.at("matte").at("box"), scene.size);
    const Size size{box.width, box.height};
    prepared.matte = Matte{box, image_from(reader.require(kMatte, index), size, PixelFormat::rgba8), {}};
    if (const auto shade = reader.find(kShade, index))
      prepared.matte->shade = image_from(*shade, size, PixelFormat::gray8);
  }
  const bool shaded = prepared.matte && !prepared.matte->shade.empty();
  if ((prepared.backing == Backing::placeholder) != shaded) refuse_template("a placeholder and its matte do not agree.");
  if (prepared.backing == Backing::hole && !scene.transparent) refuse_template("a hole lies in an opaque scene.");
  return prepared;
}

// The JPEG stays where it is, kept alive by `owner`; a copy of it is made if there is none.
ScenePicture scene_from(const SectionReader& reader, std::shared_ptr<const void> owner) {
  const auto jpeg = reader.find(kJpeg, 0);
  if (!jpeg) return ScenePicture(decode_image(reader.require(kScene)), "The template was made of pixels, not of a JPEG file.");
  if (owner) return ScenePicture(PatchableJpeg::open(*jpeg, std::move(owner), {}));
  const auto copy = std::make_shared<const Bytes>(jpeg->begin(), jpeg->end());
  return ScenePicture(PatchableJpeg::open(*copy, copy, {}));
}

Template parse(ByteView bytes, std::shared_ptr<const void> owner) {
  const SectionReader reader(bytes, {kOldestVersion, kVersion});
  const ByteView meta = reader.require(kMeta);
  if (meta.size() > kMostMetadata) refuse_template("its description is too long.");
  const json description = json::parse(meta.begin(), meta.end());
  const json& regions = description.at("regions");
  if (!regions.is_array() || regions.size() > kMostRegions) refuse_template("it has too many regions.");

  auto parts = std::make_shared<TemplateParts>();
  parts->scene = scene_from(reader, std::move(owner));
  const SceneKind scene{parts->scene.size(),
                        parts->scene.has_pixels() && parts->scene.pixels().format() == PixelFormat::rgba8};
  for (std::size_t i = 0; i < regions.size(); ++i) {
    parts->prepared.push_back(region_from(regions[i], i, reader, scene));
    parts->regions.push_back(parts->prepared.back().region);
  }
  return Template(std::move(parts));
}

// See scene_from() for `owner`.
Template decode(ByteView bytes, std::shared_ptr<const void> owner) {
  try {
    return parse(bytes, std::move(owner));
  } catch (const json::exception& error) {
    refuse_template("its description cannot be read (" + std::string(error.what()) + ").");
  } catch (const std::invalid_argument& error) {
    refuse_template(error.what());
  } catch (const Error& error) {
    if (error.code() == ErrorCode::corrupt_data || error.code() == ErrorCode::image_too_large) throw;
    refuse_template(error.what());
  }
}

}  // namespace

bool is_template(ByteView bytes) { return starts_as_section_file(bytes); }

bool is_template_file(const std::filesystem::path& path) {
  try {
    Bytes start(16);
    start.resize(open_file_source(path)->read(start));
    return is_template(start);
  } catch (const Error&) {
    return false;  // who reads it finds out why
  }
}

Bytes encode_template(const Template& room) {
  return section_file(kVersion, sections_of(room.parts()));
}

Template decode_template(ByteView bytes) { return decode(bytes, nullptr); }

void save_template(const std::filesystem::path& path, const Template& room) {
  write_file_atomically(path, encode_template(room));
}

Template load_template(const std::filesystem::path& path) {
  const auto file = MappedFile::open(path, kMostFile);
  try {
    return decode(file->bytes(), file);
  } catch (const Error& error) {
    throw about("'" + path.string() + "'", error);
  }
}

}  // namespace vitrine
