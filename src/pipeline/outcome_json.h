#pragma once

#include "pipeline/json_fields.h"
#include "vitrine/pipeline/job_result.h"

namespace vitrine {

/// Results as JSON, for what is built from them.
Json json_of(const MadeArtwork& artwork);
Json json_of(const SceneOutcome& outcome);
MadeArtwork artwork_in(const Json& json);
SceneOutcome outcome_in(const Json& json);

}  // namespace vitrine
