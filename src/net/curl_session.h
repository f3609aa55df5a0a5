#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace vitrine {

struct CurlCleanup {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlList = std::unique_ptr<curl_slist, CurlCleanup>;

/// Adds one line; the list changes hands inside libcurl. Throws std::bad_alloc.
void append(CurlList& list, const std::string& line);

/// What the sessions of one transport know together: names looked up and TLS sessions to resume. Connections are not
/// shared this way: libcurl 7.88 cannot do it between threads that run at once.
class CurlShare {
 public:
  CurlShare();
  ~CurlShare();
  CurlShare(const CurlShare&) = delete;
  CurlShare& operator=(const CurlShare&) = delete;
  CURLSH* get() const { return share_; }

 private:
  static void lock(CURL*, curl_lock_data what, curl_lock_access, void* self) noexcept;
  static void unlock(CURL*, curl_lock_data what, void* self) noexcept;

  CURLSH* share_;
  std::array<std::mutex, CURL_LOCK_DATA_LAST> mutexes_;
};

/// One exchange at a time and the connections it left open.
class CurlSession {
 public:
  CurlSession();
  ~CurlSession();
  CurlSession(const CurlSession&) = delete;
  CurlSession& operator=(const CurlSession&) = delete;

  CURL* easy() const { return easy_.get(); }
  CURLM* multi() const { return multi_; }
  std::string origin;  ///< Served last: the likeliest to have a connection open.

 private:
  CURLM* multi_;
  std::unique_ptr<CURL, CurlCleanup> easy_;
};

/// Idle sessions, at most so many. Safe to use from many threads at once.
class CurlPool {
 public:
  explicit CurlPool(std::size_t max_idle) : max_idle_(max_idle) {}

  /// The session that served `origin` most lately, else a new one or, if the pool is full, the oldest.
  std::unique_ptr<CurlSession> take(const std::string& origin);
  void give_back(std::unique_ptr<CurlSession> session) noexcept;

 private:
  std::size_t max_idle_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<CurlSession>> idle_;  // the most lately used last
};

}  // namespace vitrine
