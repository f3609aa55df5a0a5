#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <array>
#include <cctype>
#include <map>
#include <string>

#include "bindings.h"
#include "casters.h"
#include "python_error.h"
#include "vitrine/base/error.h"
#include "vitrine/generate/submit_unknown.h"
#include "vitrine/net/http_error.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

struct Kind {
  ErrorCode code;
  const char* doc;
};

constexpr std::array kKinds{
    Kind{ErrorCode::invalid_image, "Not an image, or damaged beyond use."},
    Kind{ErrorCode::image_too_large, "More pixels, bytes or metadata than the limits allow."},
    Kind{ErrorCode::no_suitable_region, "Nothing was found that the policy accepts."},
    Kind{ErrorCode::model_unavailable, "Weights are missing or do not fit."},
    Kind{ErrorCode::permission_denied, "The file system or a service refused us."},
    Kind{ErrorCode::not_found, "The file, job or object does not exist."},
    Kind{ErrorCode::conflict, "It exists already, or somebody changed it first."},
    Kind{ErrorCode::lease_lost, "Another worker holds the job now."},
    Kind{ErrorCode::rate_limited, "Too many requests; `retry_after` says when to come back."},
    Kind{ErrorCode::quota_exhausted, "Credits, budget or disk are used up."},
    Kind{ErrorCode::moderated, "The generator refused the prompt or the picture."},
    Kind{ErrorCode::deadline_exceeded, "The context's deadline passed."},
    Kind{ErrorCode::unavailable, "A service or device does not answer for now."},
    Kind{ErrorCode::cancelled, "The context was cancelled."},
    Kind{ErrorCode::corrupt_data, "A stored file, template or answer is damaged or forged."},
    Kind{ErrorCode::unsafe_url, "The URL policy refuses the address."},
    Kind{ErrorCode::disk_full, "There is no room for the output."},
};

// Never freed: an exception may be translated while the interpreter takes its modules down.
std::map<ErrorCode, py::object>& classes() {
  static auto* const map = new std::map<ErrorCode, py::object>;
  return *map;
}
py::object* http_error = nullptr;
py::object* submit_unknown_error = nullptr;
py::object* base_error = nullptr;

// lease_lost -> LeaseLostError
std::string class_name(ErrorCode code) {
  std::string name;
  bool starts_word = true;
  for (const char letter : name_of(code)) {
    if (letter == '_') {
      starts_word = true;
      continue;
    }
    name += starts_word ? static_cast<char>(std::toupper(static_cast<unsigned char>(letter))) : letter;
    starts_word = false;
  }
  return name + "Error";
}

py::object make_class(const std::string& name, const py::object& parent, py::dict members) {
  members["__module__"] = "vitrine";
  return py::reinterpret_borrow<py::object>(reinterpret_cast<PyObject*>(&PyType_Type))(name, py::make_tuple(parent),
                                                                                       members);
}

py::object make_base_class() {
  py::dict members;
  members["__doc__"] =
      "Trouble in the world, as against misuse, which is ValueError.\n\n"
      "Raise one of its subclasses, one for each code: `NotFoundError(\"...\", retry_after=2.0)`.\n\n"
      "Attributes\n----------\n"
      "code : ErrorCode\n    What kind of trouble it is; never changes its meaning.\n"
      "retryable : bool\n    True if the same call may succeed later without anybody changing anything.\n"
      "retry_after : float or None\n    Seconds after which a retry makes sense, if known.";
  members["code"] = py::none();
  members["retryable"] = false;
  members["retry_after"] = py::none();
  py::object made = make_class("Error", py::reinterpret_borrow<py::object>(PyExc_Exception), members);
  made.attr("__init__") = py::cpp_function(
      [](const py::object& self, const std::string& message, std::optional<std::chrono::milliseconds> retry_after) {
        if (self.attr("code").is_none())
          throw py::type_error("vitrine.Error has no code of its own; raise one of its subclasses.");
        py::reinterpret_borrow<py::object>(PyExc_Exception).attr("__init__")(self, message);
        if (retry_after) self.attr("retry_after") = *retry_after;
      },
      py::name("init"), py::is_method(made), py::arg("message"), py::kw_only(), py::arg("retry_after") = py::none(),
      "`retry_after`: seconds after which a retry makes sense, if known.");
  return made;
}

py::dict members_of(ErrorCode code, const char* doc) {
  py::dict members;
  members["__doc__"] = doc;
  members["code"] = code;
  members["retryable"] = Error(code, "").retryable();
  return members;
}

void define_classes(py::module_& module) {
  base_error = new py::object(make_base_class());
  module.attr("Error") = *base_error;
  for (const Kind& kind : kKinds) {
    const std::string name = class_name(kind.code);
    classes()[kind.code] = make_class(name, *base_error, members_of(kind.code, kind.doc));
    module.attr(name.c_str()) = classes()[kind.code];
  }
  const py::object unavailable = classes()[ErrorCode::unavailable];
  py::dict http = members_of(ErrorCode::unavailable,
                             "No answer came. `fate` says whether the request may have reached the server.");
  http["fate"] = SendFate::unknown;
  http_error = new py::object(make_class("HttpError", unavailable, http));
  module.attr("HttpError") = *http_error;

  py::dict unknown = members_of(ErrorCode::unavailable,
                                "The order may or may not have reached the service, so it may or may not be paid for. "
                                "Never retry it by itself: that could pay twice.");
  unknown["retryable"] = false;
  submit_unknown_error = new py::object(make_class("SubmitUnknownError", unavailable, unknown));
  module.attr("SubmitUnknownError") = *submit_unknown_error;
}

void raise(const py::object& kind, const Error& error, std::optional<SendFate> fate) {
  py::object raised = kind(error.what(), py::arg("retry_after") = error.retry_after());
  if (fate) raised.attr("fate") = *fate;
  if (raised.attr("retryable").cast<bool>() != error.retryable()) raised.attr("retryable") = error.retryable();
  PyErr_SetObject(kind.ptr(), raised.ptr());
}

void translate(std::exception_ptr thrown) {
  if (!thrown) return;
  try {
    std::rethrow_exception(std::move(thrown));
  } catch (const RaisedInPython& original) {
    py::error_already_set raised = original.raised();
    raised.restore();
  } catch (const SubmitUnknown& error) {
    raise(*submit_unknown_error, error, std::nullopt);
  } catch (const HttpError& error) {
    raise(error.code() == ErrorCode::unavailable ? *http_error : classes().at(error.code()), error, error.fate());
  } catch (const Error& error) {
    raise(classes().at(error.code()), error, std::nullopt);
  }
}

class RaisedError : public Error, public RaisedInPython {
 public:
  RaisedError(const Error& error, const py::error_already_set& raised) : Error(error), RaisedInPython(raised) {}
};

class RaisedHttpError : public HttpError, public RaisedInPython {
 public:
  RaisedHttpError(const HttpError& error, const py::error_already_set& raised)
      : HttpError(error), RaisedInPython(raised) {}
};

class RaisedSubmitUnknown : public SubmitUnknown, public RaisedInPython {
 public:
  RaisedSubmitUnknown(const SubmitUnknown& error, const py::error_already_set& raised)
      : SubmitUnknown(error), RaisedInPython(raised) {}
};

class RaisedMisuse : public std::invalid_argument, public RaisedInPython {
 public:
  RaisedMisuse(const std::string& message, const py::error_already_set& raised)
      : std::invalid_argument(message), RaisedInPython(raised) {}
};

Error error_of(const py::object& value, const std::string& message) {
  const auto code = value.attr("code").cast<ErrorCode>();
  const py::object retry_after = value.attr("retry_after");
  if (retry_after.is_none()) return {code, message};
  return {code, message, retry_after.cast<std::chrono::milliseconds>()};
}

}  // namespace

void throw_from_python(py::error_already_set& raised) {
  const py::object value = raised.value();
  if (PyErr_GivenExceptionMatches(value.ptr(), PyExc_ValueError) != 0) throw RaisedMisuse(py::str(value), raised);
  if (!py::isinstance(value, *base_error)) throw raised;

  const std::string message = py::str(value);
  if (py::isinstance(value, *submit_unknown_error)) throw RaisedSubmitUnknown(SubmitUnknown(message), raised);
  const Error error = error_of(value, message);
  if (py::hasattr(value, "fate"))
    throw RaisedHttpError(HttpError(error.code(), message, value.attr("fate").cast<SendFate>()), raised);
  throw RaisedError(error, raised);
}

void bind_errors(py::module_& module) {
  py::native_enum<ErrorCode> codes(module, "ErrorCode", "enum.Enum",
                                   "What kind of trouble it is. A published code never changes its meaning.");
  for (const Kind& kind : kKinds) codes.value(std::string(name_of(kind.code)).c_str(), kind.code, kind.doc);
  codes.finalize();
  py::native_enum<SendFate>(module, "SendFate", "enum.Enum",
                            "How sure we are that a request without an answer did not reach the server.")
      .value("not_sent", SendFate::not_sent, "No byte of it left.")
      .value("unknown", SendFate::unknown, "It may have arrived.")
      .finalize();
  define_classes(module);
  py::register_local_exception_translator(translate);
}

}  // namespace vitrine::python
