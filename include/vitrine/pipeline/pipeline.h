#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/clock.h"
#include "vitrine/base/context.h"
#include "vitrine/base/export.h"
#include "vitrine/compose/compositor.h"
#include "vitrine/detect/detector.h"
#include "vitrine/detect/region_policy.h"
#include "vitrine/generate/generator.h"
#include "vitrine/image/codec.h"
#include "vitrine/jobs/job_store.h"
#include "vitrine/pipeline/job_attempt.h"
#include "vitrine/pipeline/job_request.h"
#include "vitrine/pipeline/job_result.h"
#include "vitrine/pipeline/order.h"
#include "vitrine/pipeline/source.h"
#include "vitrine/storage/object_store.h"

namespace vitrine {

/// Who does the work. All but those marked must be there.
struct PipelineParts {
  std::shared_ptr<const Detector> detector{};
  std::shared_ptr<const Compositor> compositor{};
  std::shared_ptr<JobStore> jobs{};
  std::shared_ptr<ObjectStore> objects{};
  std::shared_ptr<Clock> clock = make_system_clock();  ///< The job store's own.
  std::shared_ptr<ImageGenerator> generator{};         ///< May be absent: jobs that order a picture then fail.
  Fetch fetch{};                                       ///< May be absent: no address is fetched.
  FindOrder find_order{};                              ///< May be absent: the service cannot look orders up.

  /// The scenes of a listing that names none. May be absent: those under PipelineOptions::templates. Give ids: a result
  /// is found by them.
  std::function<std::vector<SceneRequest>(Context& context)> all_scenes{};
};

/// Where objects go: <prefix>/<job id>/<attempt's own digits>… Prefixes are object keys; make them differ.
struct ObjectLayout {
  std::string artworks = "artworks";
  std::string mockups = "mockups";
  std::string journals = "journals";  ///< Pages of long journals and results.
};

struct PipelineOptions {
  ObjectLayout layout{};
  std::filesystem::path input_folder{};  ///< Requests may name files below it; empty: none.
  std::string templates = "templates/";  ///< Prefix of the scenes of a listing that names none.
  RegionPolicy policy{};
  DecodeOptions decoding{};
  SpendingLimits spending{};

  /// Longest time that sending an order can take. Only after it an order that the service does not know is taken as
  /// never sent: until then a worker that lost its lease may still be sending it.
  std::chrono::milliseconds order_grace = std::chrono::minutes(2);
  std::size_t memory_bytes = std::size_t{2} << 30u;   ///< For pixels in flight; work that needs more waits its turn.
  std::size_t cache_bytes = std::size_t{512} << 20u;  ///< For prepared scenes, and half as much for artworks, on top.
  int render_threads = 1;                             ///< For one mockup; 0: as many as there are cores.
  int scenes_at_once = 1;                             ///< Of one job.
  int scenes_per_journal = 1;  ///< Raise it if the job store is slow: as many are made again after a crash.
};

struct PipelineUsage {
  std::size_t memory_in_use = 0;  ///< Bytes, as estimated from the pictures' sizes.
  std::size_t waiting = 0;        ///< How many pieces of work wait for memory.
  std::size_t cached = 0;         ///< Bytes of prepared scenes and artworks that are kept.
};

/// Does jobs of the kinds "artwork", "mockup" and "listing": order, decode, detect, prepare, render, encode, store.
/// Every step can be called alone, by a workflow engine, with references in and out; every step can be repeated, and
/// nothing is paid twice. docs/pipeline.md has requests, results and what the journal holds. Safe to use from many
/// threads at once. Throws std::invalid_argument for bad requests, Error for the rest; cancel is noticed within 50 ms.
class VITRINE_EXPORT Pipeline {
 public:
  explicit Pipeline(PipelineParts parts, PipelineOptions options = {});
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// The whole job, by its kind, from where its journal says it stands: the handler for run_attempt(). Returns the
  /// result. What cannot be made of a scene is told there; only if nothing was made, or Partial::fail, it throws.
  std::string run(JobAttempt& attempt, Context& context);

  /// Step: the picture is ordered, or collected if it is ordered already, and stored. One job orders once.
  MadeArtwork generate_artwork(JobAttempt& attempt, const ArtworkRequest& request, Context& context);

  /// Step: the scenes under a prefix of the object store, by key.
  std::vector<SceneRequest> list_scenes(std::string_view prefix, Context& context);

  /// Step: finds out where artwork goes in the scene and keeps it prepared in this process. Throws no_suitable_region.
  PreparedScene prepare_scene(const SceneRequest& scene, Context& context);

  /// Step: one mockup, made and stored.
  SceneOutcome render_mockup(const MockupOrder& order, Context& context);

  /// Step: writes outcomes into the journal, for the attempt that comes after this one. Failures are left out.
  void note_outcomes(JobAttempt& attempt, const std::vector<SceneOutcome>& outcomes, Context& context);

  /// Step: the result for JobStore::complete(). `artwork` if the job ordered one.
  std::string result_of(JobAttempt& attempt, const std::optional<MadeArtwork>& artwork,
                        const std::vector<SceneOutcome>& outcomes, Context& context);

  /// Removes the objects of a job that neither its result nor its journal names, if it has ended: those of attempts
  /// that were lost. `min_age` keeps what is younger. Returns how many were removed; 0 if the job is unknown.
  int tidy(std::string_view job_id, std::chrono::milliseconds min_age, Context& context);

  PipelineUsage usage() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vitrine
