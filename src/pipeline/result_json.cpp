#include <algorithm>

#include "pipeline/json_fields.h"
#include "pipeline/mockup_job.h"
#include "pipeline/outcome_json.h"
#include "pipeline/value_json.h"

namespace vitrine {
namespace {

constexpr std::size_t kLongestInline = 192u << 10u;  // a job store takes 256 KiB

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

ObjectRef store_json(const std::string& text, const std::string& key, ObjectStore& objects, Context& context) {
  PutOptions options;
  options.mode = PutMode::replace;
  options.media_type = "application/json";
  return objects.put(key, ByteView{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, options, context);
}

}  // namespace

std::string result_json(JobAttempt& attempt, const std::optional<MadeArtwork>& artwork,
                        const std::vector<SceneOutcome>& outcomes, ObjectStore& objects, const std::string& key_prefix,
                        Context& context) {
  Json scenes{{"mockups", Json::array()}, {"failed", Json::array()}};
  for (const SceneOutcome& outcome : outcomes)
    scenes[outcome.failure ? "failed" : "mockups"].push_back(json_of(outcome));
  Json result;
  if (artwork) result["artwork"] = json_of(*artwork);
  result["made"] = scenes["mockups"].size();
  result["not_made"] = scenes["failed"].size();
  const std::string text = dumped(scenes);
  if (text.size() <= kLongestInline) {
    result.update(scenes);
  } else {
    const std::string key = key_prefix + "/" + attempt.job().id + "/" + attempt.key_part() + "-result.json";
    result["scenes_object"] = json_of(store_json(text, key, objects, context));
  }
  return dumped(result);
}

}  // namespace vitrine
