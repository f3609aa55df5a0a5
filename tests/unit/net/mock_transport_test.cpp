#include "vitrine/net/mock_transport.h"

#include <gtest/gtest.h>

#include "support/errors.h"
#include "support/send.h"

namespace vitrine {
namespace {

TEST(MockTransport, PlaysItsAnswersInOrder) {
  MockTransport transport;
  transport.then({200, {}, {}});
  transport.then({500, {}, {}});
  Context context;
  EXPECT_EQ(transport.send(request_to("https://a.test"), context).status, 200);
  EXPECT_EQ(transport.send(request_to("https://a.test"), context).status, 500);
}

TEST(MockTransport, AsksTheHandlerAfterTheScript) {
  MockTransport transport([](const HttpRequest& request) {
    return HttpResponse{static_cast<int>(request.url.size()), {}, {}};
  });
  transport.then({204, {}, {}});
  Context context;
  EXPECT_EQ(transport.send(request_to("12345"), context).status, 204);
  EXPECT_EQ(transport.send(request_to("12345"), context).status, 5);
}

TEST(MockTransport, FailsWithoutAScriptAndSaysWhatToDo) {
  MockTransport transport;
  Context context;
  EXPECT_EQ(code_of([&] { transport.send(request_to("https://a.test"), context); }), ErrorCode::unavailable);
  EXPECT_NE(message_of([&] { transport.send(request_to("https://a.test"), context); }).find("then()"),
            std::string::npos);
}

TEST(MockTransport, RecordsARequestThatFails) {
  MockTransport transport;
  transport.then_fail(ErrorCode::unavailable, SendFate::unknown);
  Context context;
  EXPECT_EQ(code_of([&] { transport.send(request_to("https://a.test"), context); }), ErrorCode::unavailable);
  EXPECT_EQ(transport.requests().size(), 1u);
}

TEST(MockTransport, ShowsNoPasswordOfAnAddress) {
  MockTransport transport;
  Context context;
  const auto message =
      message_of([&] { transport.send(request_to("https://me:s3cret@a.test/path?key=s3cret"), context); });
  EXPECT_NE(message.find("a.test"), std::string::npos);
  EXPECT_EQ(message.find("s3cret"), std::string::npos);
}

TEST(MockTransport, LetsTheHandlerLookAtTheRequests) {
  MockTransport* self = nullptr;
  MockTransport transport([&](const HttpRequest&) {
    return HttpResponse{static_cast<int>(self->requests().size()), {}, {}};
  });
  self = &transport;
  Context context;
  EXPECT_EQ(transport.send(request_to("https://a.test"), context).status, 1);
}

TEST(HttpMethod, HasTheNameThatGoesOverTheWire) {
  EXPECT_EQ(name_of(HttpMethod::get), "GET");
  EXPECT_EQ(name_of(HttpMethod::del), "DELETE");
}

TEST(HttpResponse, GivesTheFirstOfSeveralHeaders) {
  const HttpResponse response{200, {{"Link", "a"}, {"link", "b"}}, {}};
  EXPECT_EQ(response.header("LINK"), "a");
}

TEST(HttpResponse, HasNoHeaderThatIsOnlyAPrefix) {
  const HttpResponse response{200, {{"Content-Type", "a"}}, {}};
  EXPECT_FALSE(response.header("Content"));
}

}  // namespace
}  // namespace vitrine
