#include "vitrine/net/mock_transport.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "net/request_rules.h"
#include "vitrine/net/url.h"

namespace vitrine {
namespace {

Bytes read_source(ByteSource& source, std::size_t size, Context& context) {
  Bytes body;
  std::array<std::uint8_t, 16384> block;
  for (std::size_t count = source.read(block); count > 0; count = source.read(block)) {
    context.check();
    if (count > size - body.size())
      throw std::invalid_argument("HttpRequest::source gave more than the " + std::to_string(size) +
                                  " bytes that source_size promises. Set source_size to the number of bytes it gives.");
    body.insert(body.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(count));
  }
  if (body.size() < size)
    throw std::invalid_argument("HttpRequest::source ended after " + std::to_string(body.size()) + " of the " +
                                std::to_string(size) +
                                " bytes that source_size promises. Set source_size to the "
                                "number of bytes it gives.");
  return body;
}

HttpRequest as_sent(const HttpRequest& request, Context& context) {
  HttpRequest sent = request;
  if (request.source) sent.body = read_source(*request.source, request.source_size, context);
  sent.source = nullptr;
  sent.sink = nullptr;
  return sent;
}

HttpResponse deliver(HttpResponse response, const HttpRequest& request) {
  if (response.body.size() > request.max_response_bytes)
    throw Error(ErrorCode::image_too_large, "The answer of " + host_of(request.url) + " has more than " +
                                                std::to_string(request.max_response_bytes) +
                                                " bytes, which is the limit. Raise HttpRequest::max_response_bytes.");
  if (!request.sink || !response.ok()) return response;
  request.sink->write(response.body);
  response.body.clear();
  return response;
}

}  // namespace

MockTransport::MockTransport(Handler otherwise) : otherwise_(std::move(otherwise)) {}

void MockTransport::then(HttpResponse response) {
  const std::lock_guard lock(mutex_);
  script_.push_back({std::move(response)});
}

void MockTransport::then_fail(ErrorCode code, SendFate fate) {
  const std::lock_guard lock(mutex_);
  script_.push_back({std::nullopt, code, fate});
}

HttpResponse MockTransport::send(const HttpRequest& request, Context& context) {
  check_before_sending(request, context);
  check_request(request);
  HttpRequest sent = as_sent(request, context);
  std::optional<Step> step;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(sent);
    if (!script_.empty()) {
      step = std::move(script_.front());
      script_.pop_front();
    }
  }
  if (step && step->response) return deliver(std::move(*step->response), request);
  if (step)
    throw HttpError(step->code, host_of(request.url) + " gave no answer, as the script says. Try again.", step->fate);
  // Outside the lock: a handler may look at requests().
  if (otherwise_) return deliver(otherwise_(sent), request);
  throw HttpError(ErrorCode::unavailable,
                  "The script has no answer left for " + host_of(request.url) + ". Add one with then().",
                  SendFate::not_sent);
}

std::vector<HttpRequest> MockTransport::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

}  // namespace vitrine
