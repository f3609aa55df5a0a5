#include "jobs/firestore_claims.h"

#include <algorithm>
#include <random>
#include <tuple>
#include <utility>

#include "base/random_hex.h"
#include "jobs/firestore_queries.h"

namespace vitrine {
namespace {

using nlohmann::json;

constexpr std::size_t kTokenBytes = 16;
constexpr std::size_t kWriteIdBytes = 8;
constexpr int kFewCandidates = 8;         // among which workers pick at random
constexpr std::size_t kMostWrites = 200;  // in one request

// Workers that reach for the same first job lose most of their races: among the first few of one priority each picks
// its own order.
void mix_equals(std::vector<JobDocument>& found, int most) {
  const auto few = std::min<std::size_t>(found.size(), static_cast<std::size_t>(std::max(kFewCandidates, most)));
  std::size_t same = 0;
  while (same < few && found[same].stored.job.priority == found.front().stored.job.priority) ++same;
  thread_local std::minstd_rand random{std::random_device{}()};
  std::shuffle(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(same), random);
}

}  // namespace

std::vector<JobDocument> FirestoreClaims::candidates(int most, const std::vector<std::string>& kinds, Timestamp now,
                                                     Context& context) {
  const int few = std::min(std::max(kFewCandidates, 2 * most), 300);
  std::vector<JobDocument> found;
  const auto add = [&](const json& query) {
    for (const FirestoreDocument& document : client_.query(query, context))
      if (auto job = documents_.job_of(document)) found.push_back(std::move(*job));
  };
  for (const std::string& collection : documents_.collections_of(kinds)) {
    if (documents_.style_of(collection) != DocumentStyle::ours) adoption_.adopt(collection, now, context);
    add(firestore_query::ready(collection, kinds, few));
    add(firestore_query::due(collection, now, few));
  }
  std::erase_if(found, [&](const JobDocument& each) {
    const Job& job = each.stored.job;
    return job.state != JobState::pending || job.not_before > now ||
           (!kinds.empty() && std::find(kinds.begin(), kinds.end(), job.kind) == kinds.end());
  });
  std::sort(found.begin(), found.end(), [](const JobDocument& a, const JobDocument& b) {
    const Job& x = a.stored.job;
    const Job& y = b.stored.job;
    return std::tuple(-std::int64_t{x.priority}, x.created_at, x.id) <
           std::tuple(-std::int64_t{y.priority}, y.created_at, y.id);
  });
  mix_equals(found, most);
  return found;
}

std::vector<JobDocument> FirestoreClaims::take(const std::vector<JobDocument>& candidates, int most, std::string_view worker,
                                               std::chrono::milliseconds lease, Timestamp now, Context& context) {
  std::vector<JobDocument> taken;
  for (std::size_t at = 0; at < candidates.size() && static_cast<int>(taken.size()) < most;) {
    const auto size = std::min({candidates.size() - at, static_cast<std::size_t>(most) - taken.size(), kMostWrites});
    std::vector<JobDocument> tried;
    json writes = json::array();
    for (std::size_t i = at; i < at + size; ++i) {
      JobDocument next = candidates[i];
      next.stored = claimed(next.stored, worker, random_hex(kTokenBytes), lease, now);
      next.write_id = random_hex(kWriteIdBytes);
      writes.push_back(documents_.update(candidates[i], next.stored, next.write_id));
      tried.push_back(std::move(next));
    }
    const auto versions = write(writes, tried, context);
    for (std::size_t i = 0; i < tried.size(); ++i) {
      if (!versions[i]) continue;
      tried[i].document.update_time = *versions[i];
      tried[i].as_written = true;
      FirestoreJobs::apply(tried[i].document, writes[i]);
      taken.push_back(std::move(tried[i]));
    }
    at += size;
  }
  return taken;
}

// A claim whose answer was lost may have been made: it would wait for its lease to end, with nobody at it.
std::vector<std::optional<std::string>> FirestoreClaims::write(const json& writes,
                                                               const std::vector<JobDocument>& tried,
                                                               Context& context) {
  try {
    return client_.write_each(writes, context);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
  }
  std::vector<std::optional<std::string>> versions;
  for (const JobDocument& each : tried) {
    const auto found = jobs_.read(each.stored.job.id, context);
    versions.push_back(found && found->write_id == each.write_id ? std::optional(found->document.update_time)
                                                                 : std::nullopt);
  }
  return versions;
}

}  // namespace vitrine
