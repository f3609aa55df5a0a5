#include "pipeline/scene_log.h"

#include <stdexcept>
#include <utility>

#include "pipeline/json_fields.h"
#include "pipeline/outcome_json.h"
#include "pipeline/value_json.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

constexpr std::size_t kMostRecentBytes = 64u << 10u;
constexpr std::size_t kLargestPage = 16u << 20u;

struct Journalled {
  std::vector<ObjectRef> pages;
  std::vector<SceneOutcome> recent;
};

std::vector<SceneOutcome> outcomes_in(const Json& list) {
  std::vector<SceneOutcome> outcomes;
  for (const Json& item : list) outcomes.push_back(outcome_in(item));
  return outcomes;
}

Journalled journalled_in(const Json& journal) {
  Journalled scenes;
  const auto found = journal.find("scenes");
  if (found == journal.end()) return scenes;
  const JsonFields fields(*found, "scenes");
  if (const Json* pages = fields.find("pages"))
    for (const Json& page : *pages) {
      const Json wrapped{{"page", page}};
      scenes.pages.push_back(object_in(JsonFields(wrapped, "scenes"), "page").value());
    }
  if (const Json* recent = fields.find("recent")) scenes.recent = outcomes_in(*recent);
  return scenes;
}

std::vector<SceneOutcome> page_of(const ObjectRef& ref, ObjectStore& objects, Context& context) {
  const Bytes bytes = objects.get(ref.key, context, kLargestPage);
  const Json page = Json::parse(bytes, nullptr, false);
  if (!page.is_array()) throw std::invalid_argument("The page '" + ref.key + "' is no list of outcomes.");
  return outcomes_in(page);
}

Error damaged(const std::string& whose, const std::exception& why) {
  return {ErrorCode::corrupt_data, "The journal" + whose + " is damaged: " + why.what() + " Make a new job."};
}

}  // namespace

SceneLog::SceneLog(JobAttempt& attempt, ObjectStore& objects, std::string key_prefix, int scenes_per_save,
                   Context& context)
    : attempt_(attempt), objects_(objects), key_prefix_(std::move(key_prefix)), scenes_per_save_(scenes_per_save) {
  try {
    Journalled scenes = journalled_in(json_object_of(attempt.journal(), "The journal"));
    pages_ = std::move(scenes.pages);
    recent_ = std::move(scenes.recent);
    for (const ObjectRef& ref : pages_)
      for (const SceneOutcome& outcome : page_of(ref, objects, context)) made_before_[outcome.scene] = outcome;
  } catch (const std::invalid_argument& error) {
    throw damaged(" of job " + attempt.job().id, error);
  }
  for (const SceneOutcome& outcome : recent_) {
    made_before_[outcome.scene] = outcome;
    recent_bytes_ += to_json(outcome).size();
  }
}

void SceneLog::add(const SceneOutcome& outcome, Context& context) {
  if (!outcome.object) return;
  const std::lock_guard lock(mutex_);
  recent_bytes_ += to_json(outcome).size();
  recent_.push_back(outcome);
  unsaved_.push_back(outcome.object->key);
  if (static_cast<int>(unsaved_.size()) >= scenes_per_save_) save_locked(context);
}

void SceneLog::save(Context& context) {
  const std::lock_guard lock(mutex_);
  if (!unsaved_.empty()) save_locked(context);
}

std::vector<std::string> SceneLog::unsaved_objects() const {
  const std::lock_guard lock(mutex_);
  return unsaved_;
}

void SceneLog::save_locked(Context& context) {
  if (recent_bytes_ > kMostRecentBytes) move_to_page(context);
  Json journal = json_object_of(attempt_.journal(), "The journal");
  Json scenes{{"pages", Json::array()}, {"recent", Json::array()}};
  for (const ObjectRef& page : pages_) scenes["pages"].push_back(json_of(page));
  for (const SceneOutcome& outcome : recent_) scenes["recent"].push_back(json_of(outcome));
  journal["scenes"] = std::move(scenes);
  attempt_.save_journal(journal.dump(-1, ' ', false, Json::error_handler_t::replace), context);
  unsaved_.clear();
}

void SceneLog::move_to_page(Context& context) {
  Json page = Json::array();
  for (const SceneOutcome& outcome : recent_) page.push_back(json_of(outcome));
  const std::string text = page.dump(-1, ' ', false, Json::error_handler_t::replace);
  PutOptions options;
  options.mode = PutMode::replace;  // the attempt's own key; it may have been written and not journalled
  options.media_type = "application/json";
  const std::string key = key_prefix_ + "/" + attempt_.job().id + "/" + attempt_.key_part() + "-" +
                          std::to_string(pages_written_++) + ".json";
  const ByteView bytes{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  pages_.push_back(objects_.put(key, bytes, options, context));
  recent_.clear();
  recent_bytes_ = 0;
}

std::vector<std::string> objects_in_journal(std::string_view text, ObjectStore& objects, Context& context) {
  std::vector<std::string> keys;
  const auto keep = [&](const SceneOutcome& outcome) {
    if (outcome.object) keys.push_back(outcome.object->key);
  };
  try {
    const Json journal = json_object_of(text, "The journal");
    const Journalled scenes = journalled_in(journal);
    for (const SceneOutcome& outcome : scenes.recent) keep(outcome);
    for (const ObjectRef& page : scenes.pages) {
      keys.push_back(page.key);
      for (const SceneOutcome& outcome : page_of(page, objects, context)) keep(outcome);
    }
    const auto order = journal.find("order");
    if (order != journal.end() && order->contains("artwork")) keys.push_back(artwork_in((*order)["artwork"]).object.key);
  } catch (const std::invalid_argument& error) {
    throw damaged("", error);
  }
  return keys;
}

}  // namespace vitrine
