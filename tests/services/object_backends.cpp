// The stores whose service runs beside the tests.
#include "conformance/object_backends.h"

#include <cstdlib>

#include "services/s3_service.h"
#include "vitrine/net/curl_transport.h"
#include "vitrine/storage/gcs_store.h"

namespace vitrine {
namespace {

ObjectWorld s3_world() {
  auto service = std::make_shared<S3Service>();
  auto store = make_s3_object_store(service->with_new_bucket(), service->transport());
  return {service, std::move(store)};
}

// The one bucket of the fake, emptied.
ObjectWorld gcs_world() {
  GcsOptions options;
  options.bucket = "shop";
  options.endpoint = std::getenv("VITRINE_TEST_GCS_ENDPOINT");
  auto store = make_gcs_object_store(options, make_curl_transport(), nullptr);
  Context context;
  for (const auto& object : store->list("", {}, 1000, context).objects) store->remove(object.ref.key, context);
  return {nullptr, std::move(store)};
}

}  // namespace

std::vector<ObjectBackend> object_backends() {
  std::vector<ObjectBackend> running;
  if (std::getenv("VITRINE_TEST_S3_ENDPOINT") != nullptr) running.push_back({"s3", s3_world});
  if (std::getenv("VITRINE_TEST_GCS_ENDPOINT") != nullptr) running.push_back({"gcs", gcs_world});
  return running;
}

}  // namespace vitrine
