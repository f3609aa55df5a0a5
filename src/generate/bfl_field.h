#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "generate/bfl_endpoints.h"
#include "vitrine/image/geometry.h"

namespace vitrine {

/// One field as it will be sent, and the sizes of the pictures in it (empty for one given by its address).
struct BflValue {
  nlohmann::json json;
  std::vector<std::optional<Size>> pictures;
};

/// Checks `value` against its row. Throws std::invalid_argument with the field, the value seen and the limit; of texts
/// and pictures it shows the length only.
BflValue check_bfl_field(const BflEndpoint& endpoint, const BflField& field, nlohmann::json value);

/// True for what a journal must not hold: pictures, for their length, and addresses and secrets, which can be signed.
bool is_left_out_of_tasks(const BflField& field);

}  // namespace vitrine
