#include "vitrine/net/download.h"

#include <gtest/gtest.h>

#include "support/errors.h"
#include "support/instant_clock.h"
#include "support/send.h"
#include "support/temporary_folder.h"
#include "vitrine/net/mock_transport.h"

namespace vitrine {
namespace {

using std::chrono::seconds;

constexpr const char* kUrl = "https://pictures.example.com/art.png?sig=s3cret";

Bytes png_of(std::size_t size) {
  Bytes bytes = bytes_of("\x89PNG\r\n\x1a\n");
  bytes.resize(size);
  return bytes;
}

HttpResponse redirect_to(const std::string& location, int status = 302) {
  return {status, {{"Location", location}}, bytes_of("moved")};
}

class DownloadTest : public ::testing::Test {
 protected:
  Bytes fetch() { return download(transport_, kUrl, options_, context_); }
  std::optional<ErrorCode> code() {
    return code_of([&] { fetch(); });
  }

  MockTransport transport_;
  DownloadOptions options_;
  Context context_;
};

TEST_F(DownloadTest, GivesTheBytes) {
  transport_.then({200, {}, png_of(5000)});
  EXPECT_EQ(fetch(), png_of(5000));
}

TEST_F(DownloadTest, SaysWhatItGotAndFromWhere) {
  transport_.then(redirect_to("https://cdn.example.com/x"));
  transport_.then({200, {}, png_of(5000)});
  Bytes kept;
  const auto sink = make_memory_sink(kept);
  const Download got = download(transport_, kUrl, *sink, options_, context_);
  EXPECT_EQ(got.size, 5000u);
  EXPECT_EQ(got.media_type, "image/png");
  EXPECT_EQ(got.origin, "https://cdn.example.com");
}

class RedirectStatus : public DownloadTest, public ::testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Statuses, RedirectStatus, ::testing::Values(301, 302, 303, 307, 308));

TEST_P(RedirectStatus, IsFollowed) {
  transport_.then(redirect_to("/other.png", GetParam()));
  transport_.then({200, {}, png_of(100)});
  fetch();
  EXPECT_EQ(transport_.requests().at(1).url, "https://pictures.example.com/other.png");
}

TEST_F(DownloadTest, PutsThePolicyOnEveryRequest) {
  transport_.then(redirect_to("https://cdn.example.com/x"));
  transport_.then({200, {}, png_of(100)});
  fetch();
  EXPECT_TRUE(transport_.requests().at(0).policy);
  EXPECT_TRUE(transport_.requests().at(1).policy);
}

TEST_F(DownloadTest, ChecksTheHostOfARedirect) {
  options_.policy.allowed_hosts = {"pictures.example.com"};
  transport_.then(redirect_to("https://cdn.example.com/x"));
  EXPECT_EQ(code(), ErrorCode::unsafe_url);
  EXPECT_EQ(transport_.requests().size(), 1u);
}

TEST_F(DownloadTest, FollowsAsManyRedirectsAsAllowedAndNoMore) {
  options_.max_redirects = 2;
  MockTransport always([](const HttpRequest&) { return redirect_to("/again"); });
  EXPECT_EQ(code_of([&] { download(always, kUrl, options_, context_); }), ErrorCode::unsafe_url);
  EXPECT_EQ(always.requests().size(), 3u);
}

TEST_F(DownloadTest, RefusesARedirectToNowhere) {
  transport_.then({302, {}, {}});
  EXPECT_EQ(code(), ErrorCode::corrupt_data);
}

TEST_F(DownloadTest, TakesAsManyBytesAsAllowedAndNoMore) {
  options_.max_bytes = 1000;
  transport_.then({200, {}, png_of(1000)});
  EXPECT_EQ(fetch().size(), 1000u);
  transport_.then({200, {}, png_of(1001)});
  EXPECT_EQ(code(), ErrorCode::image_too_large);
}

class NoPicture : public DownloadTest, public ::testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(Contents, NoPicture,
                         ::testing::Values("", "x", "<!doctype html><script>alert(1)</script>",
                                           "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "%PDF-1.7", "GIF89a......",
                                           "\x1f\x8b\x08 packed", "PK\x03\x04 zipped", "#!/bin/sh\n",
                                           "{\"error\":\"no\"}",
                                           "\x7f"
                                           "ELF........"));

TEST_P(NoPicture, IsRefusedWhateverItsHeaderSays) {
  transport_.then({200, {{"Content-Type", "image/png"}}, bytes_of(GetParam())});
  Bytes kept;
  const auto sink = make_memory_sink(kept);
  EXPECT_EQ(code_of([&] { download(transport_, kUrl, *sink, options_, context_); }), ErrorCode::invalid_image);
  EXPECT_TRUE(kept.empty());
}

TEST_F(DownloadTest, TakesAPictureWhateverItsHeaderSays) {
  transport_.then({200, {{"Content-Type", "text/html"}}, png_of(100)});
  EXPECT_EQ(fetch().size(), 100u);
}

TEST_F(DownloadTest, TakesAnythingIfNoTypeIsAsked) {
  options_.media_types = {};
  transport_.then({200, {}, bytes_of("text")});
  EXPECT_EQ(text_of(fetch()), "text");
}

TEST_F(DownloadTest, NamesWhatCameInsteadOfAPicture) {
  transport_.then({200, {}, bytes_of("%PDF-1.7")});
  const auto message = message_of([&] { fetch(); });
  EXPECT_NE(message.find("PDF"), std::string::npos) << message;
  EXPECT_EQ(message.find("s3cret"), std::string::npos) << message;
}

struct Answer {
  int status;
  ErrorCode code;
};
void PrintTo(const Answer& answer, std::ostream* out) { *out << answer.status; }

class BadAnswer : public DownloadTest, public ::testing::WithParamInterface<Answer> {};
INSTANTIATE_TEST_SUITE_P(Statuses, BadAnswer,
                         ::testing::Values(Answer{403, ErrorCode::permission_denied}, Answer{404, ErrorCode::not_found},
                                           Answer{429, ErrorCode::rate_limited}, Answer{503, ErrorCode::unavailable},
                                           Answer{304, ErrorCode::unavailable}));

TEST_P(BadAnswer, BecomesAnError) {
  transport_.then({GetParam().status, {}, png_of(100)});
  EXPECT_EQ(code(), GetParam().code);
}

/// Sends `count` bytes of a picture, `span` apart on the clock.
class TricklingTransport final : public HttpTransport {
 public:
  TricklingTransport(std::shared_ptr<InstantClock> clock, std::size_t piece, seconds span)
      : clock_(std::move(clock)), piece_(piece), span_(span) {}

  HttpResponse send(const HttpRequest& request, Context&) override {
    const Bytes file = png_of(30 * piece_);
    for (std::size_t i = 0; i < 30; ++i, clock_->advance(span_)) {
      request.sink->write(ByteView(file).subspan(i * piece_, piece_));
      sent += piece_;
    }
    return {200, {}, {}};
  }
  std::size_t sent = 0;

 private:
  std::shared_ptr<InstantClock> clock_;
  std::size_t piece_;
  seconds span_;
};

class TrickleTest : public DownloadTest {
 protected:
  TrickleTest() {
    options_.clock = clock_;
    options_.min_bytes_per_second = 100;
    options_.patience = seconds(10);
  }
  std::shared_ptr<InstantClock> clock_ = std::make_shared<InstantClock>();
};

TEST_F(TrickleTest, GivesUpAServerThatIsTooSlow) {
  TricklingTransport slow(clock_, 50, seconds(1));
  EXPECT_EQ(code_of([&] { download(slow, kUrl, options_, context_); }), ErrorCode::unavailable);
  EXPECT_EQ(slow.sent, 500u);
}

TEST_F(TrickleTest, TakesAServerThatIsJustFastEnough) {
  TricklingTransport steady(clock_, 100, seconds(1));
  EXPECT_EQ(download(steady, kUrl, options_, context_).size(), 3000u);
}

TEST_F(TrickleTest, TakesAnySpeedIfNoneIsAsked) {
  options_.min_bytes_per_second = 0;
  TricklingTransport slow(clock_, 1, seconds(1));
  EXPECT_EQ(download(slow, kUrl, options_, context_).size(), 30u);
}

TEST_F(TrickleTest, OutlivesAClockThatIsSetBack) {
  TricklingTransport odd(clock_, 50, seconds(-100));
  EXPECT_EQ(download(odd, kUrl, options_, context_).size(), 1500u);
}

TEST_F(DownloadTest, RefusesOptionsThatMeanNothing) {
  options_.max_redirects = -1;
  EXPECT_THROW(fetch(), std::invalid_argument);
}

}  // namespace
}  // namespace vitrine
