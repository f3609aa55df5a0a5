#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/export.h"
#include "vitrine/base/money.h"
#include "vitrine/image/region.h"
#include "vitrine/jobs/job.h"
#include "vitrine/storage/object_store.h"

namespace vitrine {

/// A picture that was ordered and stored.
struct MadeArtwork {
  ObjectRef object{};
  Size size{};
  std::string task{};  ///< The service's name for the order, and the id of its line in the ledger.
  std::string model{};
  MicroUsd cost{};
  bool settled = false;  ///< False: `cost` is an estimate.
};

/// What a scene offers, before any artwork is put into it.
struct PreparedScene {
  std::string scene{};  ///< SceneRequest::id.
  Size size{};
  std::vector<Region> regions{};  ///< Best first; without masks.
};

/// What became of one scene of a job: an object, or a failure.
struct SceneOutcome {
  std::string scene{};  ///< SceneRequest::id.
  std::string name{};
  std::optional<ObjectRef> object{};
  Size size{};
  std::optional<Region> region{};  ///< Where the artwork went; without mask.
  int regions = 0;                 ///< How many were found.
  std::optional<Failure> failure{};
};

/// As JSON, with references only: docs/pipeline.md has the schema. Reading throws std::invalid_argument.
VITRINE_EXPORT std::string to_json(const MadeArtwork& artwork);
VITRINE_EXPORT std::string to_json(const PreparedScene& scene);
VITRINE_EXPORT std::string to_json(const SceneOutcome& outcome);
VITRINE_EXPORT MadeArtwork made_artwork_of(std::string_view json);
VITRINE_EXPORT SceneOutcome scene_outcome_of(std::string_view json);

}  // namespace vitrine
