#include "vitrine/net/url.h"

#include <gtest/gtest.h>

#include "support/errors.h"

namespace vitrine {
namespace {

TEST(Url, ReadsItsParts) {
  const Url url = parse_url("https://Pictures.Example.COM:8443/a/b?c=d#e");
  EXPECT_EQ(url.scheme, "https");
  EXPECT_EQ(url.host, "pictures.example.com");
  EXPECT_EQ(url.port, 8443);
  EXPECT_EQ(url.target, "/a/b?c=d");
}

TEST(Url, HasThePortOfItsScheme) {
  EXPECT_EQ(parse_url("https://a.example").port, 443);
  EXPECT_EQ(parse_url("http://a.example").port, 80);
}

TEST(Url, HasARootWhereNoPathIsGiven) {
  EXPECT_EQ(parse_url("https://a.example").target, "/");
  EXPECT_EQ(parse_url("https://a.example?q").target, "/?q");
}

TEST(Url, ReadsAnIpv6Host) {
  const Url url = parse_url("http://[2001:DB8::1]:81/");
  EXPECT_EQ(url.host, "2001:db8::1");
  EXPECT_EQ(url.port, 81);
  EXPECT_EQ(url.text(), "http://[2001:db8::1]:81/");
}

TEST(Url, KnowsAHostThatIsAnAddress) {
  EXPECT_TRUE(parse_url("http://192.0.2.1/").address);
  EXPECT_FALSE(parse_url("http://192.0.2.1.example/").address);
}

TEST(Url, LeavesTheUsualPortOut) {
  EXPECT_EQ(parse_url("https://a.example:443/x").text(), "https://a.example/x");
  EXPECT_EQ(parse_url("http://a.example:443/x").text(), "http://a.example:443/x");
}

TEST(Url, TakesTheLongestLabelAndNoLongerOne) {
  EXPECT_EQ(parse_url("https://" + std::string(63, 'a') + ".example").host.size(), 71u);
  EXPECT_EQ(code_of([] { parse_url("https://" + std::string(64, 'a') + ".example"); }), ErrorCode::unsafe_url);
}

TEST(Url, TakesTheLongestAddressAndNoLongerOne) {
  const std::string begin = "https://a.example/";
  EXPECT_EQ(parse_url(begin + std::string(8192 - begin.size(), 'x')).text().size(), 8192u);
  EXPECT_EQ(code_of([&] { parse_url(begin + std::string(8193 - begin.size(), 'x')); }), ErrorCode::unsafe_url);
}

struct Step {
  const char* reference;
  const char* target;
};
void PrintTo(const Step& step, std::ostream* out) { *out << step.reference; }

class ResolveReference : public ::testing::TestWithParam<Step> {};
// RFC 3986, section 5.4, less the fragments.
INSTANTIATE_TEST_SUITE_P(Rfc3986, ResolveReference,
                         ::testing::Values(Step{"g", "/b/c/g"}, Step{"./g", "/b/c/g"}, Step{"g/", "/b/c/g/"},
                                           Step{"/g", "/g"}, Step{"?y", "/b/c/d;p?y"}, Step{"g?y", "/b/c/g?y"},
                                           Step{"#s", "/b/c/d;p?q"}, Step{"g#s", "/b/c/g"}, Step{";x", "/b/c/;x"},
                                           Step{"", "/b/c/d;p?q"}, Step{".", "/b/c/"}, Step{"./", "/b/c/"},
                                           Step{"..", "/b/"}, Step{"../", "/b/"}, Step{"../g", "/b/g"},
                                           Step{"../..", "/"}, Step{"../../g", "/g"}, Step{"../../../g", "/g"},
                                           Step{"/./g", "/g"}, Step{"/../g", "/g"}, Step{"g.", "/b/c/g."},
                                           Step{"..g", "/b/c/..g"}, Step{"./../g", "/b/g"}, Step{"./g/.", "/b/c/g/"},
                                           Step{"g/../h", "/b/c/h"}, Step{"g?y/../x", "/b/c/g?y/../x"}));

TEST_P(ResolveReference, LeadsToTheTarget) {
  const Url base = parse_url("https://a.example/b/c/d;p?q");
  EXPECT_EQ(resolve_reference(base, GetParam().reference).text(), std::string("https://a.example") + GetParam().target);
}

TEST(ResolveReferenceToAHost, TakesTheSchemeOfTheBase) {
  EXPECT_EQ(resolve_reference(parse_url("https://a.example/b"), "//c.example/d").text(), "https://c.example/d");
}

TEST(ResolveReferenceToAHost, TakesAWholeAddressAsItIs) {
  EXPECT_EQ(resolve_reference(parse_url("https://a.example/b"), "http://c.example/d").text(), "http://c.example/d");
}

TEST(ResolveReferenceToAHost, RefusesAnotherScheme) {
  const Url base = parse_url("https://a.example/b");
  EXPECT_EQ(code_of([&] { resolve_reference(base, "file:///etc/passwd"); }), ErrorCode::unsafe_url);
}

TEST(Redacted, ShowsHostAndTheFirstWordOfThePath) {
  EXPECT_EQ(redacted("https://a.example/v1/secret?key=secret"), "https://a.example/v1/…");
  EXPECT_EQ(redacted("https://a.example/v1"), "https://a.example/v1");
  EXPECT_EQ(redacted("https://a.example"), "https://a.example/");
}

TEST(Redacted, ShowsTheVersionOfAnInterface) {
  EXPECT_EQ(redacted("https://a.example/v1beta1/x"), "https://a.example/v1beta1/…");
}

TEST(Redacted, HidesTheQuery) { EXPECT_EQ(redacted("https://a.example/v1?key=secret"), "https://a.example/v1/…"); }

TEST(Redacted, HidesAFirstWordThatLooksLikeAToken) {
  EXPECT_EQ(redacted("https://a.example/1234567890abcdef1234567890abcdef"), "https://a.example/…");
  EXPECT_EQ(redacted("https://a.example/bot123:secret/send"), "https://a.example/…");
  EXPECT_EQ(redacted("https://a.example/s3cret"), "https://a.example/…");
}

TEST(Redacted, ShowsNothingOfWhatCannotBeRead) {
  EXPECT_EQ(redacted("https://me:secret@a.example/"), "an unreadable address");
  EXPECT_EQ(redacted("secret"), "an unreadable address");
  EXPECT_EQ(redacted(""), "an unreadable address");
}

TEST(HostOf, FindsTheHostBehindUserInfo) { EXPECT_EQ(host_of("https://me:secret@a.example:81/x"), "a.example"); }

TEST(HostOf, ShowsNothingOfWhatIsNoHost) {
  EXPECT_EQ(host_of("secret"), "an unreadable address");
  EXPECT_EQ(host_of("https://a b/"), "an unreadable address");
}

}  // namespace
}  // namespace vitrine
