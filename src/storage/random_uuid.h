#pragma once

#include <string>

namespace vitrine {

/// A random UUID (RFC 9562, version 4) that nobody can predict.
std::string random_uuid();

}  // namespace vitrine
