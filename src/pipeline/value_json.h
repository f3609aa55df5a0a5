#pragma once

#include <optional>

#include "pipeline/json_fields.h"
#include "vitrine/base/clock.h"
#include "vitrine/compose/look.h"
#include "vitrine/image/codec.h"
#include "vitrine/image/region.h"
#include "vitrine/jobs/job.h"
#include "vitrine/pipeline/source.h"
#include "vitrine/storage/object_store.h"

namespace vitrine {

/// The values that requests, journals and results are made of. Reading throws std::invalid_argument.
Json json_of(const Quad& quad);
Json json_of(Size size);
Json json_of(const Region& region);  ///< Without its mask.
Json json_of(const ObjectRef& ref);
Json json_of(const Source& source);
Json json_of(const Look& look);
Json json_of(const EncodeOptions& encoding);
Json json_of(const Failure& failure);

std::optional<Quad> quad_in(const JsonFields& fields, const char* name);
std::optional<Size> size_in(const JsonFields& fields, const char* name, int most);
std::optional<Region> region_in(const JsonFields& fields, const char* name);
std::optional<ObjectRef> object_in(const JsonFields& fields, const char* name);
std::optional<Fit> fit_in(const JsonFields& fields, const char* name);
std::optional<Look> look_in(const JsonFields& fields, const char* name);

/// `json` is a text (an https or http address, else an object key) or an object with one of object, url and path.
Source source_of(const Json& json, const std::string& what);

/// From the fields format and quality.
EncodeOptions encoding_in(const JsonFields& fields);

}  // namespace vitrine
