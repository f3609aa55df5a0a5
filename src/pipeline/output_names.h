#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "vitrine/pipeline/batch.h"

namespace vitrine {

/// Where each mockup of the batch goes, artworks outermost, without a suffix when the output is a folder: the format
/// may depend on the picture. Throws std::invalid_argument if two would get one name, or one file is asked for many.
std::vector<std::filesystem::path> output_names(const BatchRequest& request);

}  // namespace vitrine
