#include "support/fake_bfl_api.h"

#include <algorithm>
#include <utility>

#include "support/test_images.h"
#include "vitrine/image/codec.h"

namespace vitrine {
namespace {

using nlohmann::json;

constexpr const char* kDelivery = "https://delivery.eu.bfl.ai/";

void lay_over(json& object, const json& fields) {
  for (const auto& [name, value] : fields.items())
    if (value.is_null())
      object.erase(name);
    else
      object[name] = value;
}

std::string after(const std::string& text, const std::string& mark) {
  const auto at = text.find(mark);
  return at == std::string::npos ? std::string() : text.substr(at + mark.size());
}

bool has_key(const HttpRequest& request) {
  const HttpResponse carrier{0, request.headers, {}};
  return carrier.header("x-key") == "test-key";
}

}  // namespace

HttpResponse json_response(int status, const json& body, std::vector<HttpHeader> headers) {
  const std::string text = body.dump();
  headers.push_back({"Content-Type", "application/json"});
  return {status, std::move(headers), Bytes(text.begin(), text.end())};
}

json json_of(const HttpRequest& request) { return json::parse(request.body.begin(), request.body.end()); }

HttpResponse FakeBflApi::answer(const HttpRequest& request) {
  const std::lock_guard lock(mutex_);
  if (request.url.starts_with(kDelivery)) return picture(after(request.url, kDelivery));
  if (!has_key(request)) return json_response(403, {{"detail", "Not authenticated - Invalid Authentication"}});
  if (request.method == HttpMethod::post) return order(request);
  if (request.url.ends_with("/v1/credits")) return json_response(200, {{"credits", 1234.5}});
  return report(after(request.url, "get_result?id="));
}

int FakeBflApi::charged() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(orders_.size());
}

HttpResponse FakeBflApi::order(const HttpRequest& request) {
  const std::string id = "task-" + std::to_string(orders_.size() + 1);
  orders_[id] = json_of(request);
  json receipt = {{"id", id},
                  {"polling_url", "https://api.eu2.bfl.ai/v1/get_result?id=" + id},
                  {"cost", 3.0},
                  {"input_mp", nullptr},
                  {"output_mp", 1.0}};
  lay_over(receipt, submit_fields);
  return json_response(200, receipt);
}

HttpResponse FakeBflApi::report(const std::string& id) {
  if (!orders_.contains(id)) return json_response(200, {{"id", id}, {"status", "Task not found"}, {"result", nullptr}});
  const std::size_t turn = std::min(polls_[id]++, statuses.size() - 1);
  json report = {
      {"id", id}, {"status", statuses[turn]}, {"result", nullptr}, {"progress", nullptr}, {"details", nullptr}};
  if (statuses[turn] == "Ready") report["result"] = {{"sample", kDelivery + id}, {"seed", 7}};
  lay_over(report, report_fields);
  return json_response(200, report);
}

HttpResponse FakeBflApi::picture(const std::string& id) const {
  const auto found = orders_.find(id);
  if (found == orders_.end()) return {403, {}, {}};
  const Size size{found->second.value("width", 64), found->second.value("height", 64)};
  const Image image = plain_image(size, PixelFormat::rgb8, {found->second.value("seed", 0) % 256, 90, 160});
  EncodeOptions png;
  png.format = FileFormat::png;
  return {200, {{"Content-Type", "image/jpeg"}}, encode_image(image, png)};
}

BflOptions BflWorld::quick_options() {
  using std::chrono::milliseconds;
  BflOptions options;
  options.api_key = "test-key";
  options.poll_interval = milliseconds(1);
  options.first_wait = milliseconds(1);
  options.longest_wait = milliseconds(1);
  options.patience = milliseconds(2000);
  options.not_found_grace = milliseconds(0);
  return options;
}

GenerationRequest bfl_request(std::string model, std::string prompt) {
  GenerationRequest request;
  request.model = std::move(model);
  request.prompt = std::move(prompt);
  return request;
}

}  // namespace vitrine
