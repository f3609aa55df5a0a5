#include "pipeline/value_json.h"

#include <array>
#include <limits>
#include <stdexcept>

namespace vitrine {
namespace {

constexpr double kFurthest = 1e6;  // pixels; no scene reaches so far
constexpr std::array kFits{Fit::cover, Fit::contain, Fit::stretch, Fit::mat};
constexpr std::array kBlends{Blend::normal,     Blend::multiply,   Blend::screen, Blend::overlay,
                             Blend::soft_light, Blend::hard_light, Blend::darken, Blend::lighten};
constexpr std::array kBlendSpaces{BlendSpace::encoded, BlendSpace::linear};
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

// An object in a field, such as look.mat.
std::optional<JsonFields> part_of(const JsonFields& fields, const char* name) {
  const Json* json = fields.find(name);
  if (json == nullptr) return std::nullopt;
  return JsonFields(*json, fields.what() + "." + name);
}

std::optional<Rgb8> color_in(const JsonFields& fields) {
  const Json* json = fields.find("color");
  if (json == nullptr) return std::nullopt;
  Rgb8 color{};
  for (std::size_t i = 0; i < 3; ++i) {
    const bool fits = json->is_array() && json->size() == 3 && (*json)[i].is_number_integer() &&
                      (*json)[i].get<double>() >= 0 && (*json)[i].get<double>() <= 255;
    if (!fits) fields.refuse("color", "red, green and blue, each 0 to 255");
    color[i] = static_cast<std::uint8_t>((*json)[i].get<int>());
  }
  return color;
}

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
  Json json{{"light", std::string(name_of(look.light))}, {"opacity", look.opacity}};
  if (look.blend != Blend::normal) json["blend"] = std::string(name_of(look.blend));
  if (look.blend_space != BlendSpace::encoded) json["blend_space"] = std::string(name_of(look.blend_space));
  const Mat plain;
  if (look.mat.color != plain.color || look.mat.width != plain.width || look.mat.bevel != plain.bevel)
    json["mat"] = {{"color", look.mat.color}, {"width", look.mat.width}, {"bevel", look.mat.bevel}};
  if (look.ink)
    json["ink"] = {{"underbase", look.ink->underbase}, {"weave", look.ink->weave}, {"relief", look.ink->relief}};
  if (look.cylinder)
    json["cylinder"] = {{"degrees", look.cylinder->degrees},
                        {"bow_top", look.cylinder->bow_top},
                        {"bow_bottom", look.cylinder->bow_bottom}};
  if (look.inner_shadow)
    json["inner_shadow"] = {{"depth", look.inner_shadow->depth}, {"strength", look.inner_shadow->strength}};
  if (look.bevel) json["bevel"] = {{"color", look.bevel->color}, {"width", look.bevel->width}};
  if (look.light_from != Look{}.light_from) json["light_from"] = look.light_from;
  return json;
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
  look.blend = word_in(look_fields, "blend", kBlends).value_or(look.blend);
  look.blend_space = word_in(look_fields, "blend_space", kBlendSpaces).value_or(look.blend_space);
  look.light_from = look_fields.number("light_from", -360, 360).value_or(look.light_from);
  if (const auto part = part_of(look_fields, "mat")) {
    look.mat.color = color_in(*part).value_or(look.mat.color);
    look.mat.width = part->number("width", 0, 0.4).value_or(look.mat.width);
    look.mat.bevel = part->number("bevel", 0, 0.05).value_or(look.mat.bevel);
  }
  if (const auto part = part_of(look_fields, "ink")) {
    Ink& ink = look.ink.emplace();
    ink.underbase = part->number("underbase", 0, 1).value_or(ink.underbase);
    ink.weave = part->number("weave", 0, 1).value_or(ink.weave);
    ink.relief = part->number("relief", 0, 1).value_or(ink.relief);
  }
  if (const auto part = part_of(look_fields, "cylinder")) {
    Cylinder& round = look.cylinder.emplace();
    round.degrees = part->number("degrees", 1, 175).value_or(round.degrees);
    round.bow_top = part->number("bow_top", -0.4, 0.4).value_or(round.bow_top);
    round.bow_bottom = part->number("bow_bottom", -0.4, 0.4).value_or(round.bow_bottom);
  }
  if (const auto part = part_of(look_fields, "inner_shadow")) {
    InnerShadow& shadow = look.inner_shadow.emplace();
    shadow.depth = part->number("depth", 0, 0.2).value_or(shadow.depth);
    shadow.strength = part->number("strength", 0, 1).value_or(shadow.strength);
  }
  if (const auto part = part_of(look_fields, "bevel")) {
    Bevel& bevel = look.bevel.emplace();
    bevel.color = color_in(*part).value_or(bevel.color);
    bevel.width = part->number("width", 0, 0.1).value_or(bevel.width);
  }
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
