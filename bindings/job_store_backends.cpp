#include <pybind11/functional.h>
#include <pybind11/pybind11.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "bindings.h"
#include "call.h"
#include "callback.h"
#include "casters.h"
#include "python_error.h"
#include "transport_argument.h"
#include "vitrine/jobs/firestore_store.h"
#include "vitrine/jobs/sqlite_store.h"

namespace py = pybind11;
using namespace pybind11::literals;

namespace vitrine::python {
namespace {

using Clocks = std::shared_ptr<Clock>;

void bind_sqlite(py::module_& module) {
  py::native_enum<SqliteSync>(module, "SqliteSync", "enum.Enum", "What a commit waits for.")
      .value("normal", SqliteSync::normal, "Nothing: survives the process, a power cut may take the last commits.")
      .value("full", SqliteSync::full, "The disk: survives a power cut too.")
      .finalize();
  const SqliteOptions plain;
  module.def(
      "open_sqlite_job_store",
      [](std::filesystem::path path, SqliteSync synchronous, std::chrono::milliseconds busy_timeout, Clocks clock) {
        const SqliteOptions options{std::move(path), synchronous, busy_timeout};
        return run([&] { return open_sqlite_job_store(options, clock); });
      },
      "path"_a, py::kw_only(), "synchronous"_a = plain.synchronous, "busy_timeout"_a = plain.busy_timeout,
      py::arg_v("clock", make_system_clock(), "make_system_clock()"), R"(
Keeps jobs in one SQLite file, which several processes of one machine may share.

Do not open the file with Python's sqlite3 module in a process that has it open here: closing either would drop the
locks of both.

Parameters
----------
path
    Made if it is missing; its folder must exist.
synchronous
    "normal" or "full".
busy_timeout
    Seconds that a write waits for those of other processes.

Raises
------
NotFoundError, PermissionDeniedError, DiskFullError, UnavailableError, ConflictError, CorruptDataError)");
  module.def("sqlite_wal_reset_defect", &sqlite_wal_reset_defect,
             "What to know if the SQLite that is loaded has the WAL-reset defect; None if it has not.");
}

std::function<std::string(const std::string&)> address_of(const py::object& function) {
  if (function.is_none()) return nullptr;
  return [callback = Callback(function)](const std::string& key) {
    const GilTaken gil;
    try {
      return callback.function()(key).cast<std::string>();
    } catch (py::error_already_set& raised) {
      throw_from_python(raised);
    }
  };
}

void bind_firestore(py::module_& module) {
  const FirestoreOptions plain;
  module.def(
      "make_firestore_job_store",
      [](std::shared_ptr<GoogleCredentials> credentials, const TransportArgument& transport, std::string project,
         std::string database, std::string emulator_host, std::string artwork_jobs, std::string mockup_jobs,
         std::string other_jobs, std::string templates, std::string costs, std::string client_keys,
         const py::object& address, Clocks clock) {
        FirestoreOptions options;
        options.project = std::move(project);
        options.database = std::move(database);
        options.emulator_host = std::move(emulator_host);
        options.artwork_jobs = std::move(artwork_jobs);
        options.mockup_jobs = std::move(mockup_jobs);
        options.other_jobs = std::move(other_jobs);
        options.templates = std::move(templates);
        options.costs = std::move(costs);
        options.client_keys = std::move(client_keys);
        options.address_of = address_of(address);
        return run([&] {
          return make_firestore_job_store(options, transport_or_curl(transport), std::move(credentials), clock);
        });
      },
      "credentials"_a = nullptr, py::kw_only(), "transport"_a = nullptr, "project"_a = "",
      "database"_a = plain.database, "emulator_host"_a = "", "artwork_jobs"_a = plain.artwork_jobs,
      "mockup_jobs"_a = plain.mockup_jobs, "other_jobs"_a = plain.other_jobs, "templates"_a = plain.templates,
      "costs"_a = plain.costs, "client_keys"_a = plain.client_keys, "address_of"_a = py::none(),
      py::arg_v("clock", make_system_clock(), "make_system_clock()"), R"(
Keeps jobs in Google's Firestore, in the collections of the Etsy pipeline that Vitrine replaces.

Parameters
----------
credentials
    From open_google_credentials(). None only with an emulator.
project
    Empty: the one the credentials belong to.
emulator_host
    "host:port" of an emulator.
artwork_jobs, mockup_jobs, other_jobs, templates, costs, client_keys
    Names of collections.
address_of
    Makes an address for the old web page of an object's key. None: the key itself.

Raises
------
ValueError
    No project is named anywhere, or a collection's name cannot be one.)");
}

}  // namespace

void bind_job_store_backends(py::module_& module) {
  bind_sqlite(module);
  bind_firestore(module);
}

}  // namespace vitrine::python
