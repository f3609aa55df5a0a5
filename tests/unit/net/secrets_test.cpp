// Keys and signed addresses appear in no message and no log, whatever goes wrong. Every secret here is "s3cret".
#include <gtest/gtest.h>

#include <functional>
#include <mutex>
#include <string>

#include "support/instant_clock.h"
#include "support/send.h"
#include "support/temporary_folder.h"
#include "support/test_server.h"
#include "vitrine/base/log.h"
#include "vitrine/net/curl_transport.h"
#include "vitrine/net/download.h"
#include "vitrine/net/http_status.h"
#include "vitrine/net/mock_transport.h"
#include "vitrine/net/retry.h"

namespace vitrine {
namespace {

/// Everything that is said while it lives.
class Heard {
 public:
  Heard() {
    set_log_sink(
        [this](LogLevel, std::string_view, std::string_view message) {
          const std::lock_guard lock(mutex_);
          text_.append(message).append("\n");
        },
        LogLevel::debug);
  }
  ~Heard() { set_log_sink(nullptr); }
  Heard(const Heard&) = delete;
  Heard& operator=(const Heard&) = delete;

  void add(std::string_view message) {
    const std::lock_guard lock(mutex_);
    text_.append(message).append("\n");
  }
  std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

/// One way in which a request can end.
struct Ending {
  std::string name;
  std::function<void(ServedRequest&)> behaviour;
  std::string url = "https://localhost";  // "%" stands for the server's port
  std::string proxy = {};
};
void PrintTo(const Ending& ending, std::ostream* out) { *out << ending.name; }

void answer_ok(ServedRequest& served) { served.respond(200, {}, "s3cret"); }

const Ending kEndings[] = {
    {"Good", answer_ok, "http://localhost:%"},
    {"Refusal",
     [](ServedRequest& served) {
       served.respond(403, {{"x-key", "s3cret"}}, "s3cret");
     },
     "http://localhost:%"},
    {"Busy", [](ServedRequest& served) { served.respond(503, {}, "s3cret"); }, "http://localhost:%"},
    {"Redirect",
     [](ServedRequest& served) {
       served.respond(302, {{"Location", "http://127.0.0.1/?k=s3cret"}});
     },
     "http://localhost:%"},
    {"RedirectToUserInfo",
     [](ServedRequest& served) {
       served.respond(302, {{"Location", "https://a:s3cret@localhost/"}});
     },
     "http://localhost:%"},
    {"NoAnswer", [](ServedRequest& served) { served.hang_up(); }, "http://localhost:%"},
    {"Reset", [](ServedRequest& served) { served.reset(); }, "http://localhost:%"},
    {"HalfAnswer",
     [](ServedRequest& served) {
       served.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ns3cret");
       served.hang_up();
     },
     "http://localhost:%"},
    {"NoHttp",
     [](ServedRequest& served) {
       served.send("s3cret\r\n\r\n");
       served.hang_up();
     },
     "http://localhost:%"},
    {"TooLong", [](ServedRequest& served) { served.respond(200, {}, std::string(5000, 'x')); }, "http://localhost:%"},
    {"NobodyListens", answer_ok, "http://localhost:1"},
    {"UnknownName", answer_ok, "http://no-such-name.invalid"},
    {"UserInfo", answer_ok, "http://me:s3cret@localhost:%"},
    {"UserInfoWithBackslash", answer_ok, "http://s3cret\\@localhost:%"},
    {"SpaceInAddress", answer_ok, "http://localhost:%/ s3cret"},
    {"NoAddress", answer_ok, "s3cret"},
    {"Proxy", [](ServedRequest& served) { served.respond(407); }, "https://pictures.example.com",
     "http://me:s3cret@localhost:%"},
    {"BadProxy", answer_ok, "https://pictures.example.com", "http://me:s3cret@localhost:1"},
};

class SecretsTest : public ::testing::TestWithParam<Ending> {
 protected:
  std::string with_port(std::string text) const {
    const auto place = text.find('%');
    return place == std::string::npos ? text : text.replace(place, 1, std::to_string(server_.port()));
  }

  std::string url() const { return with_port(GetParam().url) + "/s3cret/s3cret?signature=s3cret"; }

  std::shared_ptr<HttpTransport> transport() const {
    CurlOptions options;
    options.proxy = with_port(GetParam().proxy);
    RetryPolicy policy;
    policy.max_attempts = 2;
    return make_retrying_transport(make_curl_transport(options), policy, std::make_shared<InstantClock>(),
                                   [] { return 0.5; });
  }

  TestServer server_{GetParam().behaviour};
  Heard heard_;
  Context context_;
};
INSTANTIATE_TEST_SUITE_P(Endings, SecretsTest, ::testing::ValuesIn(kEndings),
                         [](const auto& ending) { return ending.param.name; });

TEST_P(SecretsTest, StayOutOfWhatARequestSays) {
  auto request = request_to(url(), HttpMethod::put);
  request.headers = {{"x-key", "s3cret"}, {"Authorization", "Bearer s3cret"}};
  request.body = bytes_of("s3cret");
  request.max_response_bytes = 1000;
  heard_.add(failure_of_send(*transport(), request).message);
  EXPECT_EQ(heard_.text().find("s3cret"), std::string::npos) << heard_.text();
}

TEST_P(SecretsTest, StayOutOfWhatADownloadSays) {
  DownloadOptions options;
  options.policy.trusted_hosts = {server_.host_and_port()};
  options.max_bytes = 1000;
  try {
    download(*transport(), url(), options, context_);
  } catch (const Error& error) {
    heard_.add(error.what());
  }
  EXPECT_EQ(heard_.text().find("s3cret"), std::string::npos) << heard_.text();
}

TEST(SecretsInHeaders, StayOutOfTheRefusal) {
  MockTransport transport;
  Context context;
  auto request = request_to("https://api.example.com/");
  request.headers = {{"x-key", "s3cret\n"}};
  try {
    transport.send(request, context);
    FAIL() << "a header with a line break was sent";
  } catch (const std::invalid_argument& error) {
    EXPECT_EQ(std::string(error.what()).find("s3cret"), std::string::npos) << error.what();
  }
}

// The canary: what is said does arrive where this test looks for it.
TEST(SecretsLog, HearsOfARequest) {
  TestServer server(answer_ok);
  CurlOptions options;
  options.proxy = "";
  const Heard heard;
  Context context;
  make_curl_transport(options)->send(request_to(server.url("/v1/s3cret")), context);
  EXPECT_NE(heard.text().find("GET http://localhost:"), std::string::npos) << heard.text();
  EXPECT_NE(heard.text().find("/v1/…: status 200"), std::string::npos) << heard.text();
}

}  // namespace
}  // namespace vitrine
