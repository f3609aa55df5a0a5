#include "vitrine/pipeline/pipeline.h"

#include <stdexcept>
#include <utility>

#include "pipeline/job_objects.h"
#include "pipeline/json_fields.h"
#include "pipeline/mockup_job.h"
#include "pipeline/mockup_maker.h"
#include "pipeline/outcome_json.h"
#include "pipeline/paid_order.h"
#include "pipeline/scene_log.h"

namespace vitrine {
namespace {

constexpr int kPage = 1000;

PipelineParts checked(PipelineParts parts) {
  if (!parts.detector || !parts.compositor || !parts.jobs || !parts.objects || !parts.clock)
    throw std::invalid_argument("A pipeline needs a detector, a compositor, a job store, an object store and a clock.");
  return parts;
}

PipelineOptions checked(PipelineOptions options) {
  const ObjectLayout& layout = options.layout;
  for (const std::string& prefix : {layout.artworks, layout.mockups, layout.journals}) require_object_key(prefix);
  if (options.scenes_at_once < 1 || options.scenes_per_journal < 1)
    throw std::invalid_argument("scenes_at_once and scenes_per_journal must be at least 1.");
  return options;
}

std::string artwork_result(const MadeArtwork& artwork) { return to_json(artwork); }

bool is_picture(const std::string& key) {
  return key.ends_with(".vitrine") || format_of_suffix(key).has_value();
}

}  // namespace

struct Pipeline::State {
  State(PipelineParts given_parts, PipelineOptions given_options)
      : parts(checked(std::move(given_parts))),
        options(checked(std::move(given_options))),
        maker(parts, options),
        spending(*parts.jobs, parts.clock, options.spending) {}

  PipelineParts parts;
  PipelineOptions options;
  MockupMaker maker;
  SpendingGuard spending;
};

Pipeline::Pipeline(PipelineParts parts, PipelineOptions options)
    : state_(std::make_unique<State>(std::move(parts), std::move(options))) {}

Pipeline::~Pipeline() = default;

std::string Pipeline::run(JobAttempt& attempt, Context& context) {
  const Job& job = attempt.job();
  if (job.kind == "artwork") return artwork_result(generate_artwork(attempt, artwork_request_of(job.request), context));
  if (job.kind == "mockup" || job.kind == "listing") {
    MockupJob mockups(*this, state_->maker, state_->parts, state_->options);
    return mockups.run(attempt, mockup_request_of(job.request), context);
  }
  throw std::invalid_argument("The pipeline knows no jobs of kind '" + job.kind +
                              "'; it does artwork, mockup and listing. Give the engine a handler for it.");
}

MadeArtwork Pipeline::generate_artwork(JobAttempt& attempt, const ArtworkRequest& request, Context& context) {
  const PipelineParts& parts = state_->parts;
  if (!parts.generator)
    throw Error(ErrorCode::model_unavailable,
                "This pipeline has no generator, so it cannot order a picture. Give PipelineParts::generator.");
  const OrderDesk desk{*parts.generator, *parts.jobs,       *parts.objects,
                       *parts.clock,     state_->spending, parts.find_order,
                       state_->options.layout.artworks,
                       state_->options.order_grace};
  return collect_order(desk, attempt, request, context);
}

std::vector<SceneRequest> Pipeline::list_scenes(std::string_view prefix, Context& context) {
  std::vector<SceneRequest> scenes;
  std::optional<std::string> after;
  do {
    ObjectPage page = state_->parts.objects->list(prefix, after, kPage, context);
    for (const ObjectInfo& info : page.objects) {
      if (!is_picture(info.ref.key)) continue;
      SceneRequest scene;
      scene.id = info.ref.key;
      scene.source = {Source::Kind::object, info.ref.key, {}};
      scenes.push_back(std::move(scene));
    }
    after = std::move(page.next);
  } while (after);
  return scenes;
}

PreparedScene Pipeline::prepare_scene(const SceneRequest& scene, Context& context) {
  return state_->maker.prepare(scene, context);
}

SceneOutcome Pipeline::render_mockup(const MockupOrder& order, Context& context) {
  Context rendering = context.part(0, 0.9);
  return store_mockup(state_->maker.render(order, rendering), order, *state_->parts.objects, context);
}

void Pipeline::note_outcomes(JobAttempt& attempt, const std::vector<SceneOutcome>& outcomes, Context& context) {
  const PipelineOptions& options = state_->options;
  SceneLog log(attempt, *state_->parts.objects, options.layout.journals, static_cast<int>(outcomes.size()) + 1,
               context);
  for (const SceneOutcome& outcome : outcomes)
    if (!log.made_before().contains(outcome.scene)) log.add(outcome, context);
  log.save(context);
}

std::string Pipeline::result_of(JobAttempt& attempt, const std::optional<MadeArtwork>& artwork,
                                const std::vector<SceneOutcome>& outcomes, Context& context) {
  return result_json(attempt, artwork, outcomes, *state_->parts.objects, state_->options.layout.journals, context);
}

int Pipeline::tidy(std::string_view job_id, std::chrono::milliseconds min_age, Context& context) {
  return tidy_objects(state_->parts, state_->options.layout, job_id, min_age, context);
}

PipelineUsage Pipeline::usage() const { return state_->maker.usage(); }

}  // namespace vitrine
