#include "pipeline/mockup_job.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <stdexcept>
#include <utility>

#include "base/thread_pool.h"
#include "pipeline/failure_of.h"
#include "pipeline/job_objects.h"
#include "pipeline/scene_log.h"

namespace vitrine {
namespace {

constexpr std::size_t kLongestMessage = 500;  // of one scene: a job may have hundreds
constexpr std::size_t kReasonsTold = 5;
constexpr std::size_t kLongestSlug = 40;

// A part of an object key that people recognize.
std::string slug_of(const std::string& id) {
  const std::size_t slash = id.find_last_of('/');
  std::string name = slash == std::string::npos ? id : id.substr(slash + 1);
  name = name.substr(0, name.rfind('.'));
  std::string slug;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain)
      slug += c;
    else if (!slug.empty() && slug.back() != '-')
      slug += '-';
  }
  return slug.substr(0, kLongestSlug);
}

std::string key_stem(const JobAttempt& attempt, const std::string& prefix, std::size_t index, const std::string& id) {
  return prefix + "/" + attempt.job().id + "/" + attempt.key_part() + "/" + std::to_string(index) + "-" + slug_of(id);
}

// The work as a whole ends; it is no one scene's fault.
bool ends_the_job(const Failure& failure, const Context& context) {
  // A time-out of its own, as of a fetch, is the scene's.
  return context.cancelled() || context.time_left() == std::chrono::milliseconds(0) ||
         failure.code == name_of(ErrorCode::lease_lost);
}

SceneOutcome failed_scene(const SceneRequest& scene, Failure failure) {
  failure.message = failure.message.substr(0, kLongestMessage);
  SceneOutcome outcome;
  outcome.scene = scene.id;
  outcome.name = scene.name;
  outcome.failure = std::move(failure);
  return outcome;
}

std::string reasons(const std::vector<SceneOutcome>& outcomes) {
  std::string text;
  std::size_t told = 0;
  for (const SceneOutcome& outcome : outcomes) {
    if (!outcome.failure) continue;
    if (++told > kReasonsTold) return text + " …";
    text += (text.empty() ? "" : " ") + outcome.failure->message;
  }
  return text;
}

// What the attempt fails with: retryable if any scene's trouble may pass. The code is that of the first such, or the
// first at all.
Error failure_of_all(const std::vector<SceneOutcome>& outcomes, std::size_t failed, Retry retry) {
  ErrorCode code = ErrorCode::no_suitable_region;
  if (retry == Retry::by_code) code = ErrorCode::unavailable;
  for (const SceneOutcome& outcome : outcomes) {
    if (!outcome.failure || retry == Retry::by_code) continue;
    const auto found = code_named(outcome.failure->code);
    if (found) code = *found;
    break;
  }
  return {code,
          std::to_string(failed) + " of " + std::to_string(outcomes.size()) + " scenes failed: " + reasons(outcomes),
          retry};
}

void require_end(const JobAttempt& attempt, Partial partial, const std::vector<SceneOutcome>& outcomes) {
  const auto is_failed = [](const SceneOutcome& outcome) { return outcome.failure.has_value(); };
  const auto failed = static_cast<std::size_t>(std::count_if(outcomes.begin(), outcomes.end(), is_failed));
  if (failed == 0) return;
  const bool may_pass = std::any_of(outcomes.begin(), outcomes.end(), [](const SceneOutcome& outcome) {
    return outcome.failure && outcome.failure->retryable;
  });
  if (may_pass && attempt.job().attempt < attempt.job().max_attempts)
    throw failure_of_all(outcomes, failed, Retry::by_code);
  if (failed == outcomes.size() || partial == Partial::fail) throw failure_of_all(outcomes, failed, Retry::never);
}

}  // namespace

SceneOutcome store_mockup(const RenderedMockup& mockup, const MockupOrder& order, ObjectStore& objects,
                          Context& context) {
  PutOptions options;
  options.mode = PutMode::replace;  // the key is the attempt's own, and the same order gives the same bytes
  options.media_type = media_type_of(mockup.format);
  SceneOutcome outcome;
  outcome.scene = order.scene.id.empty() ? shown(order.scene.source) : order.scene.id;
  outcome.name = order.scene.name;
  outcome.object =
      objects.put(order.key_stem + std::string(suffix_of(mockup.format)), mockup.bytes, options, context);
  outcome.size = mockup.size;
  outcome.region = mockup.region;
  outcome.regions = mockup.regions;
  return outcome;
}

std::string MockupJob::run(JobAttempt& attempt, const MockupRequest& request, Context& context) {
  MockupRequest work = request;
  if (work.scenes.empty() && attempt.job().kind == "listing") work.scenes = all_scenes(work, context);
  if (work.scenes.empty())
    throw std::invalid_argument("The request has no scenes. Name at least one, or put templates under '" +
                                (work.scenes_under.empty() ? options_.templates : work.scenes_under) +
                                "' for a listing.");
  std::optional<MadeArtwork> ordered;
  Context ordering = context.part(0, work.order ? 0.3 : 0);
  if (work.order) {
    ordered = pipeline_.generate_artwork(attempt, *work.order, ordering);
    work.artwork = {Source::Kind::object, ordered->object.key, ordered->object.sha256};
  }
  // Before any scene: an artwork that cannot be used would fail each of them.
  work.artwork = maker_.require_artwork(work.artwork, context);
  Context making = context.part(work.order ? 0.3 : 0, 1);
  const auto outcomes = make(attempt, work, work.scenes, making);
  require_end(attempt, work.partial, outcomes);
  return pipeline_.result_of(attempt, ordered, outcomes, context);
}

std::vector<SceneRequest> MockupJob::all_scenes(const MockupRequest& request, Context& context) {
  if (!request.scenes_under.empty()) return pipeline_.list_scenes(request.scenes_under, context);
  return parts_.all_scenes ? parts_.all_scenes(context) : pipeline_.list_scenes(options_.templates, context);
}

std::vector<SceneOutcome> MockupJob::make(JobAttempt& attempt, const MockupRequest& request,
                                          const std::vector<SceneRequest>& scenes, Context& context) {
  SceneLog log(attempt, *parts_.objects, options_.layout.journals, options_.scenes_per_journal, context);
  std::vector<SceneOutcome> outcomes(scenes.size());
  std::atomic<std::size_t> ended = 0;
  const auto make_one = [&](std::size_t i) {
    const auto known = log.made_before().find(scenes[i].id);
    outcomes[i] = known != log.made_before().end()
                      ? known->second
                      : make_scene({request.artwork, scenes[i], request.fit, request.look, request.encoding,
                                    key_stem(attempt, options_.layout.mockups, i, scenes[i].id)},
                                   log, context);
    context.report(static_cast<double>(++ended) / static_cast<double>(scenes.size()));
  };
  try {
    ThreadPool pool;
    pool.for_each(scenes.size(), options_.scenes_at_once, context, make_one);
    log.save(context);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::lease_lost) remove_objects(log.unsaved_objects(), *parts_.objects);
    throw;
  }
  return outcomes;
}

SceneOutcome MockupJob::make_scene(const MockupOrder& order, SceneLog& log, Context& context) {
  std::optional<RenderedMockup> mockup;
  try {
    Context silent = context.part(0, 0);
    mockup = maker_.render(order, silent);
  } catch (const std::exception&) {
    Failure failure = failure_of(std::current_exception());
    if (ends_the_job(failure, context)) throw;
    return failed_scene(order.scene, std::move(failure));
  }
  // Outside of the above: a store that refuses one mockup refuses the next.
  SceneOutcome outcome = store_mockup(*mockup, order, *parts_.objects, context);
  log.add(outcome, context);
  return outcome;
}

}  // namespace vitrine
