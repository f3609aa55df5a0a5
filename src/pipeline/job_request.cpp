#include "vitrine/pipeline/job_request.h"

#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include "pipeline/json_fields.h"
#include "pipeline/value_json.h"

namespace vitrine {
namespace {

constexpr int kLargestSide = 16'384;
constexpr std::int64_t kLargestBudget = 1'000'000'000'000;  // the most that one cost entry may hold
constexpr std::size_t kLongestId = 512;

Json json_of(const ArtworkRequest& request) {
  const GenerationRequest& picture = request.picture;
  Json json{{"prompt", picture.prompt},
            {"kind", std::string(name_of(picture.kind))},
            {"model", picture.model},
            {"size", json_of(picture.size)}};
  if (picture.seed) json["seed"] = *picture.seed;
  for (const auto& [name, value] : picture.parameters) {
    Json parsed = Json::parse(value, nullptr, false);
    if (parsed.is_discarded())
      throw std::invalid_argument("The parameter '" + name + "' is not JSON. Put quotes around a text.");
    json["parameters"][name] = std::move(parsed);
  }
  if (request.budget) json["budget_micro_usd"] = request.budget->value;
  return json;
}

ArtworkRequest artwork_of(const JsonFields& fields) {
  ArtworkRequest request;
  GenerationRequest& picture = request.picture;
  picture.prompt = fields.required_text("prompt");
  const std::string kind = fields.text("kind").value_or("artwork");
  if (kind != "artwork" && kind != "scene") fields.refuse("kind", "artwork or scene");
  picture.kind = kind == "scene" ? GenerationKind::scene : GenerationKind::artwork;
  picture.model = fields.text("model").value_or("");
  picture.size = size_in(fields, "size", kLargestSide).value_or(picture.size);
  picture.seed = fields.whole_number("seed", INT64_MIN, INT64_MAX);
  if (const Json* parameters = fields.find("parameters")) {
    if (!parameters->is_object()) fields.refuse("parameters", "a JSON object");
    for (const auto& [name, value] : parameters->items()) picture.parameters[name] = value.dump();
  }
  if (const auto budget = fields.whole_number("budget_micro_usd", 0, kLargestBudget)) request.budget = MicroUsd{*budget};
  return request;
}

Json json_of(const SceneRequest& scene) {
  Json json = json_of(scene.source);
  if (!scene.id.empty()) json["id"] = scene.id;
  if (!scene.name.empty()) json["name"] = scene.name;
  if (scene.quad) json["quad"] = json_of(*scene.quad);
  if (scene.fit) json["fit"] = std::string(name_of(*scene.fit));
  if (scene.look) json["look"] = json_of(*scene.look);
  return json;
}

SceneRequest scene_of(const Json& json, const std::string& what) {
  SceneRequest scene;
  scene.source = source_of(json, what);
  if (json.is_object()) {
    const JsonFields fields(json, what);
    scene.id = fields.text("id").value_or("");
    if (scene.id.size() > kLongestId) fields.refuse("id", "at most 512 bytes");
    scene.name = fields.text("name").value_or("");
    scene.quad = quad_in(fields, "quad");
    scene.fit = fit_in(fields, "fit");
    scene.look = look_in(fields, "look");
  }
  return scene;
}

// The same picture may come twice, with other corners. Ids that were given must differ: a result is found by them.
void name_scenes(std::vector<SceneRequest>& scenes) {
  std::set<std::string> given;
  for (const SceneRequest& scene : scenes)
    if (!scene.id.empty() && !given.insert(scene.id).second)
      throw std::invalid_argument("Two scenes have the id '" + scene.id + "'. Give each its own.");
  std::map<std::string, int> uses;
  for (SceneRequest& scene : scenes) {
    if (!scene.id.empty()) continue;
    const std::string name = shown(scene.source);
    do {
      const int use = ++uses[name];
      scene.id = use == 1 ? name : name + "#" + std::to_string(use);
    } while (!given.insert(scene.id).second);
  }
}

Partial partial_in(const JsonFields& fields) {
  const std::string word = fields.text("partial").value_or("complete");
  if (word != name_of(Partial::complete) && word != name_of(Partial::fail))
    fields.refuse("partial", "one of complete, fail");
  return word == name_of(Partial::fail) ? Partial::fail : Partial::complete;
}

}  // namespace

std::string_view name_of(Partial partial) noexcept {
  switch (partial) {
    case Partial::complete: return "complete";
    case Partial::fail: return "fail";
  }
  return "unknown";
}

std::string to_json(const ArtworkRequest& request) { return json_of(request).dump(); }

std::string to_json(const MockupRequest& request) {
  Json json;
  json["artwork"] = request.order ? Json{{"order", json_of(*request.order)}} : json_of(request.artwork);
  for (const SceneRequest& scene : request.scenes) json["scenes"].push_back(json_of(scene));
  if (!request.scenes_under.empty()) json["scenes_under"] = request.scenes_under;
  json["fit"] = std::string(name_of(request.fit));
  json["look"] = json_of(request.look);
  json.update(json_of(request.encoding));
  json["partial"] = std::string(name_of(request.partial));
  return json.dump();
}

std::string to_json(const MockupOrder& order) {
  Json json{{"artwork", json_of(order.artwork)},
            {"scene", json_of(order.scene)},
            {"fit", std::string(name_of(order.fit))},
            {"look", json_of(order.look)},
            {"key_stem", order.key_stem}};
  json.update(json_of(order.encoding));
  return json.dump();
}

ArtworkRequest artwork_request_of(std::string_view text) {
  const Json json = json_object_of(text, "The request");
  return artwork_of(JsonFields(json, "The request"));
}

MockupRequest mockup_request_of(std::string_view text) {
  const Json json = json_object_of(text, "The request");
  const JsonFields fields(json, "The request");
  MockupRequest request;
  const Json* artwork = fields.find("artwork");
  if (artwork == nullptr) fields.refuse("artwork", "an object key, an address, or an order");
  if (artwork->is_object() && artwork->contains("order"))
    request.order = artwork_of(JsonFields((*artwork)["order"], "artwork.order"));
  else
    request.artwork = source_of(*artwork, "artwork");
  if (const Json* scenes = fields.find("scenes"); scenes != nullptr && *scenes != "all") {
    if (!scenes->is_array()) fields.refuse("scenes", "a list, or \"all\"");
    for (std::size_t i = 0; i < scenes->size(); ++i)
      request.scenes.push_back(scene_of((*scenes)[i], "scenes[" + std::to_string(i) + "]"));
    name_scenes(request.scenes);
  }
  request.scenes_under = fields.text("scenes_under").value_or("");
  request.fit = fit_in(fields, "fit").value_or(request.fit);
  request.look = look_in(fields, "look").value_or(request.look);
  request.encoding = encoding_in(fields);
  request.partial = partial_in(fields);
  return request;
}

MockupOrder mockup_order_of(std::string_view text) {
  const Json json = json_object_of(text, "The order");
  const JsonFields fields(json, "The order");
  const Json* artwork = fields.find("artwork");
  const Json* scene = fields.find("scene");
  if (artwork == nullptr) fields.refuse("artwork", "an object key or an address");
  if (scene == nullptr) fields.refuse("scene", "an object key or an address");
  MockupOrder order;
  order.artwork = source_of(*artwork, "artwork");
  order.scene = scene_of(*scene, "scene");
  order.fit = fit_in(fields, "fit").value_or(order.fit);
  order.look = look_in(fields, "look").value_or(order.look);
  order.encoding = encoding_in(fields);
  order.key_stem = fields.required_text("key_stem");
  return order;
}

}  // namespace vitrine
