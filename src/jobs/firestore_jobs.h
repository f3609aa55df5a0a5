#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "jobs/firestore_client.h"
#include "jobs/firestore_documents.h"

namespace vitrine {

/// Single jobs as documents: read, made, swapped against the version that was read, removed. A write whose answer got
/// lost is looked for by its write id, and counts as done if it is there. Safe to use from many threads at once.
class FirestoreJobs {
 public:
  FirestoreJobs(FirestoreClient& client, const FirestoreDocuments& documents, std::string client_keys)
      : client_(client), documents_(documents), client_keys_(std::move(client_keys)) {}  ///< Both are borrowed.

  std::optional<JobDocument> read(std::string_view id, Context& context);
  std::optional<JobDocument> find_by_client_key(const std::string& key, Context& context);

  /// False if the id or the client key is taken.
  bool try_create(const StoredJob& made, Context& context);

  /// The document as it is then; empty if somebody else was faster.
  std::optional<JobDocument> try_update(const JobDocument& before, const StoredJob& next, Context& context);
  bool try_remove(const JobDocument& found, Context& context);

  /// Brings the fields that `write` set into a copy of the document.
  static void apply(FirestoreDocument& document, const nlohmann::json& write);

  /// Waits a random time that grows with the rounds of read and compare-and-swap. Throws Error `conflict` after many.
  static void wait_before(int round, Context& context);

 private:
  std::string name_of_client_key(const std::string& key) const;

  FirestoreClient& client_;
  const FirestoreDocuments& documents_;
  const std::string client_keys_;
};

}  // namespace vitrine
