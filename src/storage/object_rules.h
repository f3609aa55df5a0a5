#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "vitrine/base/error.h"
#include "vitrine/storage/object_store.h"

namespace vitrine {

/// What every backend checks and says in the same words. The require_… throw std::invalid_argument with the reason.
void require_put(std::string_view key, const PutOptions& options);
void require_list_limit(int limit);
void require_url(std::string_view key, std::chrono::seconds lifetime);

/// How often get() and remove() look again when the object changed under their hands.
inline constexpr int kMostLooks = 10;

Error object_restless(std::string_view key);  ///< It changed each time.

/// What require_object_key() takes. Services hold other names too, "folder/" say; list() leaves them out.
bool is_object_key(std::string_view text);

Error no_such_object(std::string_view key);
Error object_exists(std::string_view key);
Error object_corrupt(std::string_view key, const std::string& reason);

}  // namespace vitrine
