#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "generate/bfl_endpoints.h"
#include "vitrine/image/geometry.h"

namespace vitrine {

/// A picture that goes into a request.
struct BflPicture {
  std::string value;         ///< Bare base64, or an https address.
  std::optional<Size> size;  ///< Empty for an address: it is the service that looks.
};

/// Takes base64, with or without "data:image/…;base64," in front, or an address where the field allows one. Throws
/// std::invalid_argument naming the field, never showing the value.
BflPicture read_bfl_picture(const BflField& field, std::string_view value);

/// Throws std::invalid_argument unless `url` is an https address that a request may carry.
void require_bfl_address(const BflField& field, std::string_view url);

}  // namespace vitrine
