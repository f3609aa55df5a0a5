#include "vitrine/net/curl_transport.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "support/errors.h"
#include "support/send.h"
#include "support/temporary_folder.h"
#include "support/test_server.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;

CurlOptions direct() {
  CurlOptions options;
  options.proxy = "";
  return options;
}

CurlOptions trusting(const TestServer& server) {
  CurlOptions options = direct();
  options.certificates = server.certificate();
  return options;
}

class CurlTransport : public ::testing::Test {
 protected:
  std::unique_ptr<HttpTransport> transport_ = make_curl_transport(direct());
  Context context_;
};

void answer_ok(ServedRequest& served) { served.respond(200, {}, "ok"); }

TEST_F(CurlTransport, KeepsAConnectionForTheNextRequest) {
  TestServer server(answer_ok);
  transport_->send(request_to(server.url()), context_);
  transport_->send(request_to(server.url()), context_);
  EXPECT_EQ(server.connection_count(), 1);
}

TEST_F(CurlTransport, SendsThePathAsItIs) {
  TestServer server(answer_ok);
  transport_->send(request_to(server.url("/a/../b//c?q=%2F+%20")), context_);
  EXPECT_EQ(server.requests().at(0).url, "/a/../b//c?q=%2F+%20");
}

TEST_F(CurlTransport, SaysWhoItIs) {
  TestServer server(answer_ok);
  transport_->send(request_to(server.url()), context_);
  const auto agent = HttpResponse{0, server.requests().at(0).headers, {}}.header("user-agent");
  EXPECT_EQ(agent.value_or("").rfind("vitrine/", 0), 0u);
}

TEST_F(CurlTransport, SendsAHeaderWithoutAValue) {
  TestServer server(answer_ok);
  auto request = request_to(server.url());
  request.headers = {{"x-empty", ""}};
  transport_->send(request, context_);
  EXPECT_EQ((HttpResponse{0, server.requests().at(0).headers, {}}.header("x-empty")), "");
}

TEST_F(CurlTransport, SendsNoTypeThatTheCallerDidNotGive) {
  TestServer server(answer_ok);
  auto request = request_to(server.url(), HttpMethod::post);
  request.body = bytes_of("{}");
  transport_->send(request, context_);
  EXPECT_FALSE((HttpResponse{0, server.requests().at(0).headers, {}}.header("content-type")));
}

TEST_F(CurlTransport, SendsTheLengthOfABodyThatIsEmpty) {
  TestServer server(answer_ok);
  transport_->send(request_to(server.url(), HttpMethod::post), context_);
  EXPECT_EQ((HttpResponse{0, server.requests().at(0).headers, {}}.header("content-length")), "0");
}

TEST_F(CurlTransport, GivesTheLengthOfWhatHeadAsksFor) {
  TestServer server([](ServedRequest& served) { served.respond(200, {}, std::string(5000, 'x')); });
  const auto response = transport_->send(request_to(server.url(), HttpMethod::head), context_);
  EXPECT_EQ(response.header("content-length"), "5000");
  EXPECT_TRUE(response.body.empty());
}

TEST_F(CurlTransport, ForgetsTheHeadersOfAnInterimAnswer) {
  TestServer server([](ServedRequest& served) {
    served.send("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n");
    served.respond(200, {{"x-final", "yes"}});
  });
  const auto response = transport_->send(request_to(server.url()), context_);
  EXPECT_FALSE(response.header("link"));
  EXPECT_EQ(response.header("x-final"), "yes");
}

TEST_F(CurlTransport, ReadsAnAnswerInChunks) {
  TestServer server([](ServedRequest& served) {
    served.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  });
  EXPECT_EQ(text_of(transport_->send(request_to(server.url()), context_).body), "abcde");
}

TEST_F(CurlTransport, ReportsAnAnswerThatIsShorterThanPromised) {
  TestServer server([](ServedRequest& served) {
    served.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
    served.hang_up();
  });
  const auto failure = failure_of_send(*transport_, request_to(server.url()));
  EXPECT_EQ(failure.code, ErrorCode::unavailable);
  EXPECT_EQ(failure.fate, SendFate::unknown);
}

TEST_F(CurlTransport, ReportsAConnectionThatIsResetInTheBody) {
  TestServer server([](ServedRequest& served) {
    served.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
    served.reset();
  });
  EXPECT_EQ(failure_of_send(*transport_, request_to(server.url())).code, ErrorCode::unavailable);
}

TEST_F(CurlTransport, ReportsAnAnswerThatIsNoHttp) {
  TestServer server([](ServedRequest& served) {
    served.send("220 mail.test ESMTP\r\n");
    served.hang_up();
  });
  EXPECT_EQ(failure_of_send(*transport_, request_to(server.url())).code, ErrorCode::unavailable);
}

TEST_F(CurlTransport, StopsABodyThatDoesNotEnd) {
  TestServer server([](ServedRequest& served) {
    served.send("HTTP/1.1 200 OK\r\n\r\n");
    while (served.send(std::string(16384, 'x'))) continue;
  });
  auto request = request_to(server.url());
  request.max_response_bytes = 1u << 20u;
  EXPECT_EQ(failure_of_send(*transport_, request).code, ErrorCode::image_too_large);
}

TEST_F(CurlTransport, StopsHeadersThatDoNotEnd) {
  TestServer server([](ServedRequest& served) {
    served.send("HTTP/1.1 200 OK\r\n");
    while (served.send("x-more: " + std::string(1000, 'x') + "\r\n")) continue;
  });
  EXPECT_EQ(failure_of_send(*transport_, request_to(server.url())).code, ErrorCode::image_too_large);
}

TEST_F(CurlTransport, RefusesByThePromisedLengthBeforeItTakesTheBody) {
  TestServer server([](ServedRequest& served) {
    served.send("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx");
    served.wait_for_client_to_leave();
  });
  EXPECT_EQ(failure_of_send(*transport_, request_to(server.url())).code, ErrorCode::image_too_large);
}

TEST_F(CurlTransport, ServesTheNextRequestAfterOneThatBroke) {
  TestServer server([](ServedRequest& served) { served.target() == "/bad" ? served.reset() : answer_ok(served); });
  EXPECT_TRUE(failure_of_send(*transport_, request_to(server.url("/bad"))).code);
  EXPECT_EQ(transport_->send(request_to(server.url("/good")), context_).status, 200);
}

// A pooled connection that the server closes just when it is used again: libcurl would send the request once more.
TEST_F(CurlTransport, SendsAPostNeverTwice) {
  TestServer server([](ServedRequest& served) { served.target() == "/first" ? answer_ok(served) : served.hang_up(); });
  transport_->send(request_to(server.url("/first")), context_);
  const auto failure = failure_of_send(*transport_, request_to(server.url("/pay"), HttpMethod::post));
  EXPECT_EQ(failure.code, ErrorCode::unavailable);
  EXPECT_EQ(failure.fate, SendFate::unknown);
  EXPECT_EQ(server.requests().size(), 2u);
}

TEST_F(CurlTransport, SaysThatAPostWithoutAnAnswerMayHaveArrived) {
  TestServer server([](ServedRequest& served) { served.hang_up(); });
  const auto failure = failure_of_send(*transport_, request_to(server.url(), HttpMethod::post));
  EXPECT_NE(failure.message.find("may have arrived"), std::string::npos) << failure.message;
}

TEST_F(CurlTransport, EndsAtTheTimeoutOfTheRequest) {
  TestServer server([](ServedRequest& served) { served.wait_for_client_to_leave(); });
  auto request = request_to(server.url());
  request.timeout = milliseconds(60);
  const auto failure = failure_of_send(*transport_, request);
  EXPECT_EQ(failure.code, ErrorCode::unavailable);
  EXPECT_EQ(failure.fate, SendFate::unknown);
}

TEST_F(CurlTransport, EndsAtTheDeadlineOfTheContext) {
  TestServer server([](ServedRequest& served) { served.wait_for_client_to_leave(); });
  const auto failure = failure_of_send(*transport_, request_to(server.url()), Context::with_timeout(milliseconds(60)));
  EXPECT_EQ(failure.code, ErrorCode::deadline_exceeded);
  EXPECT_EQ(failure.fate, SendFate::unknown);
}

TEST_F(CurlTransport, IsCancelledWhileItWaitsForTheAnswer) {
  TestServer server([this](ServedRequest& served) {
    context_.cancel();
    served.wait_for_client_to_leave();
  });
  const auto failure = failure_of_send(*transport_, request_to(server.url()), context_);
  EXPECT_EQ(failure.code, ErrorCode::cancelled);
  EXPECT_EQ(failure.fate, SendFate::unknown);
}

TEST_F(CurlTransport, IsCancelledWhileALookUpHangs) {
  std::promise<void> asked;
  std::promise<void> released;
  auto gate = std::make_shared<std::shared_future<void>>(released.get_future());
  CurlOptions options = direct();
  options.resolver = [&asked, gate](const std::string&) {
    asked.set_value();
    gate->wait();
    return std::vector<IpAddress>();
  };
  const auto transport = make_curl_transport(options);
  std::jthread canceller([&] {
    asked.get_future().wait();
    context_.cancel();
  });
  const auto failure = failure_of_send(*transport, request_to("http://pictures.example.com/"), context_);
  released.set_value();
  EXPECT_EQ(failure.code, ErrorCode::cancelled);
  EXPECT_EQ(failure.fate, SendFate::not_sent);
}

TEST_F(CurlTransport, AsksTheResolverItWasGiven) {
  TestServer server(answer_ok);
  CurlOptions options = direct();
  options.resolver = [](const std::string&) { return std::vector{*parse_ip_address("127.0.0.1")}; };
  const auto url = "http://pictures.example.com:" + std::to_string(server.port());
  EXPECT_EQ(make_curl_transport(options)->send(request_to(url), context_).status, 200);
}

TEST_F(CurlTransport, SaysThatANameIsUnknown) {
  CurlOptions options = direct();
  options.resolver = [](const std::string&) { return std::vector<IpAddress>(); };
  const auto failure = failure_of_send(*make_curl_transport(options), request_to("http://pictures.example.com/"));
  EXPECT_EQ(failure.fate, SendFate::not_sent);
  EXPECT_NE(failure.message.find("pictures.example.com could not be resolved"), std::string::npos) << failure.message;
}

TEST_F(CurlTransport, RefusesAnAddressThatIsNoWebAddress) {
  EXPECT_EQ(failure_of_send(*transport_, request_to("file:///etc/passwd")).code, ErrorCode::unsafe_url);
}

TEST_F(CurlTransport, RefusesATimeoutThatIsNotAboveZero) {
  auto request = request_to("http://localhost/");
  request.timeout = milliseconds(0);
  EXPECT_THROW(transport_->send(request, context_), std::invalid_argument);
}

TEST_F(CurlTransport, SpeaksTlsWithAServerWhoseCertificateItTrusts) {
  TestServer server(answer_ok, ServerTls::self_signed);
  EXPECT_EQ(text_of(make_curl_transport(trusting(server))->send(request_to(server.url()), context_).body), "ok");
}

TEST_F(CurlTransport, OffersHttp2) {
  TestServer server(answer_ok, ServerTls::self_signed);
  make_curl_transport(trusting(server))->send(request_to(server.url()), context_);
  EXPECT_TRUE(server.was_offered_http2());
}

TEST_F(CurlTransport, SendsNothingToAServerWhoseCertificateIsUnknown) {
  TestServer server(answer_ok, ServerTls::self_signed);
  const auto failure = failure_of_send(*transport_, request_to(server.url()));
  EXPECT_EQ(failure.code, ErrorCode::unavailable);
  EXPECT_EQ(failure.fate, SendFate::not_sent);
  EXPECT_FALSE(failure.retryable);
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(CurlTransport, SendsNothingToACertificateOfAnotherName) {
  TestServer server(answer_ok, ServerTls::self_signed);
  CurlOptions options = trusting(server);
  options.resolver = [](const std::string&) { return std::vector{*parse_ip_address("127.0.0.1")}; };
  const auto url = "https://other.test:" + std::to_string(server.port());
  EXPECT_EQ(failure_of_send(*make_curl_transport(options), request_to(url)).fate, SendFate::not_sent);
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(CurlTransport, GivesUpAHandshakeThatStalls) {
  TestServer server([](ServedRequest& served) { served.hang_up(); });
  CurlOptions options = direct();
  options.connect_timeout = milliseconds(60);
  const auto failure = failure_of_send(*make_curl_transport(options), request_to("https://" + server.host_and_port()));
  EXPECT_EQ(failure.code, ErrorCode::unavailable);
  EXPECT_EQ(failure.fate, SendFate::not_sent);
}

TEST_F(CurlTransport, SaysWhichCertificatesAreMissing) {
  CurlOptions options = direct();
  options.certificates = "/nowhere/certificates.pem";
  EXPECT_EQ(code_of([&] { make_curl_transport(options); }), ErrorCode::not_found);
}

/// Gives zeros without end, so that only an early answer or a broken connection ends the upload.
class Zeros final : public ByteSource {
 public:
  std::size_t read(std::span<std::uint8_t> buffer) override {
    std::fill(buffer.begin(), buffer.end(), std::uint8_t{0});
    return buffer.size();
  }
};

HttpRequest endless_upload_to(const std::string& url) {
  auto request = request_to(url, HttpMethod::put);
  request.source = std::make_shared<Zeros>();
  request.source_size = 2 * ServedRequest::kMostBody;
  return request;
}

TEST_F(CurlTransport, OutlivesAServerThatBreaksOffAnUpload) {
  TestServer server([](ServedRequest& served) { served.reset(); }, ServerTls::self_signed);
  const auto failure = failure_of_send(*make_curl_transport(trusting(server)), endless_upload_to(server.url()));
  EXPECT_EQ(failure.code, ErrorCode::unavailable);
  EXPECT_EQ(failure.fate, SendFate::unknown);
}

TEST_F(CurlTransport, TakesAnAnswerThatComesBeforeTheUploadEnds) {
  TestServer server([](ServedRequest& served) {
    served.respond(403, {{"Connection", "close"}}, "no");
    served.wait_for_client_to_leave();
  });
  EXPECT_EQ(transport_->send(endless_upload_to(server.url()), context_).status, 403);
}

TEST_F(CurlTransport, ReachesAPlainServerThroughAProxy) {
  TestServer proxy(answer_ok);
  CurlOptions options;
  options.proxy = proxy.url();
  make_curl_transport(options)->send(request_to("http://pictures.example.com/a"), context_);
  EXPECT_EQ(proxy.requests().at(0).url, "http://pictures.example.com/a");
}

TEST_F(CurlTransport, GoesAroundTheProxyWhereItIsTold) {
  TestServer server(answer_ok);
  CurlOptions options;
  options.proxy = "http://127.0.0.1:1";
  options.no_proxy = "localhost";
  EXPECT_EQ(make_curl_transport(options)->send(request_to(server.url()), context_).status, 200);
}

TEST_F(CurlTransport, SaysThatNothingLeftWhenTheProxyRefusesTheTunnel) {
  TestServer proxy([](ServedRequest& served) { served.respond(403); });
  CurlOptions options;
  options.proxy = proxy.url();
  const auto failure = failure_of_send(*make_curl_transport(options), request_to("https://pictures.example.com/"));
  EXPECT_EQ(failure.fate, SendFate::not_sent);
}

TEST_F(CurlTransport, KeepsTheHeadersOfARequestFromTheProxy) {
  TestServer proxy([](ServedRequest& served) { served.respond(403); });
  CurlOptions options;
  options.proxy = proxy.url();
  auto request = request_to("https://pictures.example.com/");
  request.headers = {{"x-key", "s3cret"}};
  failure_of_send(*make_curl_transport(options), request);
  EXPECT_FALSE((HttpResponse{0, proxy.requests().at(0).headers, {}}.header("x-key")));
}

}  // namespace
}  // namespace vitrine
