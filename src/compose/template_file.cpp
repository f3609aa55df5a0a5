#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "compose/template_parts.h"
#include "vitrine/base/error.h"
#include "vitrine/base/file.h"
#include "vitrine/compose/template.h"
#include "vitrine/image/codec.h"

// The format is described in docs/template_format.md.
namespace vitrine {
namespace {

using nlohmann::json;

constexpr std::array<std::uint8_t, 8> kMagic{'V', 'I', 'T', 'R', 'I', 'N', 'E', 0x1A};
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 16;
constexpr std::size_t kEntryBytes = 32;
constexpr std::size_t kMostSections = 4096;
constexpr std::size_t kMostRegions = 1024;
constexpr std::size_t kMostMetadata = 4u << 20u;
constexpr std::size_t kMostFile = std::size_t{1} << 30u;

using Tag = std::array<char, 4>;
constexpr Tag kScene{'S', 'C', 'N', 'E'};
constexpr Tag kMeta{'M', 'E', 'T', 'A'};
constexpr Tag kLight{'L', 'G', 'H', 'T'};
constexpr Tag kMatte{'M', 'A', 'T', 'T'};
constexpr Tag kShade{'S', 'H', 'A', 'D'};
constexpr Tag kMask{'M', 'A', 'S', 'K'};

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::corrupt_data,
              "The template is damaged: " + what + " Make it again with 'vitrine template' or save_template().");
}

std::uint32_t checksum(ByteView bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, bytes.data(), bytes.size()));
}

template <typename Number>
void append_number(Bytes& bytes, Number value) {
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    bytes.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i)));
}

template <typename Number>
Number number_at(ByteView bytes, std::size_t offset) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) value |= static_cast<std::uint64_t>(bytes[offset + i]) << (8 * i);
  return static_cast<Number>(value);
}

struct Section {
  Tag tag;
  std::uint32_t index = 0;
  Bytes content;
};

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
  sections.push_back({kScene, 0, png_of(parts.scene)});
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

class Reader {
 public:
  explicit Reader(ByteView bytes) : bytes_(bytes) { read_table(); }

  std::optional<ByteView> find(Tag tag, std::size_t index) const {
    const auto found = sections_.find({tag, index});
    return found == sections_.end() ? std::nullopt : std::optional(found->second);
  }

  ByteView require(Tag tag, std::size_t index = 0) const {
    const auto section = find(tag, index);
    if (!section) refuse("section " + std::string(tag.begin(), tag.end()) + " is missing.");
    return *section;
  }

 private:
  void read_table() {
    if (!is_template(bytes_)) refuse("it does not start as a .vitrine file.");
    if (bytes_.size() < kHeaderBytes) refuse("it ends within its header.");
    const auto version = number_at<std::uint32_t>(bytes_, 8);
    if (version != kVersion)
      throw Error(ErrorCode::corrupt_data, "The template has format version " + std::to_string(version) +
                                               "; this library reads version " + std::to_string(kVersion) +
                                               ". Make it again, or update the library.");
    const auto count = number_at<std::uint32_t>(bytes_, 12);
    const std::size_t table_end = kHeaderBytes + static_cast<std::size_t>(count) * kEntryBytes;
    if (count > kMostSections || table_end + 4 > bytes_.size()) refuse("its table of sections is cut off or too long.");
    if (checksum(bytes_.first(table_end)) != number_at<std::uint32_t>(bytes_, table_end))
      refuse("its table of sections has a wrong checksum.");
    for (std::size_t i = 0; i < count; ++i) read_entry(kHeaderBytes + i * kEntryBytes, table_end + 4);
  }

  void read_entry(std::size_t at, std::size_t content_begin) {
    Tag tag{};
    for (std::size_t c = 0; c < 4; ++c) tag[c] = static_cast<char>(bytes_[at + c]);
    const auto index = number_at<std::uint32_t>(bytes_, at + 4);
    const auto expected = number_at<std::uint32_t>(bytes_, at + 8);
    const auto offset = number_at<std::uint64_t>(bytes_, at + 16);
    const auto length = number_at<std::uint64_t>(bytes_, at + 24);
    if (offset < content_begin || offset > bytes_.size() || length > bytes_.size() - offset)
      refuse("a section reaches outside the file.");
    const ByteView content = bytes_.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(length));
    if (checksum(content) != expected) refuse("a section has a wrong checksum.");
    sections_[{tag, index}] = content;
  }

  ByteView bytes_;
  std::map<std::pair<Tag, std::size_t>, ByteView> sections_;
};

Rect rect_from(const json& value, Size size) {
  const Rect rect{value.at(0).get<int>(), value.at(1).get<int>(), value.at(2).get<int>(), value.at(3).get<int>()};
  if (rect.empty() || rect.x < 0 || rect.y < 0 || rect.width > size.width - rect.x ||
      rect.height > size.height - rect.y)
    refuse("a box reaches outside the scene.");
  return rect;
}

Image image_from(ByteView png, Size size, PixelFormat format) {
  DecodeOptions limits;
  limits.max_pixels = static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
  const Image image = decode_image(png, limits);
  if (image.size() != size) refuse("a mask has another size than its box.");
  return image.format() == format ? image : convert(image, format);
}

LightMap light_from(const json& entry, ByteView content, Size scene) {
  LightMap map;
  map.box = rect_from(entry.at("box"), scene);
  map.step = entry.at("step").get<int>();
  if (map.step < 1 || map.step > 1024) refuse("its light has an impossible step.");
  map.columns = entry.at("columns").get<int>();
  map.rows = entry.at("rows").get<int>();
  if (map.columns != (map.box.width + map.step - 1) / map.step || map.rows != (map.box.height + map.step - 1) / map.step)
    refuse("its light has another size than its box.");
  const std::size_t values = static_cast<std::size_t>(map.columns) * static_cast<std::size_t>(map.rows) * 3;
  if (content.size() != values * 4) refuse("its light is cut off.");
  map.rgb.resize(values);
  for (std::size_t i = 0; i < values; ++i) {
    const auto bits = number_at<std::uint32_t>(content, 4 * i);
    std::memcpy(&map.rgb[i], &bits, sizeof bits);
    if (!(map.rgb[i] >= 0 && map.rgb[i] <= kMostLight)) refuse("its light holds values that are no light.");
  }
  return map;
}

Shows shows_from(const std::string& name) {
  for (const Shows shows : {Shows::hole, Shows::key, Shows::blank, Shows::plain, Shows::filled, Shows::given})
    if (name == vitrine::name_of(shows)) return shows;
  refuse("it names a kind of surface that is not known.");
}

Backing backing_from(const std::string& name) {
  for (const Backing backing : {Backing::surface, Backing::hole, Backing::placeholder})
    if (name == name_of(backing)) return backing;
  refuse("it names a kind of backing that is not known.");
}

PreparedRegion region_from(const json& entry, std::size_t index, const Reader& reader, const Image& scene) {
  PreparedRegion prepared;
  Region& region = prepared.region;
  for (std::size_t i = 0; i < 4; ++i)
    region.quad[i] = {entry.at("quad").at(i).at(0).get<double>(), entry.at("quad").at(i).at(1).get<double>()};
  region.label = entry.at("label").get<std::string>();
  region.confidence = entry.at("confidence").get<double>();
  if (!(region.confidence >= 0 && region.confidence <= 1)) refuse("a confidence lies outside [0, 1].");
  region.detector = entry.at("detector").get<std::string>();
  region.shows = shows_from(entry.at("shows").get<std::string>());
  region.alternative = entry.at("alternative").get<bool>();
  region.reason = entry.at("reason").get<std::string>();
  prepared.backing = backing_from(entry.at("backing").get<std::string>());
  require_usable(region.quad, scene.size());
  if (entry.at("mask").get<bool>())
    region.mask = image_from(reader.require(kMask, index), scene.size(), PixelFormat::gray8);
  if (entry.contains("light"))
    prepared.light = light_from(entry.at("light"), reader.require(kLight, index), scene.size());
  if (entry.contains("matte")) {
    const Rect box = rect_from(entry.at("matte").at("box"), scene.size());
    const Size size{box.width, box.height};
    prepared.matte = Matte{box, image_from(reader.require(kMatte, index), size, PixelFormat::rgba8), {}};
    if (const auto shade = reader.find(kShade, index))
      prepared.matte->shade = image_from(*shade, size, PixelFormat::gray8);
  }
  const bool shaded = prepared.matte && !prepared.matte->shade.empty();
  if ((prepared.backing == Backing::placeholder) != shaded) refuse("a placeholder and its matte do not agree.");
  if (prepared.backing == Backing::hole && scene.format() != PixelFormat::rgba8) refuse("a hole lies in an opaque scene.");
  return prepared;
}

Template parse(ByteView bytes) {
  const Reader reader(bytes);
  const ByteView meta = reader.require(kMeta);
  if (meta.size() > kMostMetadata) refuse("its description is too long.");
  const json description = json::parse(meta.begin(), meta.end());
  const json& regions = description.at("regions");
  if (!regions.is_array() || regions.size() > kMostRegions) refuse("it has too many regions.");

  auto parts = std::make_shared<TemplateParts>();
  parts->scene = decode_image(reader.require(kScene));
  for (std::size_t i = 0; i < regions.size(); ++i) {
    parts->prepared.push_back(region_from(regions[i], i, reader, parts->scene));
    parts->regions.push_back(parts->prepared.back().region);
  }
  return Template(std::move(parts));
}

}  // namespace

bool is_template(ByteView bytes) {
  return bytes.size() >= kMagic.size() && std::equal(kMagic.begin(), kMagic.end(), bytes.begin());
}

Bytes encode_template(const Template& room) {
  const std::vector<Section> sections = sections_of(room.parts());
  Bytes bytes(kMagic.begin(), kMagic.end());
  append_number(bytes, kVersion);
  append_number(bytes, static_cast<std::uint32_t>(sections.size()));
  std::uint64_t offset = kHeaderBytes + sections.size() * kEntryBytes + 4;
  for (const Section& section : sections) {
    bytes.insert(bytes.end(), section.tag.begin(), section.tag.end());
    append_number(bytes, section.index);
    append_number(bytes, checksum(section.content));
    append_number(bytes, std::uint32_t{0});
    append_number(bytes, offset);
    append_number(bytes, static_cast<std::uint64_t>(section.content.size()));
    offset += section.content.size();
  }
  append_number(bytes, checksum(bytes));
  for (const Section& section : sections) bytes.insert(bytes.end(), section.content.begin(), section.content.end());
  return bytes;
}

Template decode_template(ByteView bytes) {
  try {
    return parse(bytes);
  } catch (const json::exception& error) {
    refuse("its description cannot be read (" + std::string(error.what()) + ").");
  } catch (const std::invalid_argument& error) {
    refuse(error.what());
  } catch (const Error& error) {
    if (error.code() == ErrorCode::corrupt_data || error.code() == ErrorCode::image_too_large) throw;
    refuse(error.what());
  }
}

void save_template(const std::filesystem::path& path, const Template& room) {
  write_file_atomically(path, encode_template(room));
}

Template load_template(const std::filesystem::path& path) {
  const Bytes bytes = read_file(path, kMostFile);
  try {
    return decode_template(bytes);
  } catch (const Error& error) {
    throw about("'" + path.string() + "'", error);
  }
}

}  // namespace vitrine
