#pragma once

#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/clock.h"
#include "vitrine/base/context.h"
#include "vitrine/base/error.h"
#include "vitrine/net/google_credentials.h"
#include "vitrine/net/http_transport.h"

namespace vitrine {

struct FirestoreDocument {
  std::string name;  ///< "projects/…/databases/…/documents/collection/id"
  nlohmann::json fields = nlohmann::json::object();
  std::string update_time;  ///< The version for compare-and-swap; pass it back unchanged.
};

/// What Firestore said no to: its `status` word, by which callers branch (the HTTP code means too many things).
class FirestoreError : public Error {
 public:
  FirestoreError(ErrorCode code, const std::string& message, std::string status)
      : Error(code, message), status_(std::move(status)) {}
  const std::string& status() const noexcept { return status_; }

  /// Somebody was faster: the document is not as the precondition says.
  bool lost_race() const noexcept;

 private:
  std::string status_;
};

/// One write of a commit (google.firestore.v1.Write).
nlohmann::json create_write(const std::string& name, nlohmann::json fields);

/// Sets the fields that `mask` names, and removes those that it names and `fields` lacks; others stay. Only if the
/// document is of that version.
nlohmann::json update_write(const std::string& name, nlohmann::json fields, const std::vector<std::string>& mask,
                            const std::string& update_time);
nlohmann::json delete_write(const std::string& name, const std::optional<std::string>& update_time);

/// Documents of one Firestore database over REST: the few requests that a job store needs. Reads are repeated when
/// the service hiccups; writes are not, since their answers may be lost: what to do then is the caller's knowledge.
/// Safe to use from many threads at once.
class FirestoreClient {
 public:
  struct Place {
    std::string endpoint;  ///< "https://firestore.googleapis.com", or the emulator's.
    std::string project;
    std::string database;
  };
  FirestoreClient(std::shared_ptr<HttpTransport> transport, std::shared_ptr<GoogleCredentials> credentials, Place place);

  std::string name_of_document(std::string_view collection, std::string_view id) const;
  static std::string id_of(const FirestoreDocument& document);
  static std::string collection_of(const FirestoreDocument& document);

  /// All writes or none. Returns their new versions, in order. Throws FirestoreError (lost_race), Error.
  std::vector<std::string> commit(const nlohmann::json& writes, Context& context);

  /// Each write for itself. Returns the new version of each that succeeded; empty where its precondition failed.
  std::vector<std::optional<std::string>> write_each(const nlohmann::json& writes, Context& context);

  std::vector<FirestoreDocument> query(const nlohmann::json& structured_query, Context& context);
  std::int64_t count(const nlohmann::json& structured_query, Context& context);
  std::vector<FirestoreDocument> get(const std::vector<std::string>& names, Context& context);  ///< Those that exist.

  /// The server's time, carried on from the latest answer that told it; empty before the first.
  std::optional<Timestamp> server_now() const;

 private:
  nlohmann::json call(const std::string& verb, const nlohmann::json& body, Context& context);
  nlohmann::json read(const std::string& verb, const nlohmann::json& body, Context& context);
  void note_time(const nlohmann::json& answer);
  [[noreturn]] void refuse(const nlohmann::json& answer, int http_status) const;

  std::shared_ptr<HttpTransport> transport_;
  std::shared_ptr<GoogleCredentials> credentials_;
  Place place_;
  std::string documents_;  // "projects/…/documents"
  mutable std::mutex mutex_;
  std::optional<Timestamp> server_time_;
  std::chrono::steady_clock::time_point heard_at_;
};

}  // namespace vitrine
