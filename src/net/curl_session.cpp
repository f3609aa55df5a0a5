#include "net/curl_session.h"

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

#include "vitrine/base/log.h"

namespace vitrine {
namespace {

constexpr long kConnectionsPerSession = 4;

// Safe from many threads: this libcurl is built for it.
void start_curl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw std::bad_alloc();
}

}  // namespace

void append(CurlList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  (void)list.release();
  list.reset(longer);
}

CurlShare::CurlShare() {
  start_curl();
  share_ = curl_share_init();
  if (share_ == nullptr) throw std::bad_alloc();
  curl_share_setopt(share_, CURLSHOPT_USERDATA, this);
  curl_share_setopt(share_, CURLSHOPT_LOCKFUNC, &CurlShare::lock);
  curl_share_setopt(share_, CURLSHOPT_UNLOCKFUNC, &CurlShare::unlock);
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

CurlShare::~CurlShare() { curl_share_cleanup(share_); }

void CurlShare::lock(CURL*, curl_lock_data what, curl_lock_access, void* self) noexcept {
  static_cast<CurlShare*>(self)->mutexes_[what].lock();
}

void CurlShare::unlock(CURL*, curl_lock_data what, void* self) noexcept {
  static_cast<CurlShare*>(self)->mutexes_[what].unlock();
}

CurlSession::CurlSession() {
  start_curl();
  multi_ = curl_multi_init();
  easy_.reset(curl_easy_init());
  if (multi_ == nullptr || !easy_) {
    curl_multi_cleanup(multi_);
    throw std::bad_alloc();
  }
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kConnectionsPerSession);
}

CurlSession::~CurlSession() {
  // libcurl wants its easy handles gone first.
  easy_.reset();
  curl_multi_cleanup(multi_);
}

std::unique_ptr<CurlSession> CurlPool::take(const std::string& origin) {
  std::unique_ptr<CurlSession> taken;
  {
    const std::lock_guard lock(mutex_);
    const auto same =
        std::find_if(idle_.rbegin(), idle_.rend(), [&](const auto& each) { return each->origin == origin; });
    auto chosen = same == idle_.rend() ? idle_.end() : std::prev(same.base());
    if (chosen == idle_.end() && !idle_.empty() && idle_.size() >= max_idle_) chosen = idle_.begin();
    if (chosen != idle_.end()) {
      taken = std::move(*chosen);
      idle_.erase(chosen);
    }
  }
  if (!taken) taken = std::make_unique<CurlSession>();
  taken->origin = origin;
  return taken;
}

void CurlPool::give_back(std::unique_ptr<CurlSession> session) noexcept {
  try {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < max_idle_) idle_.push_back(std::move(session));
  } catch (const std::bad_alloc&) {
    log(LogLevel::warning, "net", "There is no memory to keep a connection open.");
  }
}

}  // namespace vitrine
