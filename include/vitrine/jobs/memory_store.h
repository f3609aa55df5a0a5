#pragma once

#include <memory>

#include "vitrine/base/clock.h"
#include "vitrine/base/export.h"
#include "vitrine/jobs/job_store.h"

namespace vitrine {

/// Keeps jobs in this process, for tests and notebooks.
VITRINE_EXPORT std::unique_ptr<JobStore> make_memory_job_store(std::shared_ptr<Clock> clock = make_system_clock());

}  // namespace vitrine
