#pragma once

#include <functional>
#include <memory>
#include <string>

#include "vitrine/base/clock.h"
#include "vitrine/base/export.h"
#include "vitrine/jobs/job_store.h"
#include "vitrine/net/google_credentials.h"
#include "vitrine/net/http_transport.h"

namespace vitrine {

/// Whose clock stamps jobs and judges leases.
enum class StoreTime {
  server,  ///< Firestore's, so that workers whose clocks differ agree.
  clock,   ///< The one that is passed in; for tests.
};

/// Where the jobs are. The names are those of the Etsy pipeline that Vitrine replaces, so that its documents are read
/// and written as they are; see docs/migrating.md.
struct FirestoreOptions {
  std::string project;                 ///< Empty: the one that the credentials belong to.
  std::string database = "(default)";

  /// "host:port" of an emulator, spoken to in plain HTTP as the owner. Empty: Google's service.
  std::string emulator_host;
  std::string endpoint = "https://firestore.googleapis.com";  ///< Without a slash at its end.

  std::string artwork_jobs = "jobs";                     ///< Jobs of kind "artwork".
  std::string mockup_jobs = "intelligent_mockup_jobs";   ///< Jobs of kind "mockup" and "listing".
  std::string other_jobs = "vitrine_jobs";               ///< Jobs of any other kind.
  std::string templates = "mockups";                     ///< Scenes that the old page's mockup jobs are for.
  std::string costs = "vitrine_costs";
  std::string client_keys = "vitrine_client_keys";       ///< One document a client key, which makes create() idempotent.

  StoreTime time = StoreTime::server;

  /// Turns an object's key into an address for the old web page, written beside the result. Empty: the key itself.
  std::function<std::string(const std::string& key)> address_of;
};

/// Keeps jobs in Google's Firestore, over REST. Jobs are claimed by a query and a compare-and-swap on the document's
/// version, so several workers pick among the first few and none waits for another. The documents are as large as
/// their request, journal and result together; Firestore's limit of 1 MiB holds all three at their own limits.
///
/// Costs of use: a claim that finds nothing reads up to a few documents; back off when idle. Queries need the indexes
/// in deploy/firestore.indexes.json.
VITRINE_EXPORT std::unique_ptr<JobStore> make_firestore_job_store(FirestoreOptions options,
                                                                  std::shared_ptr<HttpTransport> transport,
                                                                  std::shared_ptr<GoogleCredentials> credentials,
                                                                  std::shared_ptr<Clock> clock = make_system_clock());

}  // namespace vitrine
