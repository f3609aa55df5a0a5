#pragma once

#include <memory>

#include "vitrine/base/clock.h"
#include "vitrine/base/export.h"
#include "vitrine/storage/object_store.h"

namespace vitrine {

/// Keeps objects in this process, for tests and notebooks. url() gives "memory:<key>".
VITRINE_EXPORT std::unique_ptr<ObjectStore> make_memory_object_store(
    std::shared_ptr<Clock> clock = make_system_clock());

}  // namespace vitrine
