#include "services/s3_service.h"

#include <cstdlib>
#include <stdexcept>

#include "base/random_hex.h"
#include "storage/s3_client.h"
#include "vitrine/net/curl_transport.h"

namespace vitrine {

namespace {

// moto counts the requests that it lets through unchecked up to this number.
void let_through(const S3Service& service, std::string_view count) {
  HttpRequest request;
  request.method = HttpMethod::post;
  request.url = service.options().endpoint + "/moto-api/reset-auth";
  request.body.assign(count.begin(), count.end());
  Context context;
  if (!service.transport()->send(request, context).ok()) throw std::runtime_error("The server is not moto's.");
}

}  // namespace

SignaturesChecked::SignaturesChecked(const S3Service& service) : service_(service) { let_through(service_, "0"); }
SignaturesChecked::~SignaturesChecked() { let_through(service_, "inf"); }

S3Service::S3Service() : transport_(make_curl_transport()) {
  const char* endpoint = std::getenv("VITRINE_TEST_S3_ENDPOINT");
  if (endpoint == nullptr)
    throw std::runtime_error("VITRINE_TEST_S3_ENDPOINT is not set: run this by CTest or under with_moto.py.");
  options_.endpoint = endpoint;
  options_.keys = s3_keys_from_environment();
}

S3Options S3Service::with_new_bucket() const {
  S3Options options = options_;
  options.bucket = "b" + random_hex(8);
  Context context;
  const auto answer = S3Client(options, transport_, make_system_clock())
                          .send(
                              [] {
                                S3Request request;
                                request.method = HttpMethod::put;
                                return request;
                              },
                              context)
                          .response;
  if (!answer.ok()) throw std::runtime_error("The server makes no bucket: it answers " + std::to_string(answer.status));
  return options;
}

}  // namespace vitrine
