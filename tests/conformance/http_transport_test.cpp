// What every HttpTransport does. A transport joins with a world: itself, and a server that can be told what to answer.
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "support/errors.h"
#include "support/failures_of.h"
#include "support/run_threads.h"
#include "support/send.h"
#include "support/test_server.h"
#include "vitrine/net/curl_transport.h"
#include "vitrine/net/http_error.h"
#include "vitrine/net/http_transport.h"
#include "vitrine/net/mock_transport.h"
#include "vitrine/net/url_policy.h"

namespace vitrine {
namespace {

/// A transport and the server it talks to.
class HttpWorld {
 public:
  HttpWorld() = default;
  virtual ~HttpWorld() = default;
  HttpWorld(const HttpWorld&) = delete;
  HttpWorld& operator=(const HttpWorld&) = delete;

  virtual HttpTransport& transport() = 0;
  virtual std::string url() const = 0;                    ///< Of a page on the server.
  virtual void answer(HttpResponse response) = 0;         ///< To the next request.
  virtual void drop_connection() = 0;                     ///< Takes the next request and answers nothing.
  virtual void refuse_connection() = 0;                   ///< From now on nobody listens.
  virtual std::vector<HttpRequest> received() const = 0;  ///< In order.
};

class MockWorld final : public HttpWorld {
 public:
  HttpTransport& transport() override { return transport_; }
  std::string url() const override { return "https://server.test/page?signature=s3cret"; }
  void answer(HttpResponse response) override { transport_.then(std::move(response)); }
  void drop_connection() override { transport_.then_fail(ErrorCode::unavailable, SendFate::unknown); }
  void refuse_connection() override { transport_.then_fail(ErrorCode::unavailable, SendFate::not_sent); }
  std::vector<HttpRequest> received() const override { return transport_.requests(); }

 private:
  MockTransport transport_;
};

class CurlWorld final : public HttpWorld {
 public:
  CurlWorld() {
    CurlOptions options;
    options.proxy = "";
    transport_ = make_curl_transport(options);
  }
  HttpTransport& transport() override { return *transport_; }
  std::string url() const override { return server_.url("/page?signature=s3cret"); }
  void answer(HttpResponse response) override { script_.push(std::move(response)); }
  void drop_connection() override { script_.push(std::nullopt); }
  void refuse_connection() override { server_.stop(); }
  std::vector<HttpRequest> received() const override { return server_.requests(); }

 private:
  class Script {
   public:
    void push(std::optional<HttpResponse> step) {
      const std::lock_guard lock(mutex_);
      steps_.push_back(std::move(step));
    }
    std::optional<HttpResponse> next() {
      const std::lock_guard lock(mutex_);
      if (steps_.empty()) return std::nullopt;
      auto step = std::move(steps_.front());
      steps_.pop_front();
      return step;
    }

   private:
    std::mutex mutex_;
    std::deque<std::optional<HttpResponse>> steps_;  // empty: drop the connection
  };

  Script script_;
  TestServer server_{[this](ServedRequest& served) {
    if (const auto step = script_.next())
      served.respond(step->status, step->headers, std::string(step->body.begin(), step->body.end()));
    else
      served.hang_up();
  }};
  std::unique_ptr<HttpTransport> transport_;
};

struct HttpBackend {
  std::string name;
  std::unique_ptr<HttpWorld> (*make)();
};
void PrintTo(const HttpBackend& backend, std::ostream* out) { *out << backend.name; }

class HttpTransportConformance : public ::testing::TestWithParam<HttpBackend> {
 protected:
  HttpTransport& transport() { return world_->transport(); }
  HttpWorld& world() { return *world_; }
  HttpRequest request(HttpMethod method = HttpMethod::get) const {
    HttpRequest made;
    made.method = method;
    made.url = world_->url();
    return made;
  }
  std::unique_ptr<HttpWorld> world_ = GetParam().make();
  Context context_;
};

INSTANTIATE_TEST_SUITE_P(
    Backends, HttpTransportConformance,
    ::testing::Values(
        HttpBackend{"mock", +[]() -> std::unique_ptr<HttpWorld> { return std::make_unique<MockWorld>(); }},
        HttpBackend{"curl", +[]() -> std::unique_ptr<HttpWorld> { return std::make_unique<CurlWorld>(); }}),
    [](const auto& backend) { return backend.param.name; });

TEST_P(HttpTransportConformance, GivesStatusAndBody) {
  world().answer({201, {}, bytes_of("made")});
  const auto response = transport().send(request(), context_);
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(text_of(response.body), "made");
}

TEST_P(HttpTransportConformance, TakesAnErrorStatusForAnAnswer) {
  world().answer({503, {}, bytes_of("later")});
  const auto response = transport().send(request(), context_);
  EXPECT_EQ(response.status, 503);
  EXPECT_FALSE(response.ok());
}

TEST_P(HttpTransportConformance, FollowsNoRedirect) {
  world().answer({302, {{"Location", world().url()}}, {}});
  world().answer({200, {}, {}});
  EXPECT_EQ(transport().send(request(), context_).status, 302);
  EXPECT_EQ(world().received().size(), 1u);
}

TEST_P(HttpTransportConformance, FindsAHeaderWhateverItsCase) {
  world().answer({200, {{"Retry-After", "7"}}, {}});
  EXPECT_EQ(transport().send(request(), context_).header("rETRY-aFTER"), "7");
}

TEST_P(HttpTransportConformance, GivesAnAnswerWithoutABody) {
  world().answer({204, {}, {}});
  EXPECT_TRUE(transport().send(request(HttpMethod::del), context_).body.empty());
}

TEST_P(HttpTransportConformance, KeepsEveryByteOfABinaryBody) {
  Bytes all(256 * 300);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  world().answer({200, {}, all});
  EXPECT_EQ(transport().send(request(), context_).body, all);
}

TEST_P(HttpTransportConformance, SendsMethodHeadersAndBody) {
  world().answer({200, {}, {}});
  auto sent = request(HttpMethod::post);
  sent.headers = {{"x-test", "one"}};
  sent.body = bytes_of("{\"a\":1}");
  transport().send(sent, context_);

  const auto received = world().received().at(0);
  EXPECT_EQ(received.method, HttpMethod::post);
  EXPECT_EQ(text_of(received.body), "{\"a\":1}");
  EXPECT_EQ((HttpResponse{0, received.headers, {}}.header("X-Test")), "one");
}

TEST_P(HttpTransportConformance, SendsASourceInsteadOfTheBody) {
  world().answer({200, {}, {}});
  const Bytes body = bytes_of(std::string(100'000, 'x'));
  auto sent = request(HttpMethod::put);
  sent.source = make_memory_source(body);
  sent.source_size = body.size();
  transport().send(sent, context_);
  EXPECT_EQ(world().received().at(0).body, body);
}

TEST_P(HttpTransportConformance, RefusesASourceThatIsShorterThanPromised) {
  const Bytes body = bytes_of("short");
  auto sent = request(HttpMethod::put);
  sent.source = make_memory_source(body);
  sent.source_size = 10;
  EXPECT_THROW(transport().send(sent, context_), std::invalid_argument);
}

TEST_P(HttpTransportConformance, WritesAGoodAnswerToTheSink) {
  world().answer({200, {}, bytes_of("picture")});
  Bytes kept;
  auto sent = request();
  sent.sink = make_memory_sink(kept);
  const auto response = transport().send(sent, context_);
  EXPECT_EQ(text_of(kept), "picture");
  EXPECT_TRUE(response.body.empty());
}

void check_that_a_bad_answer_stays_out_of_the_sink(HttpTransport& transport, HttpRequest request) {
  Bytes kept;
  Context context;
  request.sink = make_memory_sink(kept);
  const auto response = transport.send(request, context);
  EXPECT_TRUE(kept.empty()) << "the sink got the body of a bad answer";
  EXPECT_EQ(text_of(response.body), "gone");
}

TEST_P(HttpTransportConformance, KeepsABadAnswerOutOfTheSink) {
  world().answer({404, {}, bytes_of("gone")});
  check_that_a_bad_answer_stays_out_of_the_sink(transport(), request());
}

TEST_P(HttpTransportConformance, TakesAnAnswerAsLongAsTheLimit) {
  world().answer({200, {}, Bytes(1000)});
  auto sent = request();
  sent.max_response_bytes = 1000;
  EXPECT_EQ(transport().send(sent, context_).body.size(), 1000u);
}

TEST_P(HttpTransportConformance, RefusesAnAnswerThatIsLongerThanTheLimit) {
  world().answer({200, {}, Bytes(1001)});
  auto sent = request();
  sent.max_response_bytes = 1000;
  EXPECT_EQ(code_of([&] { transport().send(sent, context_); }), ErrorCode::image_too_large);
}

TEST_P(HttpTransportConformance, SendsNothingUnderACancelledContext) {
  context_.cancel();
  EXPECT_EQ(code_of([&] { transport().send(request(), context_); }), ErrorCode::cancelled);
  EXPECT_TRUE(world().received().empty());
}

TEST_P(HttpTransportConformance, SendsNothingPastTheDeadline) {
  auto late = Context::with_timeout(std::chrono::milliseconds(0));
  EXPECT_EQ(code_of([&] { transport().send(request(), late); }), ErrorCode::deadline_exceeded);
  EXPECT_TRUE(world().received().empty());
}

SendFate fate_of(HttpTransport& transport, const HttpRequest& request, Context& context) {
  try {
    transport.send(request, context);
  } catch (const HttpError& error) {
    return error.fate();
  }
  throw std::logic_error("an answer came where none was expected");
}

TEST_P(HttpTransportConformance, SaysThatARequestMayHaveArrivedIfTheConnectionBreaks) {
  world().drop_connection();
  EXPECT_EQ(fate_of(transport(), request(), context_), SendFate::unknown);
}

TEST_P(HttpTransportConformance, SaysThatARequestDidNotLeaveIfNobodyListens) {
  world().refuse_connection();
  EXPECT_EQ(fate_of(transport(), request(), context_), SendFate::not_sent);
}

TEST_P(HttpTransportConformance, SaysThatACancelledRequestDidNotLeave) {
  context_.cancel();
  EXPECT_EQ(fate_of(transport(), request(), context_), SendFate::not_sent);
}

TEST_P(HttpTransportConformance, SaysThatARequestPastItsDeadlineDidNotLeave) {
  auto late = Context::with_timeout(std::chrono::milliseconds(0));
  EXPECT_EQ(fate_of(transport(), request(), late), SendFate::not_sent);
}

TEST_P(HttpTransportConformance, ShowsNoQueryInAMessage) {
  world().drop_connection();
  const auto message = message_of([&] { transport().send(request(), context_); });
  EXPECT_FALSE(message.empty());
  EXPECT_EQ(message.find("s3cret"), std::string::npos) << message;
}

TEST_P(HttpTransportConformance, RefusesASourceThatIsLongerThanPromised) {
  const Bytes body = bytes_of("much too long");
  auto sent = request(HttpMethod::put);
  sent.source = make_memory_source(body);
  sent.source_size = 4;
  EXPECT_THROW(transport().send(sent, context_), std::invalid_argument);
}

TEST_P(HttpTransportConformance, RefusesAHeaderThatWouldBecomeTwo) {
  auto sent = request();
  sent.headers = {{"x-test", "one\r\nx-more: two"}};
  EXPECT_THROW(transport().send(sent, context_), std::invalid_argument);
  EXPECT_TRUE(world().received().empty());
}

TEST_P(HttpTransportConformance, RefusesALengthThatTheCallerSets) {
  auto sent = request(HttpMethod::post);
  sent.headers = {{"content-length", "3"}};
  EXPECT_THROW(transport().send(sent, context_), std::invalid_argument);
}

TEST_P(HttpTransportConformance, SendsNothingWhereThePolicyForbids) {
  auto sent = request();
  sent.policy = std::make_shared<const UrlPolicy>();
  EXPECT_EQ(code_of([&] { transport().send(sent, context_); }), ErrorCode::unsafe_url);
  EXPECT_TRUE(world().received().empty());
}

TEST_P(HttpTransportConformance, LetsAnErrorOfTheSinkThrough) {
  world().answer({200, {}, Bytes(100)});
  Bytes kept;
  auto sent = request();
  sent.sink = make_memory_sink(kept, 10);
  const auto message = message_of([&] { transport().send(sent, context_); });
  EXPECT_NE(message.find("more than 10 bytes"), std::string::npos) << message;
}

TEST_P(HttpTransportConformance, ServesManyThreadsAtOnce) {
  for (int i = 0; i < 80; ++i) world().answer({200, {}, bytes_of(std::to_string(i))});
  std::vector<std::atomic<int>> seen(80);
  run_threads(8, [&](int) {
    Context context;
    for (int i = 0; i < 10; ++i)
      ++seen[static_cast<std::size_t>(std::stoi(text_of(transport().send(request(), context).body)))];
  });
  for (const auto& count : seen) EXPECT_EQ(count, 1);
}

// The canary: a transport that gives the body of a bad answer to the sink.
class LeakyTransport final : public HttpTransport {
 public:
  HttpResponse send(const HttpRequest& request, Context&) override {
    request.sink->write(bytes_of("gone"));
    return {404, {}, {}};
  }
};

TEST(HttpTransportCanary, RejectsATransportThatWritesABadAnswerToTheSink) {
  LeakyTransport leaky;
  EXPECT_NE(failures_of([&] { check_that_a_bad_answer_stays_out_of_the_sink(leaky, {}); }).find("bad answer"),
            std::string::npos);
}

}  // namespace
}  // namespace vitrine
