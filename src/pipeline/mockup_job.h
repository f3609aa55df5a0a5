#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipeline/mockup_maker.h"
#include "pipeline/scene_log.h"
#include "vitrine/pipeline/pipeline.h"

namespace vitrine {

/// Makes all mockups of a job, but for those that its journal has. Borrows everything.
class MockupJob {
 public:
  MockupJob(Pipeline& pipeline, MockupMaker& maker, const PipelineParts& parts, const PipelineOptions& options)
      : pipeline_(pipeline), maker_(maker), parts_(parts), options_(options) {}

  /// The result. Throws if no scene could be made, or failures may pass and attempts are left, or Partial::fail.
  std::string run(JobAttempt& attempt, const MockupRequest& request, Context& context);

 private:
  std::vector<SceneRequest> all_scenes(const MockupRequest& request, Context& context);
  std::vector<SceneOutcome> make(JobAttempt& attempt, const MockupRequest& request,
                                 const std::vector<SceneRequest>& scenes, Context& context);
  SceneOutcome make_scene(const MockupOrder& order, SceneLog& log, Context& context);

  Pipeline& pipeline_;
  MockupMaker& maker_;
  const PipelineParts& parts_;
  const PipelineOptions& options_;
};

/// The mockup under the order's key.
SceneOutcome store_mockup(const RenderedMockup& mockup, const MockupOrder& order, ObjectStore& objects,
                          Context& context);

/// The result as JSON: as it is if it fits, else with its scenes in an object.
std::string result_json(JobAttempt& attempt, const std::optional<MadeArtwork>& artwork,
                        const std::vector<SceneOutcome>& outcomes, ObjectStore& objects, const std::string& key_prefix,
                        Context& context);

}  // namespace vitrine
