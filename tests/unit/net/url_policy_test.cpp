#include "vitrine/net/url_policy.h"

#include <gtest/gtest.h>

#include "support/errors.h"

namespace vitrine {
namespace {

bool passes(const UrlPolicy& policy, std::string_view url) {
  return code_of([&] { check_url(policy, url); }) != ErrorCode::unsafe_url;
}

UrlPolicy allowing(std::vector<std::string> hosts) {
  UrlPolicy policy;
  policy.allowed_hosts = std::move(hosts);
  return policy;
}

UrlPolicy trusting(std::vector<std::string> hosts) {
  UrlPolicy policy;
  policy.trusted_hosts = std::move(hosts);
  return policy;
}

TEST(UrlPolicy, LetsEveryPublicHttpsAddressThroughByDefault) {
  EXPECT_TRUE(passes({}, "https://pictures.example.com/a.png?sig=x"));
  EXPECT_TRUE(passes({}, "https://1.1.1.1/"));
  EXPECT_TRUE(passes({}, "https://xn--bcher-kva.example.com/"));
}

TEST(UrlPolicy, RefusesPlainHttp) { EXPECT_FALSE(passes({}, "http://pictures.example.com/")); }

TEST(UrlPolicy, RefusesAPortThatIsNotListed) {
  EXPECT_FALSE(passes({}, "https://pictures.example.com:8443/"));
  UrlPolicy policy;
  policy.ports = {443, 8443};
  EXPECT_TRUE(passes(policy, "https://pictures.example.com:8443/"));
}

TEST(UrlPolicy, TakesEveryPortIfNoneIsListed) {
  UrlPolicy policy;
  policy.ports = {};
  EXPECT_TRUE(passes(policy, "https://pictures.example.com:1/"));
}

TEST(UrlPolicy, LetsOnlyListedHostsThrough) {
  EXPECT_TRUE(passes(allowing({"api.example.com"}), "https://API.example.com/"));
  EXPECT_FALSE(passes(allowing({"api.example.com"}), "https://b.api.example.com/"));
}

TEST(UrlPolicy, LetsNamesBelowAStarThroughAndNotTheDomainItself) {
  const auto policy = allowing({"*.bfl.ai"});
  EXPECT_TRUE(passes(policy, "https://api.bfl.ai/"));
  EXPECT_TRUE(passes(policy, "https://delivery.eu2.bfl.ai/"));
  EXPECT_FALSE(passes(policy, "https://bfl.ai/"));
  EXPECT_FALSE(passes(policy, "https://evilbfl.ai/"));
  EXPECT_FALSE(passes(policy, "https://bfl.ai.evil.example/"));
}

TEST(UrlPolicy, TakesPlainHttpAndAnyPortOnATrustedHost) {
  EXPECT_TRUE(passes(trusting({"localhost"}), "http://localhost:9199/"));
  EXPECT_TRUE(passes(trusting({"127.0.0.1"}), "http://127.0.0.1/"));
}

TEST(UrlPolicy, TrustsOnlyThePortThatIsNamed) {
  EXPECT_TRUE(passes(trusting({"localhost:9199"}), "http://localhost:9199/"));
  EXPECT_FALSE(passes(trusting({"localhost:9199"}), "http://localhost:9200/"));
}

TEST(UrlPolicy, TrustsNoNameBelowATrustedOne) { EXPECT_FALSE(passes(trusting({"localhost"}), "http://a.localhost/")); }

TEST(UrlPolicy, ChecksAnAddressThatANameLeadsTo) {
  const Url url = parse_url("https://pictures.example.com/");
  EXPECT_EQ(code_of([&] { check_address({}, url, *parse_ip_address("10.0.0.1")); }), ErrorCode::unsafe_url);
  EXPECT_EQ(code_of([&] { check_address({}, url, *parse_ip_address("1.1.1.1")); }), std::nullopt);
}

TEST(UrlPolicy, SaysWhereTheNameLeadsAndWhatToDo) {
  const Url url = parse_url("https://pictures.example.com/?key=s3cret");
  const auto message = message_of([&] { check_address({}, url, *parse_ip_address("169.254.169.254")); });
  EXPECT_NE(message.find("pictures.example.com"), std::string::npos) << message;
  EXPECT_NE(message.find("169.254.169.254"), std::string::npos) << message;
  EXPECT_NE(message.find("trusted_hosts"), std::string::npos) << message;
  EXPECT_EQ(message.find("s3cret"), std::string::npos) << message;
}

}  // namespace
}  // namespace vitrine
