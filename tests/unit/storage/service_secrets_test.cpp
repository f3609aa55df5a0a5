// Keys, tokens, session addresses and signatures stay out of errors and logs, whatever the services do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

#include "support/errors.h"
#include "support/instant_clock.h"
#include "support/temporary_folder.h"
#include "vitrine/base/log.h"
#include "vitrine/net/mock_transport.h"
#include "vitrine/storage/gcs_store.h"
#include "vitrine/storage/s3_store.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

/// Collects what is said in errors and in the log while it lives.
class Said {
 public:
  Said() {
    set_log_sink([this](LogLevel, std::string_view, std::string_view message) { add(message); }, LogLevel::debug);
  }
  ~Said() { set_log_sink(nullptr); }
  void add(std::string_view message) {
    const std::lock_guard lock(mutex_);
    text_ += std::string(message) + "\n";
  }
  std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

void use_every_verb(ObjectStore& store, Said& said) {
  Context context;
  const Bytes large(9u << 20u, 'x');
  said.add(message_of([&] { store.put("a", bytes_of("x"), {}, context); }));
  said.add(message_of([&] { store.put("large", large, {}, context); }));
  said.add(message_of([&] { store.get("a", context); }));
  said.add(message_of([&] { store.head("a", context); }));
  said.add(message_of([&] { store.list("", {}, 10, context); }));
  said.add(message_of([&] { store.remove("a", context); }));
  said.add(message_of([&] { store.url("a", 60s, context); }));
}

/// Starts uploads, so that their secret addresses are known, and answers everything else with `status`.
MockTransport::Handler failing_with(int status) {
  return [status](const HttpRequest& request) {
    if (request.method == HttpMethod::post && request.url.find("uploadType=resumable") != std::string::npos)
      return HttpResponse{200, {{"Location", "https://storage.googleapis.com/s3cret-session"}}, {}};
    if (request.method == HttpMethod::post && request.url.ends_with("?uploads="))
      return HttpResponse{200, {}, bytes_of("<R><UploadId>s3cret-upload</UploadId></R>")};
    return HttpResponse{status, {}, bytes_of("<Error><Code>Odd</Code></Error>")};
  };
}

class ServiceSecrets : public ::testing::TestWithParam<int> {
 protected:
  const std::shared_ptr<MockTransport> service_ = std::make_shared<MockTransport>(failing_with(GetParam()));
  const std::shared_ptr<InstantClock> clock_ = std::make_shared<InstantClock>();
};

INSTANTIATE_TEST_SUITE_P(Statuses, ServiceSecrets,
                         ::testing::Values(200, 301, 400, 401, 403, 404, 409, 410, 412, 416, 429, 500, 501, 503));

TEST_P(ServiceSecrets, StayOutOfWhatTheCloudStorageStoreSays) {
  Said said;
  GcsOptions options;
  options.bucket = "shop";
  options.endpoint = "https://storage.googleapis.com";
  const auto store = make_gcs_object_store(options, service_, make_google_token_credentials("s3cret-token"), clock_);
  use_every_verb(*store, said);
  EXPECT_THAT(said.text(), Not(HasSubstr("s3cret")));
  EXPECT_THAT(said.text(), HasSubstr("."));
}

TEST_P(ServiceSecrets, StayOutOfWhatTheS3StoreSays) {
  Said said;
  S3Options options;
  options.bucket = "shop";
  options.part_bytes = 5u << 20u;
  options.keys = {"s3cret-id", "s3cret-key", "s3cret-session"};
  const auto store = make_s3_object_store(options, service_, clock_);
  use_every_verb(*store, said);
  EXPECT_THAT(said.text(), Not(HasSubstr("s3cret")));
  EXPECT_THAT(said.text(), Not(HasSubstr("X-Amz-")));
  EXPECT_THAT(said.text(), HasSubstr("."));
}

}  // namespace
}  // namespace vitrine
