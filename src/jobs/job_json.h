#pragma once

#include <nlohmann/json_fwd.hpp>

#include "vitrine/jobs/cost.h"
#include "vitrine/jobs/job.h"

namespace vitrine {

/// Records as JSON, for export and for backends that keep documents. Times are microseconds since 1970 in UTC. A lease
/// does not go out.
nlohmann::ordered_json to_json(const Job& job);
nlohmann::ordered_json to_json(const CostEntry& entry);

/// Back again. Throws std::invalid_argument, or nlohmann::json::exception, for what could not have been stored.
Job job_of(const nlohmann::json& json);
CostEntry cost_of(const nlohmann::json& json);

}  // namespace vitrine
