// That the address a request is in fact connected to passes its policy: no gap between check and use.
#include <gtest/gtest.h>

#include <atomic>

#include "net/curl_route.h"
#include "support/errors.h"
#include "support/send.h"
#include "support/test_server.h"
#include "vitrine/net/url_policy.h"

namespace vitrine {
namespace {

const IpAddress kPublic = *parse_ip_address("93.184.215.14");
const IpAddress kLoopback = *parse_ip_address("127.0.0.1");

class CurlPolicy : public ::testing::Test {
 protected:
  CurlOptions options() const {
    CurlOptions made;
    made.proxy = "";
    made.certificates = server_.certificate();
    return made;
  }

  CurlOptions options(Resolver resolver) const {
    CurlOptions made = options();
    made.resolver = std::move(resolver);
    return made;
  }

  HttpRequest stranger_request() const {
    auto request = request_to("https://pictures.example.com:" + std::to_string(server_.port()) + "/art.png");
    UrlPolicy policy;
    policy.ports = {server_.port()};
    request.policy = std::make_shared<const UrlPolicy>(policy);
    return request;
  }

  Route to_the_server() const {
    return [port = server_.port()](const SocketAddress&) { return SocketAddress{kLoopback, port}; };
  }

  TestServer server_{[](ServedRequest& served) { served.respond(200); }, ServerTls::self_signed};
  Context context_;
};

TEST_F(CurlPolicy, ConnectsToAPublicAddress) {
  const auto transport =
      make_routed_curl_transport(options([](const std::string&) { return std::vector{kPublic}; }), to_the_server());
  EXPECT_EQ(transport->send(stranger_request(), context_).status, 200);
}

TEST_F(CurlPolicy, OpensNoConnectionToAPrivateAddress) {
  const auto transport = make_curl_transport(options([](const std::string&) { return std::vector{kLoopback}; }));
  EXPECT_EQ(failure_of_send(*transport, stranger_request()).code, ErrorCode::unsafe_url);
  EXPECT_EQ(server_.connection_count(), 0);
}

TEST_F(CurlPolicy, OpensNoConnectionToAnyOfSeveralPrivateAddresses) {
  const std::vector<IpAddress> several{*parse_ip_address("::1"), *parse_ip_address("::ffff:127.0.0.1"), kLoopback};
  const auto transport = make_curl_transport(options([&](const std::string&) { return several; }));
  EXPECT_EQ(failure_of_send(*transport, stranger_request()).code, ErrorCode::unsafe_url);
  EXPECT_EQ(server_.connection_count(), 0);
}

TEST_F(CurlPolicy, IsNotFooledByANameThatChangesItsMindBetweenTwoLookUps) {
  std::atomic<int> look_ups = 0;
  const auto resolver = [&](const std::string&) { return std::vector{look_ups++ == 0 ? kPublic : kLoopback}; };
  auto first = options(resolver);
  first.max_idle = 0;  // a fresh connection each time
  const auto transport = make_routed_curl_transport(first, to_the_server());
  EXPECT_EQ(transport->send(stranger_request(), context_).status, 200);
  EXPECT_EQ(failure_of_send(*transport, stranger_request()).code, ErrorCode::unsafe_url);
  EXPECT_EQ(server_.connection_count(), 1);
}

TEST_F(CurlPolicy, DoesNotTrustAPooledConnectionThatWasOpenedWithoutAPolicy) {
  const auto transport = make_curl_transport(options([](const std::string&) { return std::vector{kLoopback}; }));
  auto own = stranger_request();
  own.policy = nullptr;
  EXPECT_EQ(transport->send(own, context_).status, 200);
  EXPECT_EQ(failure_of_send(*transport, stranger_request()).code, ErrorCode::unsafe_url);
  EXPECT_EQ(server_.requests().size(), 1u);
}

TEST_F(CurlPolicy, ReachesATrustedHostOnAPrivateAddress) {
  auto request = request_to(server_.url());
  UrlPolicy policy;
  policy.trusted_hosts = {server_.host_and_port()};
  request.policy = std::make_shared<const UrlPolicy>(policy);
  EXPECT_EQ(make_curl_transport(options())->send(request, context_).status, 200);
}

TEST_F(CurlPolicy, ChecksWhatTheSystemResolvesToo) {
  auto request = request_to("https://localhost:" + std::to_string(server_.port()));
  UrlPolicy policy;
  policy.ports = {};
  policy.allowed_hosts = {"localhost"};
  request.policy = std::make_shared<const UrlPolicy>(policy);
  EXPECT_EQ(failure_of_send(*make_curl_transport(options()), request).code, ErrorCode::unsafe_url);
  EXPECT_EQ(server_.connection_count(), 0);
}

TEST_F(CurlPolicy, TellsAProxyTheAddressThatWasChecked) {
  TestServer proxy([](ServedRequest& served) { served.respond(403); });
  auto through = options([](const std::string&) { return std::vector{kPublic}; });
  through.proxy = proxy.url();
  failure_of_send(*make_curl_transport(through), stranger_request());
  EXPECT_EQ(proxy.requests().at(0).url, "93.184.215.14:" + std::to_string(server_.port()));
}

TEST_F(CurlPolicy, AsksNoProxyForAPrivateAddress) {
  TestServer proxy([](ServedRequest& served) { served.respond(403); });
  auto through = options([](const std::string&) { return std::vector{kPublic, kLoopback}; });
  through.proxy = proxy.url();
  EXPECT_EQ(failure_of_send(*make_curl_transport(through), stranger_request()).code, ErrorCode::unsafe_url);
  EXPECT_TRUE(proxy.requests().empty());
}

}  // namespace
}  // namespace vitrine
