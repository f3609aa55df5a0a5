#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "vitrine/storage/object_store.h"

namespace vitrine {

/// An empty store, and what it needs to live.
struct ObjectWorld {
  std::shared_ptr<void> holds;
  std::unique_ptr<ObjectStore> store;
};

struct ObjectBackend {
  std::string name;
  ObjectWorld (*make)();
};
inline void PrintTo(const ObjectBackend& backend, std::ostream* out) { *out << backend.name; }

/// All that the suite runs on: those of this process in object_backends.cpp, real services in ../services.
std::vector<ObjectBackend> object_backends();

}  // namespace vitrine
