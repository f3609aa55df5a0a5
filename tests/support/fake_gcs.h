#pragma once

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/temporary_folder.h"
#include "vitrine/base/clock.h"
#include "vitrine/net/http_transport.h"

namespace vitrine {

/// What happens to one request.
enum class FakeGcsFault {
  none,
  lose_request,  ///< It never arrives.
  lose_answer,   ///< It is carried out; the answer gets lost.
  cut,           ///< Half of the body arrives, up or down, then the connection breaks.
  busy,          ///< Answered 503.
  slow_down,     ///< Answered 429 with Retry-After: 7.
  forget,        ///< Answered 410: an upload session that is gone.
};

/// Cloud Storage as a transport: preconditions, resumable sessions, checksums and pages as its documentation has them,
/// and stricter than it where a client could go wrong unseen. Bytes lie in files, so that large objects cost no memory.
class FakeGcs final : public HttpTransport {
 public:
  explicit FakeGcs(std::string bucket = "shop");

  HttpResponse send(const HttpRequest& request, Context& context) override;

  void then(FakeGcsFault next);  ///< For the next request in line.
  void refuse(int status, std::string message,
              std::string reason = "forbidden");  ///< Answers every request so from now on.
  void damage(const std::string& key);            ///< Changes a stored byte, but not the checksums.
  void put_foreign(const std::string& key, const std::string& bytes);  ///< As a console would: without our metadata.

  std::vector<HttpRequest> requests() const;              ///< Without their bodies.
  nlohmann::json resource(const std::string& key) const;  ///< The object's metadata; null if it is not there.

 private:
  struct File;
  struct Object {
    std::shared_ptr<File> bytes;
    nlohmann::json resource;
  };
  struct Session {
    std::shared_ptr<File> bytes;
    nlohmann::json metadata;
    std::map<std::string, std::string> query;
    std::uint64_t total = 0;
    bool done = false;
  };
  using Query = std::map<std::string, std::string>;

  HttpResponse serve(const HttpRequest& request, bool cut, Context& context);
  HttpResponse upload(const HttpRequest& request, const Query& query, bool cut);
  HttpResponse multipart(const HttpRequest& request, const Query& query);
  HttpResponse start_session(const HttpRequest& request, const Query& query);
  HttpResponse add_chunk(const HttpRequest& request, const std::string& id, bool cut);
  HttpResponse finish(const std::string& key, std::shared_ptr<File> bytes, const nlohmann::json& metadata,
                      const Query& query);
  HttpResponse list(const Query& query) const;
  HttpResponse download(const HttpRequest& request, const std::string& key, const Query& query, bool cut);
  HttpResponse remove(const std::string& key, const Query& query);
  HttpResponse patch(const HttpRequest& request, const std::string& key, const Query& query);
  std::shared_ptr<File> make_file();
  std::optional<HttpResponse> precondition(const std::string& key, const Query& query) const;

  const std::string bucket_;
  const TemporaryFolder folder_;
  mutable std::mutex mutex_;
  std::map<std::string, Object> objects_;
  std::map<std::string, Session> sessions_;
  std::deque<FakeGcsFault> faults_;
  std::optional<HttpResponse> refusal_;
  std::vector<HttpRequest> requests_;
  int files_ = 0;
  long long generation_ = 1'700'000'000'000'000;
};

}  // namespace vitrine
