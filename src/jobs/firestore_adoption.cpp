#include "jobs/firestore_adoption.h"

#include "base/random_hex.h"
#include "jobs/firestore_queries.h"
#include "vitrine/base/log.h"

namespace vitrine {
namespace {

using std::chrono::steady_clock;

constexpr int kPage = 100;
constexpr std::size_t kWriteIdBytes = 8;
constexpr auto kBetweenFullLooks = std::chrono::minutes(10);

// The page stamps documents by the server's clock when it commits: what is written now can be seen a little later.
constexpr auto kOverlap = std::chrono::minutes(1);

}  // namespace

void FirestoreAdoption::adopt(const std::string& collection, Timestamp now, Context& context) {
  const auto waiting = statuses_of(JobState::pending, documents_.style_of(collection));
  Watermark mark;
  {
    const std::lock_guard lock(mutex_);
    mark = watermarks_[collection];
  }
  const auto started = steady_clock::now();
  if (started >= mark.full_look_due) {
    std::optional<std::string> after;
    while (true) {
      const auto found = client_.query(firestore_query::by_status(collection, waiting, after, kPage), context);
      adopt_all(found, now, context);
      if (static_cast<int>(found.size()) < kPage) break;
      after = found.back().name;
    }
    mark.full_look_due = started + kBetweenFullLooks;
  } else {
    adopt_all(client_.query(firestore_query::by_status_since(collection, waiting, mark.seen_until - kOverlap, kPage),
                            context),
              now, context);
  }
  mark.seen_until = now;
  const std::lock_guard lock(mutex_);
  watermarks_[collection] = mark;
}

// All templates of the old page, as scenes.
nlohmann::json FirestoreAdoption::scenes(Context& context) {
  nlohmann::json scenes = nlohmann::json::array();
  std::optional<std::string> after;
  while (true) {
    const auto page = client_.query(firestore_query::by_status(documents_.templates(), {}, after, kPage), context);
    for (const FirestoreDocument& document : page)
      scenes.push_back(etsy_template_scene(FirestoreClient::id_of(document), FirestoreFields(document.fields)));
    if (static_cast<int>(page.size()) < kPage) return scenes;
    after = page.back().name;
  }
}

void FirestoreAdoption::adopt_all(const std::vector<FirestoreDocument>& found, Timestamp now, Context& context) {
  nlohmann::json writes = nlohmann::json::array();
  std::optional<nlohmann::json> templates;
  for (const FirestoreDocument& document : found) {
    const auto job = documents_.job_of(document);
    if (!job) {
      log(LogLevel::warning, "jobs",
          "The document " + document.name + " waits, but its id cannot be a job's. It is left alone.");
      continue;
    }
    if (job->as_written) continue;
    StoredJob adopted = job->stored;
    adopted.job.updated_at = now;
    adopted.job.not_before = now;
    // One that was set back to waiting has its scenes already.
    const bool is_new = !FirestoreFields(document.fields).has("vitrine.request");
    if (is_new && adopted.job.kind == "listing") {
      if (!templates) templates = scenes(context);
      if (!templates->empty()) adopted.job.request = with_scenes(adopted.job.request, *templates);
    }
    writes.push_back(documents_.update(*job, adopted, random_hex(kWriteIdBytes)));
  }
  // Whoever else adopts them does the same: a lost race is no loss.
  if (!writes.empty()) client_.write_each(writes, context);
}

}  // namespace vitrine
