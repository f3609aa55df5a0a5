#include "jobs/firestore_jobs.h"

#include <algorithm>
#include <random>
#include <utility>

#include "base/random_hex.h"
#include "jobs/job_rules.h"
#include "vitrine/base/sha256.h"

namespace vitrine {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr std::size_t kWriteIdBytes = 8;
constexpr int kMostRounds = 12;
constexpr int kMostSends = 5;  // of one write, while the service is away
constexpr milliseconds kShortestWait{20};

}  // namespace

std::optional<JobDocument> FirestoreJobs::read(std::string_view id, Context& context) {
  if (!is_job_id(id)) return std::nullopt;
  std::vector<std::string> names;
  for (const std::string& collection : documents_.collections_of({}))
    names.push_back(client_.name_of_document(collection, id));
  for (const FirestoreDocument& document : client_.get(names, context))
    if (auto found = documents_.job_of(document)) return found;
  return std::nullopt;
}

std::string FirestoreJobs::name_of_client_key(const std::string& key) const {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(key.data());
  return client_.name_of_document(client_keys_, sha256_hex({bytes, key.size()}));
}

std::optional<JobDocument> FirestoreJobs::find_by_client_key(const std::string& key, Context& context) {
  if (key.empty()) return std::nullopt;
  for (const FirestoreDocument& document : client_.get({name_of_client_key(key)}, context))
    if (const auto id = FirestoreFields(document.fields).text("job_id")) return read(*id, context);
  return std::nullopt;
}

// False if the id or the client key is taken. After a lost answer it looks whether the document is this one.
bool FirestoreJobs::try_create(const StoredJob& made, Context& context) {
  const std::string name =
      client_.name_of_document(documents_.collection_of_kind(made.job.kind), made.job.id);
  const std::string write_id = random_hex(kWriteIdBytes);
  json writes = json::array({documents_.create(name, made, write_id)});
  if (!made.job.client_key.empty())
    writes.push_back(create_write(name_of_client_key(made.job.client_key), {{"job_id", text_value(made.job.id)}}));
  for (int round = 0;; ++round) {
    try {
      client_.commit(writes, context);
      return true;
    } catch (const FirestoreError& error) {
      if (error.lost_race() && error.status() != "ABORTED") {
        const auto found = read(made.job.id, context);
        return found && found->write_id == write_id;
      }
      if ((!error.retryable() && error.status() != "ABORTED") || round + 1 == kMostSends) throw;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unavailable || round + 1 == kMostSends) throw;
    }
    wait_before(round, context);
  }
}

bool FirestoreJobs::try_remove(const JobDocument& found, Context& context) {
  json writes = json::array({delete_write(found.document.name, found.document.update_time)});
  if (!found.stored.job.client_key.empty())
    writes.push_back(delete_write(name_of_client_key(found.stored.job.client_key), std::nullopt));
  try {
    client_.commit(writes, context);
    return true;
  } catch (const FirestoreError& error) {
    if (!error.lost_race()) throw;
    return false;
  }
}

// Empty if somebody else was faster. An answer that got lost is looked for in the document.
std::optional<JobDocument> FirestoreJobs::try_update(const JobDocument& before, const StoredJob& next, Context& context) {
  JobDocument after = before;
  after.stored = next;
  after.write_id = random_hex(kWriteIdBytes);
  after.as_written = true;
  const json write = documents_.update(before, next, after.write_id);
  try {
    after.document.update_time = client_.commit(json::array({write}), context).front();
    apply(after.document, write);
    return after;
  } catch (const FirestoreError& error) {
    if (error.lost_race()) return std::nullopt;
    if (!error.retryable()) throw;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
  }
  auto found = read(next.job.id, context);
  if (found && found->write_id == after.write_id) return found;
  return std::nullopt;
}

// Brings the fields that `write` set into the copy of the document that we keep.
void FirestoreJobs::apply(FirestoreDocument& document, const json& write) {
  for (const auto& [name, value] : write["update"]["fields"].items()) {
    if (name != "vitrine" || !document.fields.contains(name)) {
      document.fields[name] = value;
      continue;
    }
    json& kept = document.fields[name]["mapValue"]["fields"];
    for (const auto& [inner, field] : value["mapValue"]["fields"].items()) kept[inner] = field;
  }
}

void FirestoreJobs::wait_before(int round, Context& context) {
  if (round + 1 >= kMostRounds)
    throw Error(ErrorCode::conflict, "A document was changed by others " + std::to_string(kMostRounds) +
                                         " times while it was to be written. Try again, with fewer workers.");
  thread_local std::minstd_rand random{std::random_device{}()};
  const auto longest = kShortestWait.count() * (std::int64_t{1} << std::min(round, 5));
  context.wait_for(milliseconds(std::uniform_int_distribution<std::int64_t>(1, longest)(random)));
}

}  // namespace vitrine
