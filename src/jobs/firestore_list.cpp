#include "jobs/firestore_list.h"

#include <algorithm>
#include <utility>

#include "jobs/firestore_queries.h"

namespace vitrine {
namespace {

constexpr int kLargestPage = 300;

// What the queries cannot tell apart, so that documents have to be looked at one by one.
bool needs_a_look(const JobFilter& filter) { return !filter.kind.empty() || filter.finished_until; }

}  // namespace

std::vector<std::string> FirestoreList::collections_of(const JobFilter& filter) const {
  if (filter.kind.empty()) return documents_.collections_of({});
  return documents_.collections_of({filter.kind});
}

std::vector<std::string> FirestoreList::statuses_in(const std::string& collection, const JobFilter& filter) const {
  std::vector<std::string> statuses;
  for (const JobState state : filter.states)
    for (std::string& status : statuses_of(state, documents_.style_of(collection)))
      if (std::find(statuses.begin(), statuses.end(), status) == statuses.end()) statuses.push_back(std::move(status));
  return statuses;
}

// Up to `limit` + 1 that match, so that the caller sees whether there are more.
std::vector<Job> FirestoreList::first_of(const std::string& collection, const JobFilter& filter,
                                         std::optional<JobPosition> after, int limit, Context& context) const {
  const auto statuses = statuses_in(collection, filter);
  const int page_size = std::min(limit + 1, kLargestPage);
  std::vector<Job> matching;
  while (true) {
    context.check();
    std::optional<std::pair<Timestamp, std::string>> start;
    if (after) start.emplace(after->created_at, client_.name_of_document(collection, after->id));
    const auto documents =
        client_.query(firestore_query::newest(collection, statuses, filter, start, page_size), context);
    for (const FirestoreDocument& document : documents) {
      const auto found = documents_.job_of(document);
      after = JobPosition{FirestoreFields(document.fields).time("createdAt").value_or(Timestamp{}),
                          FirestoreClient::id_of(document)};
      if (!found || !matches(filter, found->stored.job)) continue;
      matching.push_back(found->stored.job);
      if (static_cast<int>(matching.size()) > limit) return matching;
    }
    if (static_cast<int>(documents.size()) < page_size) return matching;
  }
}

JobPage FirestoreList::page(const JobFilter& filter, const std::optional<JobPosition>& after, int limit,
                            Context& context) const {
  std::vector<Job> all;
  for (const std::string& collection : collections_of(filter)) {
    auto part = first_of(collection, filter, after, limit, context);
    std::move(part.begin(), part.end(), std::back_inserter(all));
  }
  std::sort(all.begin(), all.end(), [](const Job& a, const Job& b) { return position_of(b) < position_of(a); });
  JobPage page;
  const bool more = static_cast<int>(all.size()) > limit;
  if (more) all.resize(static_cast<std::size_t>(limit));
  page.jobs = std::move(all);
  if (more) page.next = cursor_of(position_of(page.jobs.back()));
  return page;
}

std::int64_t FirestoreList::count(const JobFilter& filter, Context& context) const {
  std::int64_t count = 0;
  if (!needs_a_look(filter)) {
    for (const std::string& collection : collections_of(filter))
      count += client_.count(firestore_query::newest(collection, statuses_in(collection, filter), filter, {}, 0), context);
    return count;
  }
  std::optional<JobPosition> after;
  while (true) {
    const JobPage next = page(filter, after, kLargestPage - 1, context);
    count += std::ssize(next.jobs);
    if (!next.next) return count;
    after = position_of(next.jobs.back());
  }
}

}  // namespace vitrine
