#include "vitrine/generate/bfl.h"

#include <pybind11/pybind11.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "casters.h"
#include "record.h"
#include "transport_argument.h"
#include "vitrine/generate/bfl_prices.h"
#include "vitrine/generate/bfl_webhook.h"

namespace py = pybind11;
using namespace pybind11::literals;

namespace vitrine::python {
namespace {

using Clocks = std::shared_ptr<Clock>;

void bind_generator(py::module_& module) {
  py::native_enum<BflRegion>(module, "BflRegion", "enum.Enum", "Where requests go.")
      .value("global", BflRegion::global, "Wherever there is room.")
      .value("eu", BflRegion::eu)
      .value("us", BflRegion::us)
      .finalize();
  const BflOptions plain;
  module.def(
      "make_bfl_generator",
      [](std::string api_key, const TransportArgument& transport, BflRegion region, std::string base_url,
         std::string model, std::optional<std::filesystem::path> price_table, int max_active,
         std::map<std::string, int> max_active_of_model, std::vector<std::string> delivery_hosts,
         std::chrono::milliseconds poll_interval, std::chrono::milliseconds patience,
         std::chrono::milliseconds task_patience, Clocks clock) {
        BflOptions options;
        options.api_key = std::move(api_key);
        options.region = region;
        options.base_url = std::move(base_url);
        options.model = std::move(model);
        options.price_table = price_table.value_or("");
        options.max_active = max_active;
        options.max_active_of_model = std::move(max_active_of_model);
        options.delivery_hosts = std::move(delivery_hosts);
        options.poll_interval = poll_interval;
        options.patience = patience;
        options.task_patience = task_patience;
        return run([&] { return make_bfl_generator(options, transport_or_curl(transport), clock); });
      },
      "api_key"_a, py::kw_only(), "transport"_a = nullptr, "region"_a = plain.region, "base_url"_a = "",
      "model"_a = plain.model, "price_table"_a = py::none(), "max_active"_a = plain.max_active,
      "max_active_of_model"_a = plain.max_active_of_model, "delivery_hosts"_a = plain.delivery_hosts,
      "poll_interval"_a = plain.poll_interval, "patience"_a = plain.patience, "task_patience"_a = plain.task_patience,
      py::arg_v("clock", make_system_clock(), "make_system_clock()"), R"(
Orders pictures from Black Forest Labs' FLUX API. Every field is checked before it is sent; what may have arrived is
never sent again.

Parameters
----------
api_key
    BFL_API_KEY. Without one everything but estimate() is PermissionDeniedError.
base_url
    Instead of the region's address: a fake service on this machine.
model
    For requests that name none; bfl_models() lists them.
price_table
    A JSON file that replaces prices of the built-in table.
max_active, max_active_of_model
    Orders that may run at once; a further one waits.
delivery_hosts
    Hosts that finished pictures may come from. The key is never sent to these.
poll_interval, patience, task_patience
    Seconds: between two polls; with a service that has no room or does not answer; with one order.)");
  module.def(
      "bfl_balance",
      [](const std::string& api_key, const TransportArgument& transport, const std::string& base_url,
         const ContextArgument& context) {
        BflOptions options;
        options.api_key = api_key;
        options.base_url = base_url;
        const auto sender = transport_or_curl(transport);
        return run(context, [&](Context& inner) { return bfl_balance(options, *sender, inner); });
      },
      "api_key"_a, py::kw_only(), "transport"_a = nullptr, "base_url"_a = "", "context"_a = nullptr,
      "What is left on the account: free, and the way to check a key. PermissionDeniedError, UnavailableError.");
  module.def("bfl_models", &bfl_models, "The models that can be ordered from, by name.");
  module.def(
      "bfl_price_date", [] { return built_in_bfl_prices().date; }, "The day whose prices the built-in table has.");
  module.def(
      "bfl_picture", [](const Bytes& encoded) { return bfl_picture(encoded); }, "encoded"_a,
      "An encoded picture as the value of a parameter such as input_image. ImageTooLargeError past 20 MB.");
}

void bind_webhook(py::module_& module) {
  bind_record<0, BflWebhookEvent>(module, "BflWebhookEvent", "What a webhook tells; it may come more than once.",
                                  field("id", &BflWebhookEvent::id, "GenerationTask.id."),
                                  field("status", &BflWebhookEvent::status, "As poll() would give it."));
  module.def(
      "verify_bfl_webhook",
      [](const Bytes& body, const std::vector<std::pair<std::string, std::string>>& headers,
         const std::string& secret) {
        std::vector<HttpHeader> converted;
        for (const auto& [name, value] : headers) converted.push_back({name, value});
        return verify_bfl_webhook(body, converted, secret);
      },
      "body"_a, "headers"_a, py::kw_only(), "secret"_a, R"(
Checks that a request to a webhook comes from Black Forest Labs, and reads it.

Parameters
----------
body
    The raw body, before any parsing.
headers
    (name, value) pairs.
secret
    What was sent as webhook_secret with the order.

Raises
------
PermissionDeniedError
    There is no signature, or a wrong one.
CorruptDataError, ImageTooLargeError)");
}

}  // namespace

void bind_bfl(py::module_& module) {
  bind_generator(module);
  bind_webhook(module);
}

}  // namespace vitrine::python
