#pragma once

#include <functional>
#include <optional>
#include <string>

#include "jobs/firestore_client.h"
#include "vitrine/jobs/cost.h"

namespace vitrine {

/// The ledger as documents, one an entry, named by the digest of its id. Safe to use from many threads at once.
class FirestoreLedger {
 public:
  FirestoreLedger(FirestoreClient& client, std::string collection)
      : client_(client), collection_(std::move(collection)) {}  ///< `client` is borrowed.

  /// Adds the entry unless its id is there; true if it was added.
  bool add(const CostEntry& entry, Context& context);

  /// Adds the entry or settles the one with its id.
  void record(const CostEntry& entry, Context& context);

  /// Shows entries by time from behind the one with the id `after` on until `visit` returns false. Throws Error
  /// `not_found` if there is no such entry.
  void visit(const CostFilter& filter, const std::optional<std::string>& after,
             const std::function<bool(const CostEntry&)>& visit, Context& context);

 private:
  std::string name_of(const std::string& id) const;
  std::optional<FirestoreDocument> find(const std::string& id, Context& context);

  FirestoreClient& client_;
  const std::string collection_;
};

}  // namespace vitrine
