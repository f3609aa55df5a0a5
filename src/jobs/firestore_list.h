#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "jobs/firestore_client.h"
#include "jobs/firestore_documents.h"
#include "jobs/job_filter.h"
#include "vitrine/jobs/job.h"

namespace vitrine {

/// Lists jobs over all collections, as if they were one.
class FirestoreList {
 public:
  FirestoreList(FirestoreClient& client, const FirestoreDocuments& documents)
      : client_(client), documents_(documents) {}  ///< Both are borrowed.

  JobPage page(const JobFilter& filter, const std::optional<JobPosition>& after, int limit, Context& context) const;
  std::int64_t count(const JobFilter& filter, Context& context) const;

 private:
  std::vector<std::string> collections_of(const JobFilter& filter) const;
  std::vector<std::string> statuses_in(const std::string& collection, const JobFilter& filter) const;
  std::vector<Job> first_of(const std::string& collection, const JobFilter& filter, std::optional<JobPosition> after,
                            int limit, Context& context) const;

  FirestoreClient& client_;
  const FirestoreDocuments& documents_;
};

}  // namespace vitrine
