#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/export.h"
#include "vitrine/base/money.h"
#include "vitrine/compose/look.h"
#include "vitrine/generate/generator.h"
#include "vitrine/image/codec.h"
#include "vitrine/image/geometry.h"
#include "vitrine/pipeline/source.h"

namespace vitrine {

/// Request of a job of kind "artwork": a picture to order.
struct ArtworkRequest {
  GenerationRequest picture{};
  std::optional<MicroUsd> budget{};  ///< Most that the job may cost. Empty: only the pipeline's own limits.
};

/// One scene of a mockup job.
struct SceneRequest {
  std::string id;    ///< Names it in journal and result; unique in a job. Empty: what shown(source) says.
  std::string name;  ///< For people; may be empty.
  Source source;     ///< A picture, or a .vitrine template.
  std::optional<Quad> quad{};  ///< Where the artwork goes; empty: the detector looks.
  std::optional<Fit> fit{};    ///< Empty: the job's.
  std::optional<Look> look{};  ///< Empty: the job's.
};

/// What becomes of a job of which some scenes were made and others were not, once no attempt can help.
enum class Partial {
  complete,  ///< It completes; its result names what is missing and why.
  fail,      ///< It fails; retry() makes only what is missing.
};

VITRINE_EXPORT std::string_view name_of(Partial partial) noexcept;

/// Request of jobs of the kinds "mockup" (one artwork, given scenes) and "listing" (one artwork, every scene under a
/// prefix of the object store, or a chosen set).
struct MockupRequest {
  Source artwork{};
  std::optional<ArtworkRequest> order{};  ///< Instead of `artwork`: order it first.
  std::vector<SceneRequest> scenes{};
  std::string scenes_under{};  ///< Kind "listing", if `scenes` is empty: all objects whose keys start so.
  Fit fit = Fit::cover;
  Look look{};
  EncodeOptions encoding{};
  Partial partial = Partial::complete;
};

/// One mockup to make: an artwork, a scene, and where the result goes.
struct MockupOrder {
  Source artwork{};
  SceneRequest scene{};
  Fit fit = Fit::cover;  ///< Unless the scene has its own.
  Look look{};           ///< Unless the scene has its own.
  EncodeOptions encoding{};
  std::string key_stem{};  ///< Object key without suffix; make it the attempt's own. An object there is replaced.
};

/// The requests as JSON, as NewJob::request takes it: docs/pipeline.md has the schema. Reading ignores names that it
/// does not know. Throws std::invalid_argument naming the field, the value and what it may be.
VITRINE_EXPORT std::string to_json(const ArtworkRequest& request);
VITRINE_EXPORT std::string to_json(const MockupRequest& request);
VITRINE_EXPORT std::string to_json(const MockupOrder& order);
VITRINE_EXPORT ArtworkRequest artwork_request_of(std::string_view json);
VITRINE_EXPORT MockupRequest mockup_request_of(std::string_view json);
VITRINE_EXPORT MockupOrder mockup_order_of(std::string_view json);

}  // namespace vitrine
