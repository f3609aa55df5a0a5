#pragma once

#include <exception>
#include <optional>
#include <string_view>

#include "vitrine/jobs/job.h"

namespace vitrine {

/// What is told of an exception: the code of an Error, "submit_unknown", "invalid_request" for misuse, "out_of_memory",
/// or "internal". Throws on what is no std::exception.
Failure failure_of(const std::exception_ptr& trouble);

/// The code with that name, if any.
std::optional<ErrorCode> code_named(std::string_view name);

}  // namespace vitrine
