#include "conformance/object_backends.h"

#include "support/fake_gcs.h"
#include "support/temporary_folder.h"
#include "vitrine/storage/file_store.h"
#include "vitrine/storage/gcs_store.h"
#include "vitrine/storage/memory_store.h"

namespace vitrine {
namespace {

ObjectWorld memory_world() { return {nullptr, make_memory_object_store()}; }

ObjectWorld file_world() {
  auto folder = std::make_shared<TemporaryFolder>();
  auto store = open_file_object_store(folder->path() / "store");
  return {folder, std::move(store)};
}

ObjectWorld gcs_world() {
  auto service = std::make_shared<FakeGcs>();
  GcsOptions options;
  options.bucket = "shop";
  options.endpoint = "https://storage.googleapis.com";
  auto store = make_gcs_object_store(options, service, nullptr);
  return {service, std::move(store)};
}

}  // namespace

std::vector<ObjectBackend> object_backends() {
  return {
      {"memory", memory_world},
      {"file", file_world},
      {"gcs", gcs_world},
  };
}

}  // namespace vitrine
