#pragma once

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/firestore_adoption.h"
#include "jobs/firestore_client.h"
#include "jobs/firestore_documents.h"
#include "jobs/firestore_jobs.h"

namespace vitrine {

/// Claims jobs: looks for those that are due, and takes each by a compare-and-swap on its document. A query that stays
/// open in a transaction would block every other worker (measured: 25 jobs in 225 s against 200 in 3.6 s). Safe to use
/// from many threads at once.
class FirestoreClaims {
 public:
  FirestoreClaims(FirestoreClient& client, const FirestoreDocuments& documents, FirestoreJobs& jobs)
      : client_(client), documents_(documents), jobs_(jobs), adoption_(client, documents) {}  ///< All are borrowed.

  /// Those that could be claimed now: by priority, then age; more than are asked for, since others want them too.
  std::vector<JobDocument> candidates(int most, const std::vector<std::string>& kinds, Timestamp now, Context& context);

  /// Claims up to `most` of them, each for itself; fewer if others were faster.
  std::vector<JobDocument> take(const std::vector<JobDocument>& candidates, int most, std::string_view worker,
                                std::chrono::milliseconds lease, Timestamp now, Context& context);

 private:
  std::vector<std::optional<std::string>> write(const nlohmann::json& writes, const std::vector<JobDocument>& tried,
                                                Context& context);

  FirestoreClient& client_;
  const FirestoreDocuments& documents_;
  FirestoreJobs& jobs_;
  FirestoreAdoption adoption_;
};

}  // namespace vitrine
