#include "vitrine/storage/object_store.h"

#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <string>

#include "bindings.h"
#include "call.h"
#include "casters.h"
#include "override.h"
#include "record.h"
#include "streams.h"
#include "vitrine/storage/file_store.h"
#include "vitrine/storage/memory_store.h"

namespace py = pybind11;
using namespace pybind11::literals;

namespace vitrine::python {
namespace {

using After = std::optional<std::string>;

class PyObjectStore : public ObjectStore, public py::trampoline_self_life_support {
 public:
  using ObjectStore::get;
  using ObjectStore::put;
  ObjectRef put(std::string_view key, ByteSource& source, const PutOptions& options, Context& context) override {
    const Loan<ByteSource> loan(source);
    return call<ObjectRef>("put", context, key, loan.stream(), named("mode", options.mode),
                           named("media_type", options.media_type));
  }
  ObjectRef get(std::string_view key, ByteSink& sink, Context& context) override {
    const Loan<ByteSink> loan(sink);
    return call<ObjectRef>("get_to", context, key, loan.stream());
  }
  std::optional<ObjectInfo> head(std::string_view key, Context& context) override {
    return call<std::optional<ObjectInfo>>("head", context, key);
  }
  ObjectPage list(std::string_view prefix, After after, int limit, Context& context) override {
    return call<ObjectPage>("list", context, prefix, named("after", after), named("limit", limit));
  }
  bool remove(std::string_view key, Context& context) override { return call<bool>("remove", context, key); }
  std::string url(std::string_view key, std::chrono::seconds lifetime, Context& context) override {
    return call<std::string>("url", context, key, named("lifetime", lifetime));
  }

 private:
  template <typename Result, typename... Arguments>
  Result call(const char* name, Context& context, Arguments&&... arguments) {
    return call_override<Result>(static_cast<const ObjectStore*>(this), name, std::forward<Arguments>(arguments)...,
                                 lend(context));
  }
};

void bind_references(py::module_& module) {
  bind_record<0, ObjectRef>(module, "ObjectRef", "Names stored bytes; the only thing about them that travels.",
                            required("key", &ObjectRef::key, "Where they are."),
                            required("sha256", &ObjectRef::sha256, "64 lower-case hex digits."),
                            required("size", &ObjectRef::size, "In bytes."),
                            required("media_type", &ObjectRef::media_type, "\"image/jpeg\", …"));
  bind_record<2, ObjectInfo>(module, "ObjectInfo", "What is stored under a key.",
                             required("ref", &ObjectInfo::ref, "Its reference."),
                             required("updated_at", &ObjectInfo::updated_at, "UTC."));
  bind_record<0, ObjectPage>(
      module, "ObjectPage", "A page of objects, ordered by key.",
      field("objects", &ObjectPage::objects, "At most as many as asked for."),
      field("next", &ObjectPage::next, "Pass it as `after` for the next page; None at the end."));
}

ObjectRef put(ObjectStore& self, const std::string& key, const py::object& source, PutMode mode,
              const std::string& media_type, const ContextArgument& context) {
  const auto bytes = source_over(source);
  return run(context, [&](Context& inner) { return self.put(key, *bytes, {mode, media_type}, inner); });
}

ObjectRef get_to(ObjectStore& self, const std::string& key, const py::object& sink, const ContextArgument& context) {
  const auto file = sink_into(sink);
  return run(context, [&](Context& inner) { return self.get(key, *file, inner); });
}

using Store = py::class_<ObjectStore, PyObjectStore, py::smart_holder>;

void bind_bytes_verbs(Store& store) {
  store
      .def("put", &put, "key"_a, "source"_a, py::kw_only(), "mode"_a = PutOptions{}.mode,
           "media_type"_a = PutOptions{}.media_type, "context"_a = nullptr, R"(
Stores everything `source` gives: bytes, or a file opened in binary mode.

Parameters
----------
key
    1 to 512 bytes: parts of [A-Za-z0-9._=@+-] joined by single slashes.
mode
    "create_only", ConflictError if the key is taken; or "replace".

Raises
------
ConflictError, PermissionDeniedError, DiskFullError, UnavailableError
    The key is as it was before.)")
      .def(
          "get",
          [](ObjectStore& self, const std::string& key, std::size_t most, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.get(key, inner, most); });
          },
          "key"_a, py::kw_only(), "most"_a = 256u << 20u, "context"_a = nullptr,
          "The whole object. NotFoundError; ImageTooLargeError past `most` bytes.")
      .def("get_to", &get_to, "key"_a, "sink"_a, py::kw_only(), "context"_a = nullptr,
           "Writes the object to a file opened in binary mode; on an error that may have got a part.");
}

void bind_key_verbs(Store& store) {
  store
      .def(
          "head",
          [](ObjectStore& self, const std::string& key, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.head(key, inner); });
          },
          "key"_a, py::kw_only(), "context"_a = nullptr, "What is stored under `key`, or None.")
      .def(
          "list",
          [](ObjectStore& self, const std::string& prefix, const After& after, int limit,
             const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.list(prefix, after, limit, inner); });
          },
          "prefix"_a = "", py::kw_only(), "after"_a = py::none(), "limit"_a = 1000, "context"_a = nullptr,
          "A page of at most `limit` objects (1 to 1000) whose keys start with `prefix`.")
      .def(
          "remove",
          [](ObjectStore& self, const std::string& key, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.remove(key, inner); });
          },
          "key"_a, py::kw_only(), "context"_a = nullptr, "Removes the object; True if there was one.")
      .def(
          "url",
          [](ObjectStore& self, const std::string& key, std::chrono::seconds lifetime, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.url(key, lifetime, inner); });
          },
          "key"_a, py::kw_only(), "lifetime"_a = std::chrono::seconds(3600), "context"_a = nullptr,
          "An address where a reader with no other right gets the object for `lifetime` seconds.");
}

}  // namespace

void bind_storage(py::module_& module) {
  py::native_enum<PutMode>(module, "PutMode", "enum.Enum", "What put() does with a key that is taken.")
      .value("create_only", PutMode::create_only, "ConflictError; of two that race, one wins.")
      .value("replace", PutMode::replace, "The last one wins, whole.")
      .finalize();
  bind_references(module);
  Store store(module, "ObjectStore", R"(
Keeps bytes under keys. A reader sees an object whole or not at all.

Define `put`, `get_to`, `head`, `list`, `remove` and `url` to make your own.)");
  store.def(py::init<>());
  bind_bytes_verbs(store);
  bind_key_verbs(store);
  module.def("make_memory_object_store", &make_memory_object_store,
             py::arg_v("clock", make_system_clock(), "make_system_clock()"),
             "Keeps objects in this process, for tests and notebooks.");
  module.def("open_file_object_store", &open_file_object_store, "folder"_a, py::call_guard<GilReleased>(), R"(
Keeps each object in a file below `folder`; several processes may share it on one machine.

Raises
------
PermissionDeniedError, NotFoundError
    The folder cannot be used or made.)");
}

}  // namespace vitrine::python
