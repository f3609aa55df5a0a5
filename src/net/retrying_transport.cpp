#include <algorithm>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "net/request_rules.h"
#include "vitrine/base/log.h"
#include "vitrine/net/http_error.h"
#include "vitrine/net/http_status.h"
#include "vitrine/net/retry.h"
#include "vitrine/net/url.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;

constexpr double kEarnedBySuccess = 0.1;

/// Knows whether anything has gone through: then a second attempt would write it twice.
class WatchedSink final : public ByteSink {
 public:
  explicit WatchedSink(std::shared_ptr<ByteSink> inner) : inner_(std::move(inner)) {}
  void write(ByteView bytes) override {
    is_touched_ = true;
    inner_->write(bytes);
  }
  bool is_touched() const { return is_touched_; }

 private:
  std::shared_ptr<ByteSink> inner_;
  bool is_touched_ = false;
};

bool contains(const std::vector<int>& list, int status) {
  return std::find(list.begin(), list.end(), status) != list.end();
}

void log_repeat(const HttpRequest& request, milliseconds wait) {
  if (!log_enabled(LogLevel::info)) return;
  log(LogLevel::info, "net",
      std::string(name_of(request.method)) + " " + redacted(request.url) + " is repeated in " +
          std::to_string(wait.count()) + " ms");
}

class RetryingTransport final : public HttpTransport {
 public:
  RetryingTransport(std::shared_ptr<HttpTransport> inner, RetryPolicy policy, std::shared_ptr<Clock> clock,
                    RandomSource random)
      : inner_(std::move(inner)), policy_(std::move(policy)), clock_(std::move(clock)), random_(std::move(random)) {
    if (!inner_ || !clock_ || !random_)
      throw std::invalid_argument(
          "make_retrying_transport() got no transport, no clock or no random source. Give all.");
    RetrySchedule(policy_, random_);  // checks the policy
    budget_ = policy_.budget;
  }

  HttpResponse send(const HttpRequest& request, Context& context) override {
    if (!request.sink) return send_watched(request, nullptr, context);
    const auto sink = std::make_shared<WatchedSink>(request.sink);
    HttpRequest watched = request;
    watched.sink = sink;
    return send_watched(watched, sink.get(), context);
  }

 private:
  HttpResponse send_watched(const HttpRequest& request, const WatchedSink* sink, Context& context) {
    RandomSource random = [this] { return draw(); };
    RetrySchedule schedule(policy_, random);
    for (;;) {
      milliseconds wait{0};
      try {
        HttpResponse response = inner_->send(request, context);
        const auto next = is_repeatable(request, response.status)
                              ? next_wait(schedule, sink, retry_after_of(response, clock_->now()), context)
                              : std::nullopt;
        if (!next) {
          if (response.ok()) earn();
          return response;
        }
        wait = *next;
      } catch (const HttpError& error) {
        const auto next =
            is_repeatable(request, error) ? next_wait(schedule, sink, error.retry_after(), context) : std::nullopt;
        if (!next) throw;
        wait = *next;
      }
      log_repeat(request, wait);
      clock_->sleep_until(clock_->now() + wait, context);
    }
  }

  bool is_repeatable(const HttpRequest& request, int status) const {
    if (request.source) return false;
    return contains(policy_.refusals, status) || (is_idempotent(request.method) && contains(policy_.statuses, status));
  }

  static bool is_repeatable(const HttpRequest& request, const HttpError& error) {
    if (request.source || !error.retryable()) return false;
    return error.fate() == SendFate::not_sent || is_idempotent(request.method);
  }

  std::optional<milliseconds> next_wait(RetrySchedule& schedule, const WatchedSink* sink,
                                        std::optional<milliseconds> retry_after, Context& context) {
    if (sink != nullptr && sink->is_touched()) return std::nullopt;
    const auto wait = schedule.next(retry_after);
    if (!wait || *wait >= context.time_left() || !spend()) return std::nullopt;
    return wait;
  }

  double draw() {
    const std::lock_guard lock(mutex_);
    return random_();
  }

  bool spend() {
    const std::lock_guard lock(mutex_);
    if (budget_ < 1) return false;
    budget_ -= 1;
    return true;
  }

  void earn() {
    const std::lock_guard lock(mutex_);
    budget_ = std::min(policy_.budget, budget_ + kEarnedBySuccess);
  }

  std::shared_ptr<HttpTransport> inner_;
  RetryPolicy policy_;
  std::shared_ptr<Clock> clock_;
  std::mutex mutex_;
  RandomSource random_;
  double budget_ = 0;
};

}  // namespace

std::unique_ptr<HttpTransport> make_retrying_transport(std::shared_ptr<HttpTransport> inner, RetryPolicy policy,
                                                       std::shared_ptr<Clock> clock, RandomSource random) {
  return std::make_unique<RetryingTransport>(std::move(inner), std::move(policy), std::move(clock), std::move(random));
}

}  // namespace vitrine
