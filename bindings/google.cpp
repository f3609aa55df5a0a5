#include "vitrine/net/google_credentials.h"

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

namespace py = pybind11;
using namespace pybind11::literals;

namespace vitrine::python {

void bind_google(py::module_& module) {
  py::class_<GoogleCredentials, py::smart_holder>(module, "GoogleCredentials", R"(
Says who asks Google's services and proves it. Tokens are kept and renewed before they end; no text of ours holds one.)")
      .def_property_readonly(
          "name", [](const GoogleCredentials& self) { return self.name(); },
          "Whom to grant a right: \"the service account mockups@shop.iam.gserviceaccount.com\".")
      .def(
          "project",
          [](GoogleCredentials& self, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.project(inner); });
          },
          py::kw_only(), "context"_a = nullptr, "The project they belong to; empty if they name none.")
      .def(
          "check",
          [](GoogleCredentials& self, const ContextArgument& context) {
            run(context, [&](Context& inner) { self.headers(inner); });
          },
          py::kw_only(), "context"_a = nullptr, R"(
Fetches a token, if there is none yet, and throws it away: tells whether Google accepts them.

Raises
------
PermissionDeniedError, UnavailableError)")
      .def("__repr__", [](const GoogleCredentials& self) { return "<vitrine.GoogleCredentials " + self.name() + ">"; });
  module.def(
      "open_google_credentials",
      [](const std::optional<std::filesystem::path>& file, const TransportArgument& transport) {
        return run([&] {
          GoogleEnvironment environment = google_environment();
          if (file) environment.credentials_file = *file;
          return open_google_credentials(environment, transport_or_curl(transport));
        });
      },
      "file"_a = py::none(), py::kw_only(), "transport"_a = nullptr, R"(
The credentials the environment offers, in Google's order. Reads files, asks nobody.

Parameters
----------
file
    A service account's key file. None: GOOGLE_APPLICATION_CREDENTIALS, then what gcloud left, then this machine's
    account on Google Cloud.

Raises
------
NotFoundError, PermissionDeniedError, CorruptDataError)");
  module.def(
      "make_google_credentials",
      [](const std::string& json, const TransportArgument& transport) {
        return run([&] { return make_google_credentials(json, transport_or_curl(transport)); });
      },
      "json"_a, py::kw_only(), "transport"_a = nullptr,
      "Credentials from the text of a key file. CorruptDataError, PermissionDeniedError.");
  module.def("make_google_token_credentials", &make_google_token_credentials, "token"_a,
             "Always the same token: \"owner\" for the Firestore emulator. Cannot sign.");
}

}  // namespace vitrine::python
