#include "net/proxy_choice.h"

#include <gtest/gtest.h>

#include <map>

namespace vitrine {
namespace {

ProxyChoice with_environment(const std::map<std::string, std::string>& variables) {
  return proxies_of_environment([&](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

ProxyChoice around(const std::string& no_proxy) { return {"http://p:1", "http://p:1", no_proxy}; }

bool goes_directly(const std::string& no_proxy, std::string_view url) {
  return around(no_proxy).proxy_for(parse_url(url)).empty();
}

TEST(ProxyChoice, HasAProxyForEachScheme) {
  const auto choice = with_environment({{"http_proxy", "http://a:1"}, {"https_proxy", "http://b:1"}});
  EXPECT_EQ(choice.proxy_for(parse_url("http://x.example")), "http://a:1");
  EXPECT_EQ(choice.proxy_for(parse_url("https://x.example")), "http://b:1");
}

TEST(ProxyChoice, IgnoresAVariableThatAWebRequestCanSet) {
  EXPECT_EQ(with_environment({{"HTTP_PROXY", "http://evil:1"}}).proxy_for(parse_url("http://x.example")), "");
}

TEST(ProxyChoice, TakesTheVariableForAllSchemes) {
  EXPECT_EQ(with_environment({{"ALL_PROXY", "http://a:1"}}).proxy_for(parse_url("https://x.example")), "http://a:1");
}

TEST(ProxyChoice, PrefersTheVariableOfTheScheme) {
  const auto choice = with_environment({{"all_proxy", "http://a:1"}, {"HTTPS_PROXY", "http://b:1"}});
  EXPECT_EQ(choice.proxy_for(parse_url("https://x.example")), "http://b:1");
}

TEST(ProxyChoice, HasNoneByDefault) { EXPECT_EQ(with_environment({}).proxy_for(parse_url("https://x.example")), ""); }

TEST(ProxyChoice, GoesAroundItForAListedNameAndThoseBelow) {
  EXPECT_TRUE(goes_directly("a.example, b.example", "http://b.example"));
  EXPECT_TRUE(goes_directly("b.example", "http://x.b.example"));
  EXPECT_TRUE(goes_directly(".b.example", "http://x.b.example"));
  EXPECT_TRUE(goes_directly("*.b.example", "http://x.b.example"));
  EXPECT_FALSE(goes_directly("b.example", "http://xb.example"));
}

TEST(ProxyChoice, GoesAroundItForEverythingIfThereIsAStar) { EXPECT_TRUE(goes_directly("*", "http://b.example")); }

TEST(ProxyChoice, GoesAroundItForAddressesAndNetworks) {
  EXPECT_TRUE(goes_directly("10.0.0.1", "http://10.0.0.1"));
  EXPECT_TRUE(goes_directly("10.0.0.0/8", "http://10.200.0.1"));
  EXPECT_TRUE(goes_directly("fd00::/8", "http://[fd12::1]"));
  EXPECT_FALSE(goes_directly("10.0.0.0/8", "http://11.0.0.1"));
  EXPECT_FALSE(goes_directly("10.0.0.0/99", "http://10.0.0.1"));
  EXPECT_FALSE(goes_directly("10.0.0.0/x", "http://10.0.0.1"));
}

TEST(ProxyChoice, GoesThroughItIfTheListIsEmpty) { EXPECT_FALSE(goes_directly("", "http://b.example")); }

}  // namespace
}  // namespace vitrine
