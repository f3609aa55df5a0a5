#include "vitrine/base/log.h"

#include <spdlog/details/null_mutex.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

namespace vitrine {
namespace {

LogLevel level_of(spdlog::level::level_enum level) {
  if (level <= spdlog::level::debug) return LogLevel::debug;
  if (level == spdlog::level::info) return LogLevel::info;
  return level == spdlog::level::warn ? LogLevel::warning : LogLevel::error;
}

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

// The host's function is called outside any lock of ours: it may wait for a lock that a logging thread holds, as
// Python's does.
class HostSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit HostSink(LogSink host) : sink_(std::move(host)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string_view area(message.logger_name.data(), message.logger_name.size());
    sink_(level_of(message.level), area, {message.payload.data(), message.payload.size()});
  }
  void flush_() override {}

  LogSink sink_;
};

constexpr int kSilent = 100;
std::atomic<int> least_level = kSilent;
std::mutex sink_mutex;
std::shared_ptr<HostSink> current_sink;

std::shared_ptr<HostSink> host_sink() {
  const std::lock_guard lock(sink_mutex);
  return current_sink;
}

}  // namespace

void set_log_sink(LogSink sink, LogLevel least) {
  auto next = sink ? std::make_shared<HostSink>(std::move(sink)) : nullptr;
  const std::lock_guard lock(sink_mutex);
  least_level.store(next ? static_cast<int>(least) : kSilent);
  current_sink.swap(next);
}

bool log_enabled(LogLevel level) noexcept {
  return static_cast<int>(level) >= least_level.load(std::memory_order_relaxed);
}

void log(LogLevel level, std::string_view area, std::string_view message) {
  if (!log_enabled(level)) return;
  const auto sink = host_sink();
  if (!sink) return;
  spdlog::logger logger(std::string(area), sink);
  logger.set_level(spdlog::level::trace);
  logger.log(spdlog_level(level), spdlog::string_view_t(message.data(), message.size()));
}

}  // namespace vitrine
