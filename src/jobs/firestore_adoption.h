#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include "jobs/firestore_client.h"
#include "jobs/firestore_documents.h"

namespace vitrine {

/// Finds jobs that the old web page made, or that somebody set back to waiting by hand, and gives them the fields by
/// which claims find jobs. The first look, and one every ten minutes, goes over all that wait; the others only over
/// those that are new, so that a long queue is not read again by every claim. Safe to use from many threads at once.
class FirestoreAdoption {
 public:
  FirestoreAdoption(FirestoreClient& client, const FirestoreDocuments& documents)
      : client_(client), documents_(documents) {}  ///< Both are borrowed.

  void adopt(const std::string& collection, Timestamp now, Context& context);

 private:
  struct Watermark {
    std::chrono::steady_clock::time_point full_look_due{};
    Timestamp seen_until{};
  };
  nlohmann::json scenes(Context& context);
  void adopt_all(const std::vector<FirestoreDocument>& found, Timestamp now, Context& context);

  FirestoreClient& client_;
  const FirestoreDocuments& documents_;
  std::mutex mutex_;
  std::map<std::string, Watermark> watermarks_;  // by collection
};

}  // namespace vitrine
