#include "pipeline/value_json.h"

#include <array>
#include <limits>
#include <stdexcept>

namespace vitrine {
namespace {

constexpr double kFurthest = 1e6;  // pixels; no scene reaches so far
constexpr std::array kFits{Fit::cover, Fit::contain, Fit::stretch};
constexpr std::array kLights{Light::natural, Light::flat};
constexpr std::array kFormats{FileFormat::jpeg, FileFormat::png, FileFormat::webp};
constexpr std::array kShows{Shows::hole, Shows::key, Shows::blank, Shows::plain, Shows::filled, Shows::given};

// The value whose stable word the field holds.
template <typename Values>
auto word_in(const JsonFields& fields, const char* name, const Values& values)
    -> std::optional<typename Values::value_type> {
  const auto word = fields.text(name);
  if (!word) return std::nullopt;
  std::string allowed;
  for (const auto value : values) {
    if (*word == name_of(value)) return value;
    allowed += (allowed.empty() ? "" : ", ") + std::string(name_of(value));
  }
  fields.refuse(name, "one of " + allowed);
}

bool is_coordinate(const Json& json) {
  return json.is_number() && json.get<double>() >= -kFurthest && json.get<double>() <= kFurthest;
}

bool is_point(const Json& json) {
  return json.is_array() && json.size() == 2 && is_coordinate(json[0]) && is_coordinate(json[1]);
}

bool is_digest(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

ObjectRef object_of(const JsonFields& fields) {
  ObjectRef ref;
  ref.key = fields.required_text("key");
  require_object_key(ref.key);
  ref.sha256 = fields.text("sha256").value_or("");
  if (!ref.sha256.empty() && !is_digest(ref.sha256)) fields.refuse("sha256", "64 lower-case hex digits");
  ref.size = static_cast<std::uint64_t>(
      fields.whole_number("size", 0, std::numeric_limits<std::int64_t>::max()).value_or(0));
  ref.media_type = fields.text("media_type").value_or("");
  return ref;
}

Source object_source(const Json& json, const std::string& what) {
  if (json.is_string()) {
    require_object_key(json.get<std::string>());
    return {Source::Kind::object, json.get<std::string>(), {}};
  }
  const ObjectRef ref = object_of(JsonFields(json, what));
  return {Source::Kind::object, ref.key, ref.sha256};
}

bool is_address(std::string_view text) { return text.starts_with("https://") || text.starts_with("http://"); }

}  // namespace

Json json_of(const Quad& quad) {
  Json corners = Json::array();
  for (const Point& corner : quad.corners) corners.push_back({corner.x, corner.y});
  return corners;
}

Json json_of(Size size) { return {size.width, size.height}; }

Json json_of(const Region& region) {
  return {{"quad", json_of(region.quad)},
          {"label", region.label},
          {"confidence", region.confidence},
          {"detector", region.detector},
          {"shows", std::string(name_of(region.shows))}};
}

Json json_of(const ObjectRef& ref) {
  return {{"key", ref.key}, {"sha256", ref.sha256}, {"size", ref.size}, {"media_type", ref.media_type}};
}

Json json_of(const Source& source) {
  switch (source.kind) {
    case Source::Kind::url: return {{"url", source.at}};
    case Source::Kind::path: return {{"path", source.at}};
    case Source::Kind::object: break;
  }
  if (source.sha256.empty()) return {{"object", source.at}};
  return {{"object", {{"key", source.at}, {"sha256", source.sha256}}}};
}

Json json_of(const Look& look) {
  return {{"light", std::string(name_of(look.light))}, {"opacity", look.opacity}};
}

Json json_of(const EncodeOptions& encoding) {
  Json json = Json::object();
  if (encoding.quality) json["quality"] = *encoding.quality;
  if (encoding.format) json["format"] = std::string(name_of(*encoding.format));
  return json;
}

Json json_of(const Failure& failure) {
  return {{"code", failure.code}, {"message", failure.message}, {"retryable", failure.retryable}};
}

std::optional<Quad> quad_in(const JsonFields& fields, const char* name) {
  const Json* json = fields.find(name);
  if (json == nullptr) return std::nullopt;
  const bool four = json->is_array() && json->size() == 4;
  Quad quad;
  for (std::size_t i = 0; i < 4; ++i) {
    if (!four || !is_point((*json)[i]))
      fields.refuse(name, "four corners [x, y] in scene pixels, clockwise from top left");
    quad[i] = {(*json)[i][0].get<double>(), (*json)[i][1].get<double>()};
  }
  return quad;
}

std::optional<Size> size_in(const JsonFields& fields, const char* name, int most) {
  const Json* json = fields.find(name);
  if (json == nullptr) return std::nullopt;
  const auto is_side = [&](const Json& side) {
    return side.is_number_integer() && side.get<double>() >= 1 && side.get<double>() <= most;
  };
  if (!json->is_array() || json->size() != 2 || !is_side((*json)[0]) || !is_side((*json)[1]))
    fields.refuse(name, "[width, height] in pixels, each from 1 to " + std::to_string(most));
  return Size{(*json)[0].get<int>(), (*json)[1].get<int>()};
}

std::optional<Region> region_in(const JsonFields& fields, const char* name) {
  const Json* json = fields.find(name);
  if (json == nullptr) return std::nullopt;
  const JsonFields region_fields(*json, fields.what() + "." + name);
  Region region;
  const auto quad = quad_in(region_fields, "quad");
  if (!quad) region_fields.refuse("quad", "given");
  region.quad = *quad;
  region.label = region_fields.text("label").value_or(region.label);
  region.confidence = region_fields.number("confidence", 0, 1).value_or(region.confidence);
  region.detector = region_fields.text("detector").value_or(region.detector);
  region.shows = word_in(region_fields, "shows", kShows).value_or(region.shows);
  return region;
}

std::optional<ObjectRef> object_in(const JsonFields& fields, const char* name) {
  const Json* json = fields.find(name);
  if (json == nullptr) return std::nullopt;
  return object_of(JsonFields(*json, fields.what() + "." + name));
}

std::optional<Fit> fit_in(const JsonFields& fields, const char* name) { return word_in(fields, name, kFits); }

std::optional<Look> look_in(const JsonFields& fields, const char* name) {
  const Json* json = fields.find(name);
  if (json == nullptr) return std::nullopt;
  const JsonFields look_fields(*json, fields.what() + "." + name);
  Look look;
  look.light = word_in(look_fields, "light", kLights).value_or(look.light);
  look.opacity = look_fields.number("opacity", 0, 1).value_or(look.opacity);
  return look;
}

Source source_of(const Json& json, const std::string& what) {
  if (json.is_string()) {
    const auto text = json.get<std::string>();
    if (is_address(text)) return {Source::Kind::url, text, {}};
    return object_source(json, what);
  }
  const JsonFields fields(json, what);
  const Json* object = fields.find("object");
  const auto url = fields.text("url");
  const auto path = fields.text("path");
  if ((object != nullptr ? 1 : 0) + (url ? 1 : 0) + (path ? 1 : 0) != 1)
    throw std::invalid_argument(what + " must have exactly one of 'object', 'url' and 'path'.");
  if (object != nullptr) return object_source(*object, what + ".object");
  if (url && !is_address(*url)) fields.refuse("url", "an address that starts with https://");
  if (path && path->empty()) fields.refuse("path", "a file's path");
  return url ? Source{Source::Kind::url, *url, {}} : Source{Source::Kind::path, *path, {}};
}

EncodeOptions encoding_in(const JsonFields& fields) {
  EncodeOptions encoding;
  encoding.format = word_in(fields, "format", kFormats);
  if (const auto quality = fields.whole_number("quality", 1, 100)) encoding.quality = static_cast<int>(*quality);
  return encoding;
}

}  // namespace vitrine
