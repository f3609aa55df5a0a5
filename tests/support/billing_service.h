#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "vitrine/generate/generator.h"
#include "vitrine/pipeline/order.h"

namespace vitrine {

/// What one picture of the billing service costs.
inline constexpr MicroUsd kServicePrice{40'000};

/// A service that outlives the processes that order from it: each order is a file in `bill`, there whole or not at all,
/// and holds its prompt.
std::shared_ptr<ImageGenerator> make_billing_service(const std::filesystem::path& bill);

/// Looks orders up by their prompts, which must differ.
FindOrder look_up_in(const std::filesystem::path& bill);

/// The prompts of all orders that were charged.
std::vector<std::string> charged_prompts(const std::filesystem::path& bill);

}  // namespace vitrine
