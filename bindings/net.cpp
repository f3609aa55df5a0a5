#include "vitrine/net/http_transport.h"

#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "callback.h"
#include "casters.h"
#include "override.h"
#include "python_error.h"
#include "streams.h"
#include "vitrine/net/mock_transport.h"

namespace py = pybind11;

namespace vitrine::python {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

Headers pairs_of(const std::vector<HttpHeader>& headers) {
  Headers pairs;
  for (const HttpHeader& header : headers) pairs.emplace_back(header.name, header.value);
  return pairs;
}

std::vector<HttpHeader> headers_of(const Headers& pairs) {
  std::vector<HttpHeader> headers;
  for (const auto& [name, value] : pairs) headers.push_back({name, value});
  return headers;
}

class PyHttpTransport : public HttpTransport, public py::trampoline_self_life_support {
 public:
  HttpResponse send(const HttpRequest& request, Context& context) override {
    auto response =
        call_override<HttpResponse>(static_cast<const HttpTransport*>(this), "send", request, lend(context));
    // A transport need not know of sinks: what it returned as body goes there.
    if (request.sink && response.ok() && !response.body.empty()) {
      request.sink->write(response.body);
      response.body.clear();
    }
    return response;
  }
};

HttpRequest make_request(HttpMethod method, std::string url, const Headers& headers, Bytes body,
                         std::size_t max_response_bytes, std::chrono::milliseconds timeout) {
  HttpRequest request;
  request.method = method;
  request.url = std::move(url);
  request.headers = headers_of(headers);
  request.body = std::move(body);
  request.max_response_bytes = max_response_bytes;
  request.timeout = timeout;
  return request;
}

// Scheme and host only: what follows may be signed, headers may hold keys.
std::string place_of(const std::string& url) {
  const std::size_t host = url.find("://");
  if (host == std::string::npos) return "<no address>";
  const std::string place = url.substr(0, url.find_first_of("/?#", host + 3));
  const std::size_t user = place.rfind('@');
  return user == std::string::npos ? place : place.substr(0, host + 3) + place.substr(user + 1);
}

void bind_messages(py::module_& module) {
  const HttpRequest plain;
  py::class_<HttpRequest>(module, "HttpRequest", "What to send.")
      .def(py::init(&make_request), py::arg("method"), py::arg("url"), py::kw_only(), py::arg("headers") = Headers(),
           py::arg("body") = Bytes(), py::arg("max_response_bytes") = plain.max_response_bytes,
           py::arg("timeout") = plain.timeout)
      .def_property_readonly(
          "method", [](const HttpRequest& self) { return self.method; }, "GET, POST, …")
      .def_property_readonly(
          "url", [](const HttpRequest& self) { return self.url; }, "May be signed: never log it.")
      .def_property_readonly(
          "headers", [](const HttpRequest& self) { return pairs_of(self.headers); }, "(name, value) pairs.")
      .def_property_readonly(
          "body", [](const HttpRequest& self) { return self.body; }, "Sent unless `source` is set.")
      .def_property_readonly(
          "source", [](const HttpRequest& self) { return self.source; },
          "Sent instead of `body` if set, `source_size` bytes long.")
      .def_property_readonly(
          "source_size", [](const HttpRequest& self) { return self.source_size; }, "In bytes.")
      .def_property_readonly(
          "sink", [](const HttpRequest& self) { return self.sink; },
          "Where the body of a 2xx answer goes, if set; returning it as the body does as well.")
      .def_property_readonly(
          "max_response_bytes", [](const HttpRequest& self) { return self.max_response_bytes; },
          "A longer answer is ImageTooLargeError.")
      .def_property_readonly(
          "timeout", [](const HttpRequest& self) { return self.timeout; }, "Seconds for the whole exchange.")
      .def("__repr__", [](const HttpRequest& self) {
        return "<vitrine.HttpRequest " + std::string(name_of(self.method)) + " " + place_of(self.url) + ">";
      });
  py::class_<HttpResponse>(module, "HttpResponse", "An answer, whatever its status.")
      .def(py::init([](int status, const Headers& headers, Bytes body) {
             return HttpResponse{status, headers_of(headers), std::move(body)};
           }),
           py::arg("status"), py::kw_only(), py::arg("headers") = Headers(), py::arg("body") = Bytes())
      .def_property_readonly(
          "status", [](const HttpResponse& self) { return self.status; }, "200, 404, …")
      .def_property_readonly(
          "headers", [](const HttpResponse& self) { return pairs_of(self.headers); }, "(name, value) pairs.")
      .def_property_readonly(
          "body", [](const HttpResponse& self) { return self.body; }, "As it came.")
      .def_property_readonly("ok", &HttpResponse::ok, "True for 200 to 299.")
      .def("header", &HttpResponse::header, py::arg("name"),
           "The first header of that name, whatever its case; or None.")
      .def("__repr__",
           [](const HttpResponse& self) { return "<vitrine.HttpResponse " + std::to_string(self.status) + ">"; });
}

std::unique_ptr<MockTransport> make_mock(const py::object& otherwise) {
  if (otherwise.is_none()) return std::make_unique<MockTransport>();
  return std::make_unique<MockTransport>([callback = Callback(otherwise)](const HttpRequest& request) {
    const GilTaken gil;
    try {
      return callback.function()(request).cast<HttpResponse>();
    } catch (py::error_already_set& raised) {
      throw_from_python(raised);
    }
  });
}

void bind_transports(py::module_& module) {
  py::class_<HttpTransport, PyHttpTransport, py::smart_holder>(module, "HttpTransport", R"(
Sends HTTP requests; follows no redirect by itself. Define `send` to make your own.)")
      .def(py::init<>())
      .def(
          "send",
          [](HttpTransport& self, const HttpRequest& request, const ContextArgument& context) {
            return run(context, [&](Context& inner) { return self.send(request, inner); });
          },
          py::arg("request"), py::kw_only(), py::arg("context") = nullptr, R"(
The answer, whatever its status: a non-2xx answer is a response, no error.

Raises
------
HttpError
    No answer came; `fate` says whether the request may have arrived.
CancelledError, DeadlineExceededError, ImageTooLargeError, UnsafeUrlError)");
  py::class_<MockTransport, HttpTransport, py::smart_holder>(module, "MockTransport", R"(
A transport that plays a script, for tests without a server.

Parameters
----------
otherwise
    Called with each request after the end of the script; returns an HttpResponse. None: those requests fail.)")
      .def(py::init(&make_mock), py::arg("otherwise") = py::none())
      .def("then", &MockTransport::then, py::arg("response"), py::call_guard<GilReleased>(),
           "Answers the next request in line.")
      .def("then_fail", &MockTransport::then_fail, py::arg("code"), py::arg("fate"), py::call_guard<GilReleased>(),
           "Fails the next request in line.")
      .def_property_readonly(
          "requests", [](const MockTransport& self) { return run([&] { return self.requests(); }); },
          "What was sent so far.");
}

}  // namespace

void bind_net(py::module_& module) {
  py::native_enum<HttpMethod>(module, "HttpMethod", "enum.Enum", "What to do with the address.")
      .value("get", HttpMethod::get)
      .value("head", HttpMethod::head)
      .value("post", HttpMethod::post)
      .value("put", HttpMethod::put)
      .value("patch", HttpMethod::patch)
      .value("delete", HttpMethod::del)
      .finalize();
  bind_messages(module);
  bind_transports(module);
}

}  // namespace vitrine::python
