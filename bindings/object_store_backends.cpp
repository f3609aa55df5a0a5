#include <pybind11/pybind11.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "bindings.h"
#include "call.h"
#include "casters.h"
#include "transport_argument.h"
#include "vitrine/storage/gcs_place.h"
#include "vitrine/storage/gcs_store.h"
#include "vitrine/storage/s3_store.h"

namespace py = pybind11;
using namespace pybind11::literals;

namespace vitrine::python {
namespace {

using Clocks = std::shared_ptr<Clock>;

void bind_gcs(py::module_& module) {
  py::native_enum<GcsAddress>(module, "GcsAddress", "enum.Enum", "What ObjectStore.url() gives.")
      .value("signed_v4", GcsAddress::signed_v4, "Ends with its lifetime. Needs a service account.")
      .value("firebase_token", GcsAddress::firebase_token, "A Firebase download address; ends with the object.")
      .finalize();
  const GcsOptions plain;
  module.def(
      "make_gcs_object_store",
      [](std::string bucket, std::shared_ptr<GoogleCredentials> credentials, const TransportArgument& transport,
         std::string endpoint, GcsAddress address, std::size_t chunk_bytes, int tries,
         std::optional<std::filesystem::path> spool_folder, Clocks clock) {
        GcsOptions options;
        options.bucket = std::move(bucket);
        options.endpoint = std::move(endpoint);
        options.address = address;
        options.chunk_bytes = chunk_bytes;
        options.tries = tries;
        options.spool_folder = spool_folder.value_or("");
        return run([&] {
          return make_gcs_object_store(options, transport_or_curl(transport), std::move(credentials), clock);
        });
      },
      "bucket"_a, "credentials"_a = nullptr, py::kw_only(), "transport"_a = nullptr, "endpoint"_a = "",
      "address"_a = plain.address, "chunk_bytes"_a = plain.chunk_bytes, "tries"_a = plain.tries,
      "spool_folder"_a = py::none(), py::arg_v("clock", make_system_clock(), "make_system_clock()"), R"(
Keeps objects in a bucket of Google Cloud Storage or Firebase Storage, as private as the bucket is.

Parameters
----------
credentials
    From open_google_credentials(); the account needs roles/storage.objectUser. None only with an emulator.
endpoint
    Empty: STORAGE_EMULATOR_HOST if that is set, else Google.
address
    What url() gives: "signed_v4" or "firebase_token".
chunk_bytes
    Larger objects go up in pieces of this size, each repeated by itself if it is lost.
tries
    How often a request is sent before its error is reported.
spool_folder
    Where objects beyond 4 MiB wait while they go up. None: the system's folder for temporary files.)");
  py::class_<GcsPlace>(module, "GcsPlace", "An object in Cloud Storage.")
      .def_readonly("bucket", &GcsPlace::bucket, "The bucket's name.")
      .def_readonly("key", &GcsPlace::key, "As it is stored.");
  module.def("gcs_place_of", &gcs_place_of, "url"_a,
             "Which object an address of Cloud Storage or Firebase leads to; None for every other address.");
}

void bind_s3(py::module_& module) {
  py::native_enum<S3Style>(module, "S3Style", "enum.Enum", "How the bucket is named in an address.")
      .value("automatic", S3Style::automatic, "virtual_host for Amazon; path for a given endpoint.")
      .value("virtual_host", S3Style::virtual_host, "https://bucket.host/key")
      .value("path", S3Style::path, "https://host/bucket/key")
      .finalize();
  const S3Options plain;
  module.def(
      "make_s3_object_store",
      [](std::string bucket, const TransportArgument& transport, std::string region, std::string endpoint,
         S3Style style, std::string access_key, std::string secret_key, std::string session_token,
         std::size_t part_bytes, int tries, std::optional<std::filesystem::path> spool_folder, Clocks clock) {
        S3Options options;
        options.bucket = std::move(bucket);
        options.region = std::move(region);
        options.endpoint = std::move(endpoint);
        options.style = style;
        options.keys = access_key.empty() && secret_key.empty()
                           ? s3_keys_from_environment()
                           : S3Keys{std::move(access_key), std::move(secret_key), std::move(session_token)};
        options.part_bytes = part_bytes;
        options.tries = tries;
        options.spool_folder = spool_folder.value_or("");
        return run([&] { return make_s3_object_store(options, transport_or_curl(transport), clock); });
      },
      "bucket"_a, py::kw_only(), "transport"_a = nullptr, "region"_a = plain.region, "endpoint"_a = "",
      "style"_a = plain.style, "access_key"_a = "", "secret_key"_a = "", "session_token"_a = "",
      "part_bytes"_a = plain.part_bytes, "tries"_a = plain.tries, "spool_folder"_a = py::none(),
      py::arg_v("clock", make_system_clock(), "make_system_clock()"), R"(
Keeps objects in a bucket of Amazon S3, or of a service that speaks its protocol and knows conditional puts.

Parameters
----------
region
    If the bucket lies elsewhere, Amazon says so and we follow.
endpoint
    "https://host[:port]" of another service. Empty: Amazon's.
access_key, secret_key, session_token
    Empty: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.
part_bytes
    Larger objects go up in parts of at least this size.
tries
    How often a request is sent before its error is reported.
spool_folder
    Where objects beyond 4 MiB wait while they go up. None: the system's folder for temporary files.)");
}

}  // namespace

void bind_object_store_backends(py::module_& module) {
  bind_gcs(module);
  bind_s3(module);
}

}  // namespace vitrine::python
