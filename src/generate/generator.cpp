#include "vitrine/generate/generator.h"

#include "vitrine/base/error.h"

namespace vitrine {
namespace {

// A result address lives for minutes: more than a few expired in a row are not bad luck.
constexpr int kMostFetches = 5;

std::string named(const GenerationTask& task) { return "Task " + task.id + " of generator '" + task.generator + "'"; }

std::string reason(const GenerationStatus& status) {
  return status.detail.empty() ? std::string(".") : ": " + status.detail;
}

[[noreturn]] void throw_unfinished(const GenerationTask& task, const GenerationStatus& status) {
  switch (status.state) {
    case GenerationState::moderated:
      throw Error(ErrorCode::moderated,
                  named(task) + " was refused by moderation" + reason(status) + " Change the prompt and order again.");
    case GenerationState::lost:
      throw Error(ErrorCode::not_found, named(task) + " is not known to the service any more" + reason(status) +
                                            " Look at the service's bill before ordering again.");
    default:
      throw Error(ErrorCode::unavailable, named(task) + " failed at the service" + reason(status) +
                                              " Order again if the picture is still wanted.");
  }
}

// The order is paid for: whoever reads this must be able to find it, and nothing may order it a second time by itself.
Error not_journalled(const GenerationTask& task, ErrorCode code, const std::string& why) {
  return {code,
          named(task) + " is ordered and paid for, but could not be journalled: " + why +
              " Note the task and collect it with resume(); do not order again.",
          Retry::never};
}

void write_journal(const ImageGenerator::Journal& journal, const GenerationTask& task) {
  if (!journal) return;
  try {
    journal(task);
  } catch (const Error& error) {
    throw not_journalled(task, error.code(), error.what());
  } catch (const std::exception& error) {
    throw not_journalled(task, ErrorCode::unavailable, error.what());
  }
}

}  // namespace

std::string_view name_of(GenerationKind kind) noexcept {
  switch (kind) {
    case GenerationKind::artwork:
      return "artwork";
    case GenerationKind::scene:
      return "scene";
  }
  return "unknown";
}

std::string_view name_of(GenerationState state) noexcept {
  switch (state) {
    case GenerationState::pending:
      return "pending";
    case GenerationState::ready:
      return "ready";
    case GenerationState::failed:
      return "failed";
    case GenerationState::moderated:
      return "moderated";
    case GenerationState::lost:
      return "lost";
  }
  return "unknown";
}

GeneratedImage ImageGenerator::generate(const GenerationRequest& request, const Journal& journal, Context& context) {
  const GenerationTask task = submit(request, context);
  write_journal(journal, task);
  return resume(task, context);
}

GeneratedImage ImageGenerator::resume(const GenerationTask& task, Context& context) {
  for (int fetches = 1;;) {
    const GenerationStatus status = poll(task, context);
    context.report(status.progress);
    if (status.state == GenerationState::pending) {
      context.wait_for(poll_interval());
      continue;
    }
    if (status.state != GenerationState::ready) throw_unfinished(task, status);
    try {
      return fetch(task, status, context);
    } catch (const Error& error) {
      // The address has expired: the next poll gives a new one.
      if (error.code() != ErrorCode::not_found || fetches++ == kMostFetches) throw;
    }
  }
}

}  // namespace vitrine
