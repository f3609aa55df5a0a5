#include "vitrine/pipeline/job_result.h"

#include <limits>

#include "pipeline/outcome_json.h"
#include "pipeline/value_json.h"

namespace vitrine {
namespace {

constexpr int kAnySide = std::numeric_limits<int>::max();

ObjectRef required_object(const JsonFields& fields) {
  const auto object = object_in(fields, "object");
  if (!object) fields.refuse("object", "an object's reference");
  return *object;
}

}  // namespace

Json json_of(const MadeArtwork& artwork) {
  return {{"object", json_of(artwork.object)},   {"size", json_of(artwork.size)}, {"task", artwork.task},
          {"model", artwork.model},              {"cost_micro_usd", artwork.cost.value}, {"settled", artwork.settled}};
}

Json json_of(const SceneOutcome& outcome) {
  Json json{{"scene", outcome.scene}};
  if (!outcome.name.empty()) json["name"] = outcome.name;
  if (outcome.object) json["object"] = json_of(*outcome.object);
  if (outcome.size != Size{}) json["size"] = json_of(outcome.size);
  if (outcome.region) json["region"] = json_of(*outcome.region);
  if (outcome.regions > 0) json["regions"] = outcome.regions;
  if (outcome.failure) json.update(json_of(*outcome.failure));
  return json;
}

MadeArtwork artwork_in(const Json& json) {
  const JsonFields fields(json, "The artwork");
  MadeArtwork artwork;
  artwork.object = required_object(fields);
  artwork.size = size_in(fields, "size", kAnySide).value_or(Size{});
  artwork.task = fields.text("task").value_or("");
  artwork.model = fields.text("model").value_or("");
  artwork.cost.value = fields.whole_number("cost_micro_usd", 0, INT64_MAX).value_or(0);
  artwork.settled = fields.truth("settled").value_or(false);
  return artwork;
}

SceneOutcome outcome_in(const Json& json) {
  const JsonFields fields(json, "The scene's outcome");
  SceneOutcome outcome;
  outcome.scene = fields.required_text("scene");
  outcome.name = fields.text("name").value_or("");
  outcome.object = object_in(fields, "object");
  outcome.size = size_in(fields, "size", kAnySide).value_or(Size{});
  outcome.region = region_in(fields, "region");
  outcome.regions = static_cast<int>(fields.whole_number("regions", 0, kAnySide).value_or(0));
  if (const auto code = fields.text("code"))
    outcome.failure = Failure{*code, fields.text("message").value_or(""), fields.truth("retryable").value_or(false), {}};
  if (!outcome.object && !outcome.failure) fields.refuse("object", "given, or 'code' says why there is none");
  return outcome;
}

std::string to_json(const MadeArtwork& artwork) { return json_of(artwork).dump(); }

std::string to_json(const PreparedScene& scene) {
  Json json{{"scene", scene.scene}, {"size", json_of(scene.size)}, {"regions", Json::array()}};
  for (const Region& region : scene.regions) json["regions"].push_back(json_of(region));
  return json.dump();
}

std::string to_json(const SceneOutcome& outcome) {
  return json_of(outcome).dump(-1, ' ', false, Json::error_handler_t::replace);
}

MadeArtwork made_artwork_of(std::string_view json) { return artwork_in(json_object_of(json, "The artwork")); }

SceneOutcome scene_outcome_of(std::string_view json) {
  return outcome_in(json_object_of(json, "The scene's outcome"));
}

}  // namespace vitrine
