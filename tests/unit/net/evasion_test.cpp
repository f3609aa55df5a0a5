// Addresses that try to reach the inside of a network. Each is given to download() twice: by itself, and as the place
// that a public server redirects to. The inside is a server that every connection would reach if it were opened.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "net/curl_route.h"
#include "support/errors.h"
#include "support/instant_clock.h"
#include "support/send.h"
#include "support/test_server.h"
#include "vitrine/net/download.h"

namespace vitrine {
namespace {

const IpAddress kPublic = *parse_ip_address("93.184.215.14");
const IpAddress kLoopback = *parse_ip_address("127.0.0.1");
const std::string kPng = std::string("\x89PNG\r\n\x1a\n", 8) + std::string(100, 'x');

struct Evasion {
  std::string name;
  std::string url;
  std::string resolves_to = "127.0.0.1";  // what its host name leads to, if it is one
};
void PrintTo(const Evasion& evasion, std::ostream* out) { *out << evasion.name; }

const Evasion kEvasions[] = {
    // Loopback, written in many ways.
    {"Loopback", "https://127.0.0.1/"},
    {"LoopbackElsewhere", "https://127.255.255.254/"},
    {"LoopbackShort", "https://127.1/"},
    {"LoopbackThreeParts", "https://127.0.1/"},
    {"LoopbackDecimal", "https://2130706433/"},
    {"LoopbackHex", "https://0x7f000001/"},
    {"LoopbackHexParts", "https://0x7f.0.0.1/"},
    {"LoopbackHexCapital", "https://0X7F.0.0.1/"},
    {"LoopbackHexShort", "https://0x7f.1/"},
    {"LoopbackOctal", "https://0177.0.0.1/"},
    {"LoopbackOctalWhole", "https://017700000001/"},
    {"LoopbackOctalLong", "https://00000000177.0.0.1/"},
    {"LoopbackLeadingZero", "https://127.0.0.01/"},
    {"LoopbackLeadingZeros", "https://127.000.000.001/"},
    {"LoopbackMixedBases", "https://127.0x0.0.01/"},
    {"LoopbackHexLast", "https://127.0.0.0x1/"},
    {"LoopbackDot", "https://127.0.0.1./"},
    {"LoopbackOverflow", "https://6425673729/"},
    {"LoopbackPartOverflow", "https://383.256.256.257/"},
    {"ThisHost", "https://0.0.0.0/"},
    {"ThisHostZero", "https://0/"},
    {"ThisHostHexZero", "https://0x0/"},
    {"LoopbackV6", "https://[::1]/"},
    {"LoopbackV6Long", "https://[0:0:0:0:0:0:0:1]/"},
    {"UnspecifiedV6", "https://[::]/"},
    {"MappedDotted", "https://[::ffff:127.0.0.1]/"},
    {"MappedHex", "https://[::ffff:7f00:1]/"},
    {"MappedLong", "https://[0:0:0:0:0:ffff:7f00:0001]/"},
    {"Compatible", "https://[::127.0.0.1]/"},
    {"Translated", "https://[::ffff:0:127.0.0.1]/"},
    {"Nat64", "https://[64:ff9b::127.0.0.1]/"},
    {"Nat64Private", "https://[64:ff9b::a00:1]/"},
    {"Nat64Local", "https://[64:ff9b:1::7f00:1]/"},
    {"SixToFour", "https://[2002:7f00:1::]/"},
    {"Teredo", "https://[2001:0:7f00:1::1]/"},
    {"Isatap", "https://[2a00:1450::5efe:10.0.0.1]/"},
    // Private networks, link-local addresses and metadata services.
    {"PrivateTen", "https://10.0.0.1/"},
    {"PrivateOneSevenTwo", "https://172.31.255.254/"},
    {"PrivateOneNineTwo", "https://192.168.1.1/"},
    {"CarrierPrivate", "https://100.64.0.1/"},
    {"MetadataAlibaba", "https://100.100.100.200/"},
    {"Metadata", "https://169.254.169.254/latest/meta-data/"},
    {"MetadataDecimal", "https://2852039166/"},
    {"MetadataHex", "https://0xA9FEA9FE/"},
    {"MetadataOctal", "https://0251.0376.0251.0376/"},
    {"MetadataMapped", "https://[::ffff:169.254.169.254]/"},
    {"MetadataContainer", "https://169.254.170.2/"},
    {"MetadataAzure", "https://168.63.129.16/"},
    {"MetadataOracle", "https://192.0.0.192/"},
    {"MetadataV6", "https://[fd00:ec2::254]/"},
    {"MetadataName", "https://metadata.google.internal/"},
    {"LinkLocalV6", "https://[fe80::1]/"},
    {"LinkLocalZone", "https://[fe80::1%25eth0]/"},
    {"SiteLocalV6", "https://[fec0::1]/"},
    {"UniqueLocalV6", "https://[fd12:3456::1]/"},
    {"MulticastV4", "https://224.0.0.1/"},
    {"MulticastV6", "https://[ff02::1]/"},
    {"Broadcast", "https://255.255.255.255/"},
    {"Reserved", "https://240.0.0.1/"},
    {"Benchmark", "https://198.18.0.1/"},
    {"Documentation", "https://203.0.113.7/"},
    {"Discard", "https://[100::1]/"},
    // Names that lead inside.
    {"Localhost", "https://localhost/"},
    {"LocalhostCapitals", "HTTPS://LOCALHOST/"},
    {"LocalhostBelow", "https://a.localhost/"},
    {"LocalhostDot", "https://localhost./"},
    {"LocalDomain", "https://localhost.localdomain/"},
    {"SingleLabel", "https://redis/"},
    {"ClusterName", "https://kubernetes.default.svc.cluster.local/"},
    {"MulticastName", "https://printer.local/"},
    {"HomeName", "https://router.home.arpa/"},
    {"NameToLoopback", "https://127.0.0.1.nip.example.com/", "127.0.0.1"},
    {"NameToLoopbackV6", "https://evil.example.com/", "::1"},
    {"NameToMapped", "https://evil.example.com/", "::ffff:10.0.0.1"},
    {"NameToMetadata", "https://evil.example.com/", "169.254.169.254"},
    {"NameToPrivate", "https://evil.example.com/", "192.168.0.1"},
    {"NameToNat64", "https://evil.example.com/", "64:ff9b::a9fe:a9fe"},
    {"NameToUniqueLocal", "https://evil.example.com/", "fd00::1"},
    {"NameToThisHost", "https://evil.example.com/", "0.0.0.0"},
    {"NameToSixToFour", "https://evil.example.com/", "2002:a00:1::1"},
    // What one program takes for the host and another does not.
    {"UserInfo", "https://pictures.example.com@127.0.0.1/"},
    {"UserInfoWithPort", "https://pictures.example.com:443@127.0.0.1/"},
    {"UserInfoPassword", "https://me:secret@pictures.example.com/"},
    {"UserInfoTwice", "https://a@127.0.0.1@pictures.example.com/"},
    {"UserInfoEmpty", "https://@127.0.0.1/"},
    {"UserInfoEncoded", "https://pictures.example.com%40127.0.0.1/"},
    {"BackslashBefore", "https://127.0.0.1\\@pictures.example.com/"},
    {"BackslashAfter", "https://pictures.example.com\\@127.0.0.1/"},
    {"BackslashPath", "https://127.0.0.1\\.pictures.example.com/"},
    {"BackslashesForSlashes", "https:\\\\127.0.0.1/"},
    {"EncodedHost", "https://%31%32%37.0.0.1/"},
    {"EncodedDots", "https://127%2e0%2e0%2e1/"},
    {"EncodedSlash", "https://127.0.0.1%2f.example.com/"},
    {"EncodedZero", "https://127.0.0.1%00.example.com/"},
    {"SpaceInHost", "https://127.0.0.1 .example.com/"},
    {"TabInHost", "https://127.0.\t0.1/"},
    {"Semicolon", "https://127.0.0.1;pictures.example.com/"},
    {"Comma", "https://127.0.0.1,pictures.example.com/"},
    {"BracketsAroundV4", "https://[127.0.0.1]/"},
    {"BracketOpen", "https://[::1/"},
    {"BracketMissing", "https://::1/"},
    {"BracketAndName", "https://[::1]pictures.example.com/"},
    {"BracketFuture", "https://[v1.7f000001]/"},
    {"NoHost", "https:///127.0.0.1/"},
    {"NoHostButPort", "https://:443/"},
    {"EmptyLabel", "https://127..0.0.1/"},
    // International names.
    {"CircledLetters", "https://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3/"},
    {"CircledDigits", "https://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460/"},
    {"FullWidthDigits", "https://\uff11\uff12\uff17.0.0.1/"},
    {"IdeographicDots", "https://127\u30020\u30020\u30021/"},
    {"ZeroWidth", "https://127.0.0.1\u200b/"},
    {"LookAlike", "https://pi\u0441tures.example.com/"},
    // Other schemes and ports.
    {"PlainHttp", "http://pictures.example.com/"},
    {"File", "file:///etc/passwd"},
    {"FileWithHost", "file://localhost/etc/passwd"},
    {"Ftp", "ftp://127.0.0.1/"},
    {"Gopher", "gopher://127.0.0.1:6379/_FLUSHALL"},
    {"Dict", "dict://127.0.0.1:11211/stat"},
    {"Ldap", "ldap://127.0.0.1/"},
    {"Javascript", "javascript:alert(1)"},
    {"Data", "data:image/png;base64,iVBORw0KGgo="},
    {"NestedScheme", "url:https://127.0.0.1/"},
    {"OtherHost", "//127.0.0.1/"},
    {"PortSsh", "https://pictures.example.com:22/"},
    {"PortRedis", "https://pictures.example.com:6379/"},
    {"PortZero", "https://pictures.example.com:0/"},
    {"PortTooLarge", "https://pictures.example.com:65536/"},
    {"PortWraps", "https://pictures.example.com:65979/"},
    {"PortEmpty", "https://pictures.example.com:/"},
    {"PortTwice", "https://pictures.example.com:443:22/"},
    {"PortSigned", "https://pictures.example.com:+443/"},
    {"PortLetters", "https://pictures.example.com:443a/"},
    {"TooLong", "https://pictures.example.com/" + std::string(9000, 'a')},
    {"LabelTooLong", "https://" + std::string(64, 'a') + ".example.com/"},
};
static_assert(std::size(kEvasions) >= 80);

/// A public server and an inside one. Names lead where `dns` says; whatever is not the public address ends inside.
class EvasionWorld : public ::testing::Test {
 protected:
  EvasionWorld() {
    options_.clock = clock_;
    CurlOptions curl;
    curl.proxy = "";
    curl.certificates = public_.certificate();
    curl.max_idle = 0;
    curl.resolver = [this](const std::string& host) { return resolve(host); };
    transport_ = make_routed_curl_transport(curl, [this](const SocketAddress& to) {
      return SocketAddress{kLoopback, to.address == kPublic ? public_.port() : inside_.port()};
    });
  }

  std::optional<ErrorCode> code_of_download(const std::string& url) {
    return code_of([&] { download(*transport_, url, options_, context_); });
  }

  std::vector<IpAddress> resolve(const std::string& host) {
    ++look_ups_;
    if (host == "rebinding.example.com") return {look_ups_ == 1 ? kPublic : kLoopback};
    if (host == "pictures.example.com") return {kPublic};
    return {parse_ip_address(resolves_to_).value()};
  }

  std::string resolves_to_ = "127.0.0.1";
  std::atomic<int> look_ups_ = 0;
  std::shared_ptr<InstantClock> clock_ = std::make_shared<InstantClock>();
  std::function<void(ServedRequest&)> public_behaviour_ = [](ServedRequest& served) { served.respond(200, {}, kPng); };
  // After what their threads use.
  TestServer public_{[this](ServedRequest& served) { public_behaviour_(served); }, ServerTls::self_signed};
  TestServer inside_{[](ServedRequest& served) { served.respond(200, {}, kPng); }};
  std::unique_ptr<HttpTransport> transport_;
  DownloadOptions options_;
  Context context_;
};

class EvasionTest : public EvasionWorld, public ::testing::WithParamInterface<Evasion> {
 protected:
  EvasionTest() { resolves_to_ = GetParam().resolves_to; }
};
INSTANTIATE_TEST_SUITE_P(Table, EvasionTest, ::testing::ValuesIn(kEvasions),
                         [](const auto& evasion) { return evasion.param.name; });

TEST_P(EvasionTest, DoesNotGetIn) {
  EXPECT_EQ(code_of_download(GetParam().url), ErrorCode::unsafe_url);
  EXPECT_EQ(inside_.connection_count(), 0);
}

TEST_P(EvasionTest, DoesNotGetInByARedirect) {
  public_behaviour_ = [](ServedRequest& served) {
    if (served.target() == "/start")
      served.respond(302, {{"Location", GetParam().url}});
    else
      served.respond(200, {}, kPng);
  };
  // What is no whole address is a path on the same public server: that may succeed.
  const auto code = code_of_download("https://pictures.example.com/start");
  EXPECT_TRUE(!code || code == ErrorCode::unsafe_url || code == ErrorCode::unavailable) << name_of(*code);
  EXPECT_EQ(inside_.connection_count(), 0);
}

// The canary: without the check the table's last hop does end inside.
TEST_F(EvasionWorld, WouldReachTheInsideIfItWereTrusted) {
  options_.policy.trusted_hosts = {"evil.example.com"};
  EXPECT_EQ(code_of_download("http://evil.example.com/"), std::nullopt);
  EXPECT_EQ(inside_.connection_count(), 1);
}

TEST_F(EvasionWorld, ReachesThePublicServer) {
  EXPECT_EQ(code_of_download("https://pictures.example.com/"), std::nullopt);
  EXPECT_EQ(public_.connection_count(), 1);
}

TEST_F(EvasionWorld, TakesNoHostFromAFragmentOrAQuery) {
  EXPECT_EQ(code_of_download("https://pictures.example.com#@127.0.0.1/"), std::nullopt);
  EXPECT_EQ(code_of_download("https://pictures.example.com?@127.0.0.1/"), std::nullopt);
  EXPECT_EQ(inside_.connection_count(), 0);
}

TEST_F(EvasionWorld, IsNotFooledByANameThatChangesItsMind) {
  EXPECT_EQ(code_of_download("https://rebinding.example.com/"), std::nullopt);
  EXPECT_EQ(code_of_download("https://rebinding.example.com/"), ErrorCode::unsafe_url);
  EXPECT_EQ(inside_.connection_count(), 0);
}

TEST_F(EvasionWorld, IsNotFooledByARedirectToANameThatChangedItsMind) {
  public_behaviour_ = [](ServedRequest& served) { served.respond(302, {{"Location", "/again"}}); };
  EXPECT_EQ(code_of_download("https://rebinding.example.com/"), ErrorCode::unsafe_url);
  EXPECT_EQ(inside_.connection_count(), 0);
}

TEST_F(EvasionWorld, IsNotFooledByAControlCharacterInTheAddress) {
  EXPECT_EQ(code_of_download("https://pictures.example.com/\r\nHost: inside"), ErrorCode::unsafe_url);
  EXPECT_EQ(code_of_download(std::string("https://pictures.example.com\0.evil/", 35)), ErrorCode::unsafe_url);
  EXPECT_EQ(public_.connection_count(), 0);
}

TEST_F(EvasionWorld, StopsABodyThatDoesNotEnd) {
  options_.max_bytes = 1u << 20u;
  public_behaviour_ = [](ServedRequest& served) {
    served.send("HTTP/1.1 200 OK\r\n\r\n" + kPng);
    while (served.send(std::string(16384, 'x'))) continue;
  };
  EXPECT_EQ(code_of_download("https://pictures.example.com/"), ErrorCode::image_too_large);
}

TEST_F(EvasionWorld, StopsABodyInChunksThatDoesNotEnd) {
  options_.max_bytes = 1u << 20u;
  public_behaviour_ = [](ServedRequest& served) {
    served.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6c\r\n" + kPng + "\r\n");
    while (served.send("4000\r\n" + std::string(0x4000, 'x') + "\r\n")) continue;
  };
  EXPECT_EQ(code_of_download("https://pictures.example.com/"), ErrorCode::image_too_large);
}

TEST_F(EvasionWorld, StopsABodyOfAnErrorThatDoesNotEnd) {
  options_.max_bytes = 1u << 20u;
  public_behaviour_ = [](ServedRequest& served) {
    served.send("HTTP/1.1 404 Not Found\r\n\r\n");
    while (served.send(std::string(16384, 'x'))) continue;
  };
  EXPECT_EQ(code_of_download("https://pictures.example.com/"), ErrorCode::image_too_large);
}

TEST_F(EvasionWorld, RefusesALengthThatIsTooLargeBeforeTheBody) {
  public_behaviour_ = [](ServedRequest& served) {
    served.send("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\nx");
    served.wait_for_client_to_leave();
  };
  options_.timeout = std::chrono::seconds(5);
  EXPECT_EQ(code_of_download("https://pictures.example.com/"), ErrorCode::image_too_large);
}

TEST_F(EvasionWorld, GivesUpAServerThatTrickles) {
  public_behaviour_ = [this](ServedRequest& served) {
    served.send("HTTP/1.1 200 OK\r\n\r\n" + kPng);
    while (served.send("x")) clock_->advance(std::chrono::seconds(1));
  };
  EXPECT_EQ(code_of_download("https://pictures.example.com/"), ErrorCode::unavailable);
}

TEST_F(EvasionWorld, StopsRedirectsThatDoNotEnd) {
  public_behaviour_ = [](ServedRequest& served) { served.respond(302, {{"Location", served.target() + "a"}}); };
  EXPECT_EQ(code_of_download("https://pictures.example.com/"), ErrorCode::unsafe_url);
  EXPECT_EQ(public_.requests().size(), 6u);
}

TEST_F(EvasionWorld, SendsNoRefererAndNoKeyAlong) {
  public_behaviour_ = [](ServedRequest& served) {
    if (served.target() == "/")
      served.respond(302, {{"Location", "/next"}, {"Set-Cookie", "a=b"}});
    else
      served.respond(200, {}, kPng);
  };
  code_of_download("https://pictures.example.com/");
  const HttpResponse seen{0, public_.requests().at(1).headers, {}};
  EXPECT_FALSE(seen.header("referer"));
  EXPECT_FALSE(seen.header("cookie"));
  EXPECT_FALSE(seen.header("authorization"));
}

}  // namespace
}  // namespace vitrine
