#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/etsy_documents.h"
#include "jobs/firestore_client.h"
#include "jobs/job_transitions.h"
#include "vitrine/jobs/cost.h"
#include "vitrine/jobs/firestore_store.h"

namespace vitrine {

/// A job and the document that it was read from.
struct JobDocument {
  StoredJob stored;
  FirestoreDocument document;

  /// False if the document is not as we wrote it last: the old page made it, or somebody set its status by hand. Then
  /// the next write sets all fields.
  bool as_written = false;

  /// Which write made it so: tells after a lost answer whether that write was ours.
  std::string write_id;
};

/// How jobs lie in documents: what we need is in the map field `vitrine`; `status`, `createdAt` and what the old page
/// shows stand beside it. Fields that we do not know are never touched.
class FirestoreDocuments {
 public:
  explicit FirestoreDocuments(const FirestoreOptions& options);

  const std::string& collection_of_kind(std::string_view kind) const;
  DocumentStyle style_of(std::string_view collection) const;

  const std::string& templates() const { return options_.templates; }

  /// Collections that may hold jobs of `kinds` (empty: any).
  std::vector<std::string> collections_of(const std::vector<std::string>& kinds) const;

  /// Empty for a document that is no job, as when its id could not be one.
  std::optional<JobDocument> job_of(const FirestoreDocument& document) const;

  /// The write that makes a new document of `next`, and the one that turns `before` into `next`: only fields that
  /// differ go out, and `write_id`, which is new each time, so that a write always makes a new version.
  nlohmann::json create(const std::string& name, const StoredJob& next, const std::string& write_id) const;
  nlohmann::json update(const JobDocument& before, const StoredJob& next, const std::string& write_id) const;

  static nlohmann::json fields_of(const CostEntry& entry);
  static CostEntry cost_of(const FirestoreDocument& document);  ///< Throws Error `corrupt_data`.

 private:
  using Flat = std::map<std::string, nlohmann::json>;  // by field path
  Flat flat_fields(const StoredJob& stored, const nlohmann::json& before, std::string_view collection) const;

  FirestoreOptions options_;
};

}  // namespace vitrine
