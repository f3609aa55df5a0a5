#include "pipeline/job_objects.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "pipeline/json_fields.h"
#include "pipeline/outcome_json.h"
#include "pipeline/scene_log.h"
#include "pipeline/value_json.h"
#include "vitrine/base/log.h"

namespace vitrine {
namespace {

constexpr std::chrono::seconds kRemoveWithin{5};
constexpr std::size_t kLargestResult = 64u << 20u;
constexpr int kPage = 1000;

void keep_object(const Json& holder, const char* name, std::set<std::string>& keys) {
  const JsonFields fields(holder, "The result");
  if (const auto object = object_in(fields, name)) keys.insert(object->key);
}

void keep_scenes(const Json& scenes, std::set<std::string>& keys) {
  const auto mockups = scenes.find("mockups");
  if (mockups == scenes.end() || !mockups->is_array()) return;
  for (const Json& mockup : *mockups) keep_object(mockup, "object", keys);
}

std::set<std::string> published(const Job& job, ObjectStore& objects, Context& context) {
  const auto journalled = objects_in_journal(job.journal, objects, context);
  std::set<std::string> keys(journalled.begin(), journalled.end());
  if (job.result.empty()) return keys;
  const Json result = json_object_of(job.result, "The result");
  keep_object(result, "object", keys);
  if (const auto artwork = result.find("artwork"); artwork != result.end()) keep_object(*artwork, "object", keys);
  keep_scenes(result, keys);
  const auto scenes = object_in(JsonFields(result, "The result"), "scenes_object");
  if (!scenes) return keys;
  keys.insert(scenes->key);
  keep_scenes(Json::parse(objects.get(scenes->key, context, kLargestResult)), keys);
  return keys;
}

bool has_ended(const Job& job) { return job.state != JobState::pending && job.state != JobState::processing; }

std::vector<std::string> stale_objects(const std::string& prefix, const std::set<std::string>& keep, Timestamp before,
                                       ObjectStore& objects, Context& context) {
  std::vector<std::string> stale;
  std::optional<std::string> after;
  do {
    ObjectPage page = objects.list(prefix, after, kPage, context);
    for (const ObjectInfo& info : page.objects)
      if (info.updated_at <= before && !keep.contains(info.ref.key)) stale.push_back(info.ref.key);
    after = std::move(page.next);
  } while (after);
  return stale;
}

}  // namespace

void remove_objects(const std::vector<std::string>& keys, ObjectStore& objects) {
  Context context = Context::with_timeout(kRemoveWithin);
  try {
    for (const std::string& key : keys) objects.remove(key, context);
  } catch (const Error& error) {
    log(LogLevel::warning, "pipeline", "Objects of a lost attempt were left behind: " + std::string(error.what()));
  }
}

int tidy_objects(const PipelineParts& parts, const ObjectLayout& layout, std::string_view job_id,
                 std::chrono::milliseconds min_age, Context& context) {
  // The time comes first: what an attempt still to come writes is younger.
  const Timestamp before = parts.clock->now() - min_age;
  const auto job = parts.jobs->find(job_id, context);
  if (!job || !has_ended(*job)) return 0;
  const std::set<std::string> keep = published(*job, *parts.objects, context);
  int removed = 0;
  for (const std::string& prefix : {layout.artworks, layout.mockups, layout.journals})
    for (const std::string& key :
         stale_objects(prefix + "/" + job->id + "/", keep, before, *parts.objects, context))
      removed += parts.objects->remove(key, context) ? 1 : 0;
  return removed;
}

}  // namespace vitrine
