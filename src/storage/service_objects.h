#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/storage/object_store.h"

namespace vitrine {

/// Part of a list, as large as a service likes to make it.
struct ListedPart {
  std::vector<ObjectInfo> objects;
  std::string next_token;  ///< Empty at the end.
};

/// Asks for parts, by how many are wanted and where to go on, until a page of `limit` objects behind `after` is full or
/// the list ends. What others put under keys that are none of ours is left out.
ObjectPage page_of_parts(const std::optional<std::string>& after, int limit,
                         const std::function<ListedPart(std::size_t count, const std::string& token)>& part);

/// Reads an object that may be replaced between the look at it and the reading: `read_once` finds and reads it, and is
/// empty if another one lay there by then and nothing was delivered. Throws Error `unavailable` after some tries.
ObjectRef read_settled(std::string_view key, const std::function<std::optional<ObjectRef>()>& read_once);

}  // namespace vitrine
