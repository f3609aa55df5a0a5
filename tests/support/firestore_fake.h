// Firestore in this process, as strict as Google's: preconditions, masks, orders and cursors hold, and what it does not
// know it refuses. Faults can be scripted, which no real service lets us do.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "vitrine/net/http_transport.h"

namespace vitrine {

class FirestoreFake : public HttpTransport {
 public:
  enum class Fault {
    none,
    no_answer_before,  ///< The request never arrives.
    no_answer_after,   ///< It is done, but the answer is lost.
    unavailable,       ///< 503 UNAVAILABLE; nothing is done.
    denied,            ///< 403 PERMISSION_DENIED.
    missing_index,     ///< 400 FAILED_PRECONDITION with the link.
    too_slow,          ///< 504 DEADLINE_EXCEEDED.
  };

  HttpResponse send(const HttpRequest& request, Context& context) override;

  /// The next requests to `verb` meet these faults, in order.
  void fail_next(const std::string& verb, std::vector<Fault> faults);

  /// Writes a document as somebody else would: all its fields.
  void put(const std::string& collection, const std::string& id, const nlohmann::json& fields);
  nlohmann::json fields_of(const std::string& collection, const std::string& id) const;  ///< null if there is none.

  std::vector<nlohmann::json> queries() const;  ///< Each structured query so far.
  int requests() const;

 private:
  struct Stored {
    nlohmann::json fields;
    std::int64_t version = 0;
  };
  using Answer = std::pair<int, nlohmann::json>;
  Answer answer(const std::string& verb, const nlohmann::json& body);
  Answer commit(const nlohmann::json& body);
  Answer write_each(const nlohmann::json& body);
  Answer query(const nlohmann::json& query) const;
  std::vector<std::string> matching(const nlohmann::json& query) const;
  nlohmann::json fault_of(const nlohmann::json& write) const;
  void apply(const nlohmann::json& write);
  nlohmann::json document_of(const std::string& name) const;

  mutable std::mutex mutex_;
  std::map<std::string, Stored> documents_;
  std::int64_t versions_ = 0;
  std::map<std::string, std::deque<Fault>> faults_;
  std::vector<nlohmann::json> queries_;
  int requests_ = 0;
};

}  // namespace vitrine
