#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "vitrine/generate/bfl.h"
#include "vitrine/net/mock_transport.h"

namespace vitrine {

HttpResponse json_response(int status, const nlohmann::json& body, std::vector<HttpHeader> headers = {});
nlohmann::json json_of(const HttpRequest& request);

/// Answers as Black Forest Labs' API does, in memory, and counts what it charges. Safe to use from many threads.
class FakeBflApi {
 public:
  /// What polls of an order say, one after the other; the last one for ever.
  std::vector<std::string> statuses{"Pending", "Ready"};
  nlohmann::json submit_fields = nlohmann::json::object();  ///< Laid over each answer to an order; null removes.
  nlohmann::json report_fields = nlohmann::json::object();  ///< Laid over each report.

  HttpResponse answer(const HttpRequest& request);
  int charged() const;

 private:
  HttpResponse order(const HttpRequest& request);
  HttpResponse report(const std::string& id);
  HttpResponse picture(const std::string& id) const;

  mutable std::mutex mutex_;
  std::map<std::string, nlohmann::json> orders_;
  std::map<std::string, std::size_t> polls_;
};

/// A generator that talks to such a service through a MockTransport, whose script goes first.
struct BflWorld {
  std::shared_ptr<FakeBflApi> api = std::make_shared<FakeBflApi>();
  std::shared_ptr<MockTransport> transport =
      std::make_shared<MockTransport>([api = api](const HttpRequest& request) { return api->answer(request); });
  BflOptions options = quick_options();
  Context context = Context::with_timeout(std::chrono::seconds(60));

  std::unique_ptr<ImageGenerator> make() const { return make_bfl_generator(options, transport); }
  static BflOptions quick_options();  ///< With a key, and hardly any waits.
};

GenerationRequest bfl_request(std::string model = {}, std::string prompt = "a fox in the snow");

}  // namespace vitrine
