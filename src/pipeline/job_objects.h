#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/pipeline/pipeline.h"

namespace vitrine {

/// Removes what it can within a few seconds; what is left, tidying finds later.
void remove_objects(const std::vector<std::string>& keys, ObjectStore& objects);

/// Does what Pipeline::tidy() says.
int tidy_objects(const PipelineParts& parts, const ObjectLayout& layout, std::string_view job_id,
                 std::chrono::milliseconds min_age, Context& context);

}  // namespace vitrine
