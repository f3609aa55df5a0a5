#include "vitrine/generate/bfl.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <mutex>
#include <stdexcept>

#include "support/bfl_pictures.h"
#include "support/errors.h"
#include "support/fake_bfl_api.h"
#include "support/temporary_folder.h"
#include "vitrine/base/log.h"
#include "vitrine/generate/submit_unknown.h"

namespace vitrine {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

class Bfl : public ::testing::Test, protected BflWorld {
 protected:
  ImageGenerator& generator() {
    if (!generator_) generator_ = make();
    return *generator_;
  }
  GenerationTask submit(const GenerationRequest& request = bfl_request()) {
    return generator().submit(request, context);
  }
  GenerationStatus poll(const GenerationTask& task) { return generator().poll(task, context); }
  GeneratedImage generate() { return generator().generate(bfl_request(), nullptr, context); }
  std::vector<HttpRequest> sent() const { return transport->requests(); }
  long orders_sent() const {
    const auto all = sent();
    return std::count_if(all.begin(), all.end(), [](const auto& each) { return each.method == HttpMethod::post; });
  }

 private:
  std::unique_ptr<ImageGenerator> generator_;
};

bool carries_key(const HttpRequest& request) {
  return std::any_of(request.headers.begin(), request.headers.end(), [](const HttpHeader& header) {
    return header.name == "x-key" || header.value.find("test-key") != std::string::npos;
  });
}

// --- an order ---

TEST_F(Bfl, OrdersAtTheAddressOfTheModel) {
  submit(bfl_request("flux-2-max"));
  EXPECT_EQ(sent().at(0).url, "https://api.bfl.ai/v1/flux-2-max");
}

TEST_F(Bfl, OrdersInTheRegionThatIsAskedFor) {
  options.region = BflRegion::eu;
  submit();
  EXPECT_EQ(sent().at(0).url, "https://api.eu.bfl.ai/v1/flux-2-pro");
}

TEST_F(Bfl, OrdersFinetunedModelsWhereTheyRun) {
  auto request = bfl_request("flux-pro-1.1-ultra-finetuned");
  request.parameters["finetune_id"] = "\"mine\"";
  submit(request);
  EXPECT_EQ(sent().at(0).url, "https://api.us1.bfl.ai/v1/flux-pro-1.1-ultra-finetuned");
}

TEST_F(Bfl, SendsNoDataOutOfTheEuIfItIsToStayThere) {
  options.region = BflRegion::eu;
  auto request = bfl_request("flux-pro-1.1-ultra-finetuned");
  request.parameters["finetune_id"] = "\"mine\"";
  EXPECT_THROW(submit(request), std::invalid_argument);
  EXPECT_TRUE(sent().empty());
}

TEST_F(Bfl, SendsJsonWithTheKey) {
  submit();
  EXPECT_TRUE(carries_key(sent().at(0)));
  EXPECT_EQ(json_of(sent().at(0))["prompt"], "a fox in the snow");
}

TEST_F(Bfl, TaskHoldsAllThatCollectsThePicture) {
  const auto task = submit();
  EXPECT_EQ(task.id, "task-1");
  EXPECT_EQ(task.generator, "bfl");
  EXPECT_EQ(task.model, "flux-2-pro");
  EXPECT_EQ(task.polling_url, "https://api.eu2.bfl.ai/v1/get_result?id=task-1");
}

TEST_F(Bfl, TrimsAKeyThatWasReadFromAFile) {
  options.api_key = " test-key\r\n";
  EXPECT_NO_THROW(submit());
}

TEST_F(Bfl, RefusesAKeyThatWouldBreakTheHeaderAndDoesNotShowIt) {
  options.api_key = "test-key\nx-evil: 1";
  const auto message = message_of([&] { make(); });
  EXPECT_NE(message.find("BFL_API_KEY"), std::string::npos) << message;
  EXPECT_EQ(message.find("test-key"), std::string::npos) << message;
}

TEST_F(Bfl, WithoutAKeySaysWhichVariableToSet) {
  options.api_key = "";
  EXPECT_EQ(code_of([&] { submit(); }), ErrorCode::permission_denied);
  EXPECT_NE(message_of([&] { submit(); }).find("BFL_API_KEY"), std::string::npos);
  EXPECT_TRUE(sent().empty());
}

TEST_F(Bfl, EstimatesWithoutAKey) {
  options.api_key = "";
  EXPECT_EQ(generator().estimate(bfl_request()), MicroUsd{30'000});
}

// --- what an order costs ---

TEST_F(Bfl, BooksWhatTheOrderIsSaidToCost) {
  api->submit_fields = {{"cost", 4.5}};
  EXPECT_EQ(submit().estimated_cost, MicroUsd{45'000});
}

TEST_F(Bfl, BooksTheTablesPriceIfTheServiceSaysNone) {
  api->submit_fields = {{"cost", nullptr}};
  EXPECT_EQ(submit().estimated_cost, MicroUsd{30'000});
}

TEST_F(Bfl, SettlesWhatTheReportSays) {
  api->report_fields = {{"cost", 3.5}};
  const auto image = generate();
  EXPECT_TRUE(image.settled);
  EXPECT_EQ(image.cost, MicroUsd{35'000});
}

TEST_F(Bfl, KeepsTheEstimateIfNothingIsSettled) {
  const auto image = generate();
  EXPECT_FALSE(image.settled);
  EXPECT_EQ(image.cost, MicroUsd{30'000});
}

TEST_F(Bfl, TakesPricesFromTheUsersTable) {
  const TemporaryFolder folder;
  std::ofstream(folder / "prices.json") << R"({"date": "2027-01-01", "models": {"flux-2-pro": {"each_micro_usd": 7}}})";
  options.price_table = folder / "prices.json";
  EXPECT_EQ(generator().estimate(bfl_request()), MicroUsd{7});
}

// --- refusals of an order ---

struct Refusal {
  int status;
  ErrorCode code;
  std::string advice;
};
void PrintTo(const Refusal& refusal, std::ostream* out) { *out << refusal.status; }
class BflRefusals : public ::testing::TestWithParam<Refusal>, protected BflWorld {};
INSTANTIATE_TEST_SUITE_P(Statuses, BflRefusals,
                         ::testing::Values(Refusal{400, ErrorCode::permission_denied, "change the field"},
                                           Refusal{401, ErrorCode::permission_denied, "BFL_API_KEY"},
                                           Refusal{402, ErrorCode::quota_exhausted, "credits"},
                                           Refusal{403, ErrorCode::permission_denied, "BFL_API_KEY"},
                                           Refusal{404, ErrorCode::not_found, "model"},
                                           Refusal{413, ErrorCode::image_too_large, "Scale"},
                                           Refusal{422, ErrorCode::permission_denied, "change the field"},
                                           Refusal{302, ErrorCode::unsafe_url, "redirect"},
                                           Refusal{418, ErrorCode::permission_denied, "Check the request"}));

TEST_P(BflRefusals, HaveACodeAndAdviceAndAreNotRepeated) {
  transport->then(json_response(GetParam().status, {{"detail", "So says test-key."}}));
  const auto generator = make();
  try {
    generator->submit(bfl_request(), context);
    FAIL() << "the refusal was swallowed";
  } catch (const Error& error) {
    const std::string message = error.what();
    EXPECT_EQ(error.code(), GetParam().code);
    EXPECT_FALSE(error.retryable());
    EXPECT_NE(message.find(GetParam().advice), std::string::npos) << message;
    EXPECT_NE(message.find("So says ***."), std::string::npos) << message;
    EXPECT_EQ(message.find("test-key"), std::string::npos) << message;
  }
  EXPECT_EQ(transport->requests().size(), 1u);
}

TEST_F(Bfl, NamesTheFieldOfA422) {
  transport->then(
      json_response(422, {{"detail", {{{"loc", {"body", "width"}}, {"msg", "too small"}, {"input", "AAAA"}}}}}));
  const auto message = message_of([&] { submit(); });
  EXPECT_NE(message.find("body.width: too small"), std::string::npos) << message;
  EXPECT_EQ(message.find("AAAA"), std::string::npos) << message;
}

TEST_F(Bfl, FreesThePlaceOfAnOrderThatIsRefused) {
  options.max_active = 1;
  transport->then(json_response(402, {{"detail", "no credits"}}));
  EXPECT_EQ(code_of([&] { submit(); }), ErrorCode::quota_exhausted);
  EXPECT_NO_THROW(submit());
}

// --- what may be sent again ---

TEST_F(Bfl, WaitsForRoomAndOrdersAgainAfter429) {
  transport->then(json_response(429, {{"detail", "too many active tasks"}}));
  transport->then(json_response(429, {{"detail", "too many active tasks"}}));
  EXPECT_EQ(submit().id, "task-1");
  EXPECT_EQ(orders_sent(), 3);
}

TEST_F(Bfl, OrdersAgainAfter503) {
  transport->then(json_response(503, {{"detail", "maintenance"}}));
  EXPECT_EQ(submit().id, "task-1");
}

TEST_F(Bfl, OrdersAgainIfNothingLeftThisMachine) {
  transport->then_fail(ErrorCode::unavailable, SendFate::not_sent);
  EXPECT_EQ(submit().id, "task-1");
  EXPECT_EQ(api->charged(), 1);
}

TEST_F(Bfl, GivesUpWhenPatienceEndsAndPassesOnWhenToComeBack) {
  options.patience = milliseconds(0);
  transport->then(json_response(429, {{"detail", "busy"}}, {{"Retry-After", "7"}}));
  try {
    submit();
    FAIL() << "429 was swallowed";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::rate_limited);
    EXPECT_TRUE(error.retryable());
    EXPECT_EQ(error.retry_after(), milliseconds(7000));
  }
}

TEST_F(Bfl, DoesNotWaitLongerThanTheDeadlineAllows) {
  context = Context::with_timeout(milliseconds(500));
  options.patience = std::chrono::hours(2);
  transport->then(json_response(429, {{"detail", "busy"}}, {{"Retry-After", "3600"}}));
  EXPECT_EQ(code_of([&] { submit(); }), ErrorCode::rate_limited);
}

TEST_F(Bfl, SaysThatNothingWasChargedIfNothingCouldBeSent) {
  options.patience = milliseconds(0);
  transport->then_fail(ErrorCode::unavailable, SendFate::not_sent);
  const auto message = message_of([&] { submit(); });
  EXPECT_NE(message.find("Nothing was charged"), std::string::npos) << message;
}

// --- what must never be sent again ---

TEST_F(Bfl, AnOrderWhoseAnswerIsLostIsUnknownAndNotSentAgain) {
  transport->then_fail(ErrorCode::unavailable, SendFate::unknown);
  EXPECT_THROW(submit(), SubmitUnknown);
  EXPECT_EQ(orders_sent(), 1);
}

TEST_F(Bfl, AnOrderThatIsCutOffOnItsWayIsUnknown) {
  transport->then_fail(ErrorCode::cancelled, SendFate::unknown);
  EXPECT_THROW(submit(), SubmitUnknown);
}

class BflAmbiguous : public ::testing::TestWithParam<HttpResponse>, protected BflWorld {};
INSTANTIATE_TEST_SUITE_P(Answers, BflAmbiguous,
                         ::testing::Values(json_response(500, {{"detail", "oops"}}), json_response(502, {}),
                                           json_response(504, {}), HttpResponse{200, {}, {}},
                                           HttpResponse{200, {}, {'<', 'h'}}, json_response(200, {{"id", nullptr}}),
                                           json_response(200, json::array())));

TEST_P(BflAmbiguous, AnswersAreUnknownAndNotRetryable) {
  transport->then(GetParam());
  const auto generator = make();
  try {
    generator->submit(bfl_request(), context);
    FAIL() << "the answer passed for an order";
  } catch (const SubmitUnknown& error) {
    EXPECT_FALSE(error.retryable());
  }
  EXPECT_EQ(transport->requests().size(), 1u);
}

class BrokenTransport final : public HttpTransport {
 public:
  HttpResponse send(const HttpRequest&, Context&) override { throw std::runtime_error("odd"); }
};

TEST_F(Bfl, AFailureThatATransportDoesNotExplainIsUnknown) {
  const auto generator = make_bfl_generator(options, std::make_shared<BrokenTransport>());
  EXPECT_THROW(generator->submit(bfl_request(), context), SubmitUnknown);
}

/// Cancels the caller while the order is on its way, and has the answer all the same.
class CancellingTransport final : public HttpTransport {
 public:
  CancellingTransport(FakeBflApi& api, Context caller) : api_(api), caller_(std::move(caller)) {}
  HttpResponse send(const HttpRequest& request, Context& own) override {
    caller_.cancel();
    own.check();
    return api_.answer(request);
  }

 private:
  FakeBflApi& api_;
  Context caller_;
};

TEST_F(Bfl, ACancelDoesNotCutOffAnOrderOnItsWay) {
  const auto generator = make_bfl_generator(options, std::make_shared<CancellingTransport>(*api, context));
  std::string journalled;
  const auto journal = [&](const GenerationTask& task) { journalled = task.id; };
  EXPECT_EQ(code_of([&] { generator->generate(bfl_request(), journal, context); }), ErrorCode::cancelled);
  EXPECT_EQ(journalled, "task-1");
}

// --- asking for it ---

TEST_F(Bfl, AsksAtTheAddressThatTheServiceGave) {
  poll(submit());
  EXPECT_EQ(sent().at(1).url, "https://api.eu2.bfl.ai/v1/get_result?id=task-1");
  EXPECT_TRUE(carries_key(sent().at(1)));
}

TEST_F(Bfl, AsksAtItsOwnAddressIfTheServiceGaveNone) {
  api->submit_fields = {{"polling_url", nullptr}, {"status", "Pending"}, {"webhook_url", "https://example.com"}};
  options.region = BflRegion::us;
  poll(submit());
  EXPECT_EQ(sent().at(1).url, "https://api.us.bfl.ai/v1/get_result?id=task-1");
}

TEST_F(Bfl, TakesUnknownStatusesForNotYetAndSaysSoOnce) {
  api->statuses = {"Upscaling", "Upscaling", "Ready"};
  std::mutex mutex;
  int told = 0;
  set_log_sink([&](LogLevel, std::string_view, std::string_view message) {
    const std::lock_guard lock(mutex);
    if (message.find("Upscaling") != std::string_view::npos) ++told;
  });
  EXPECT_FALSE(generate().bytes.empty());
  set_log_sink(nullptr);
  EXPECT_EQ(told, 1);
}

class BflPassing : public ::testing::TestWithParam<int>, protected BflWorld {};
INSTANTIATE_TEST_SUITE_P(Statuses, BflPassing, ::testing::Values(408, 429, 500, 502, 503, 504));

TEST_P(BflPassing, TroubleLosesNoPictureThatIsPaidFor) {
  const auto generator = make();
  const auto task = generator->submit(bfl_request(), context);
  for (int i = 0; i < 3; ++i) transport->then({GetParam(), {}, {}});
  EXPECT_FALSE(generator->resume(task, context).bytes.empty());
  EXPECT_EQ(api->charged(), 1);
}

TEST_F(Bfl, OutlastsLostConnectionsWhileItAsks) {
  const auto task = submit();
  transport->then_fail(ErrorCode::unavailable, SendFate::unknown);
  transport->then_fail(ErrorCode::unavailable, SendFate::not_sent);
  EXPECT_EQ(poll(task).state, GenerationState::pending);
}

TEST_F(Bfl, TroubleThatLastsIsRetryable) {
  const auto task = submit();
  options.patience = milliseconds(0);
  const auto impatient = make();
  transport->then({500, {}, {}});
  try {
    impatient->poll(task, context);
    FAIL() << "500 was swallowed";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::unavailable);
    EXPECT_TRUE(error.retryable());
  }
}

TEST_F(Bfl, AnEndOfTheContextIsNotTakenForTroubleOfTheService) {
  const auto task = submit();
  context.cancel();
  EXPECT_EQ(code_of([&] { poll(task); }), ErrorCode::cancelled);
}

TEST_F(Bfl, ARejectedKeyWhileAskingLeavesTheTaskCollectable) {
  const auto task = submit();
  transport->then(json_response(403, {{"detail", "Not authenticated"}}));
  EXPECT_EQ(code_of([&] { poll(task); }), ErrorCode::permission_denied);
  EXPECT_FALSE(generator().resume(task, context).bytes.empty());
}

TEST_F(Bfl, AnOrderThatIsNotVisibleYetIsPending) {
  options.not_found_grace = std::chrono::hours(1);
  const auto task = submit();
  transport->then(json_response(200, {{"id", task.id}, {"status", "Task not found"}}));
  transport->then(json_response(404, {{"detail", "Task not found"}}));
  transport->then(json_response(202, {}));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(poll(task).state, GenerationState::pending);
}

TEST_F(Bfl, AnOrderThatStaysUnknownIsLost) {
  const auto task = submit();
  transport->then(json_response(404, {{"detail", "Task not found"}}));
  EXPECT_EQ(poll(task).state, GenerationState::lost);
}

TEST_F(Bfl, AnOrderThatDoesNotEndIsLeftToBeResumed) {
  api->statuses = {"Pending"};
  options.task_patience = milliseconds(0);
  const auto message = message_of([&] { generate(); });
  EXPECT_NE(message.find("do not order again"), std::string::npos) << message;
}

TEST_F(Bfl, AReportThatIsNoneIsNoEnd) {
  const auto task = submit();
  transport->then({200, {}, {'<', 'h'}});
  EXPECT_EQ(code_of([&] { poll(task); }), ErrorCode::unavailable);
}

TEST_F(Bfl, ReadyWithoutAnAddressIsNoEnd) {
  api->statuses = {"Ready"};
  api->report_fields = {{"result", {{"sample", nullptr}}}};
  EXPECT_EQ(code_of([&] { poll(submit()); }), ErrorCode::unavailable);
}

TEST_F(Bfl, ModerationIsAnErrorWithItsReason) {
  api->statuses = {"Request Moderated"};
  api->report_fields = {{"details", {{"Moderation Reasons", {"Violence"}}}}};
  EXPECT_EQ(code_of([&] { generate(); }), ErrorCode::moderated);
  EXPECT_NE(message_of([&] { generate(); }).find("Violence"), std::string::npos);
}

// --- fetching it ---

TEST_F(Bfl, SendsTheKeyToNoPlaceThatDelivers) {
  generate();
  const auto fetch = sent().back();
  EXPECT_TRUE(fetch.url.starts_with("https://delivery.eu.bfl.ai/"));
  EXPECT_FALSE(carries_key(fetch));
}

TEST_F(Bfl, NamesTheTypeByTheBytesAndNotByTheHeader) { EXPECT_EQ(generate().media_type, "image/png"); }

TEST_F(Bfl, AsksForANewAddressIfTheOldOneHasExpired) {
  api->statuses = {"Ready"};
  const auto task = submit();
  const auto status = poll(task);
  for (const int gone : {403, 404, 410}) {
    transport->then({gone, {}, {}});
    EXPECT_EQ(code_of([&] { generator().fetch(task, status, context); }), ErrorCode::not_found);
  }
  EXPECT_FALSE(generator().resume(task, context).bytes.empty());
}

TEST_F(Bfl, FetchesAgainAfterTroubleOnTheWay) {
  api->statuses = {"Ready"};
  const auto task = submit();
  const auto status = poll(task);
  transport->then_fail(ErrorCode::unavailable, SendFate::unknown);
  transport->then({503, {}, {}});
  EXPECT_FALSE(generator().fetch(task, status, context).bytes.empty());
}

TEST_F(Bfl, FollowsARedirectBetweenPlacesThatDeliver) {
  api->statuses = {"Ready"};
  const auto task = submit();
  const auto status = poll(task);
  transport->then({302, {{"Location", "https://delivery.us.bfl.ai/moved"}}, {}});
  transport->then({404, {}, {}});
  EXPECT_EQ(code_of([&] { generator().fetch(task, status, context); }), ErrorCode::not_found);
  EXPECT_EQ(sent().back().url, "https://delivery.us.bfl.ai/moved");
}

TEST_F(Bfl, FollowsNoRedirectToAnywhereElse) {
  api->statuses = {"Ready"};
  const auto task = submit();
  const auto status = poll(task);
  transport->then({302, {{"Location", "https://example.com/a"}}, {}});
  EXPECT_EQ(code_of([&] { generator().fetch(task, status, context); }), ErrorCode::unsafe_url);
  EXPECT_NE(sent().back().url, "https://example.com/a");
}

TEST_F(Bfl, FollowsNoRedirectsForEver) {
  api->statuses = {"Ready"};
  const auto task = submit();
  const auto status = poll(task);
  for (int i = 0; i < 4; ++i) transport->then({302, {{"Location", "/again"}}, {}});
  EXPECT_EQ(code_of([&] { generator().fetch(task, status, context); }), ErrorCode::unsafe_url);
}

TEST_F(Bfl, WhatIsNoPictureIsNotTaken) {
  api->statuses = {"Ready"};
  const auto task = submit();
  const auto status = poll(task);
  transport->then({200, {{"Content-Type", "image/png"}}, {'<', 'h'}});
  EXPECT_EQ(code_of([&] { generator().fetch(task, status, context); }), ErrorCode::invalid_image);
}

TEST_F(Bfl, APictureThatIsTooLargeIsNotTaken) {
  options.max_picture_bytes = 10;
  EXPECT_EQ(code_of([&] { generate(); }), ErrorCode::image_too_large);
}

TEST_F(Bfl, FetchesNothingThatIsNotReady) {
  EXPECT_THROW(generator().fetch(submit(), {}, context), std::invalid_argument);
}

TEST_F(Bfl, ShowsNoAddressOfAPictureInAMessage) {
  api->statuses = {"Ready"};
  const auto task = submit();
  GenerationStatus status;
  status.state = GenerationState::ready;
  status.result_url = "https://example.com/a?sig=s3cret";
  const auto message = message_of([&] { generator().fetch(task, status, context); });
  EXPECT_NE(message.find("example.com"), std::string::npos) << message;
  EXPECT_EQ(message.find("s3cret"), std::string::npos) << message;
}

// --- places ---

TEST_F(Bfl, MakesAFurtherOrderWaitUntilOneEnds) {
  options.max_active = 1;
  api->statuses = {"Ready"};
  const auto task = submit();
  auto soon = Context::with_timeout(milliseconds(20));
  EXPECT_EQ(code_of([&] { generator().submit(bfl_request(), soon); }), ErrorCode::deadline_exceeded);
  EXPECT_EQ(orders_sent(), 1);
  poll(task);
  EXPECT_EQ(submit().id, "task-2");
}

TEST_F(Bfl, LetsSixOrdersOfKontextMaxRun) {
  for (int i = 0; i < 6; ++i) submit(bfl_request("flux-kontext-max"));
  auto soon = Context::with_timeout(milliseconds(20));
  EXPECT_EQ(code_of([&] { generator().submit(bfl_request("flux-kontext-max"), soon); }), ErrorCode::deadline_exceeded);
  EXPECT_NO_THROW(submit());
}

TEST_F(Bfl, LetsTwentyFourOrdersRun) {
  for (int i = 0; i < 24; ++i) submit();
  auto soon = Context::with_timeout(milliseconds(20));
  EXPECT_EQ(code_of([&] { generator().submit(bfl_request(), soon); }), ErrorCode::deadline_exceeded);
  EXPECT_EQ(api->charged(), 24);
}

// --- options ---

class WrongBflOptions : public ::testing::TestWithParam<void (*)(BflOptions&)>, protected BflWorld {};
INSTANTIATE_TEST_SUITE_P(Options, WrongBflOptions,
                         ::testing::Values(
                             +[](BflOptions& options) { options.base_url = "http://api.bfl.ai"; },
                             +[](BflOptions& options) { options.base_url = "http://127.0.0.1.example.com"; },
                             +[](BflOptions& options) { options.base_url = "ftp://localhost"; },
                             +[](BflOptions& options) { options.base_url = "https://user:pass@api.bfl.ai"; },
                             +[](BflOptions& options) { options.base_url = "api.bfl.ai"; },
                             +[](BflOptions& options) { options.api_key = "a b"; },
                             +[](BflOptions& options) { options.model = "flux-9"; },
                             +[](BflOptions& options) { options.max_active = 0; },
                             +[](BflOptions& options) { options.max_active_of_model["flux-dev"] = 0; },
                             +[](BflOptions& options) { options.patience = milliseconds(-1); },
                             +[](BflOptions& options) { options.submit_timeout = milliseconds(0); }));

TEST_P(WrongBflOptions, AreRefused) {
  GetParam()(options);
  EXPECT_THROW(make(), std::invalid_argument);
}

TEST_F(Bfl, NeedsATransportAndAClock) {
  EXPECT_THROW(make_bfl_generator(options, nullptr), std::invalid_argument);
  EXPECT_THROW(make_bfl_generator(options, transport, nullptr), std::invalid_argument);
}

TEST_F(Bfl, TalksToAFakeServiceOnThisMachine) {
  options.base_url = "http://127.0.0.1:8123/";
  api->submit_fields = {{"polling_url", "http://127.0.0.1:8123/v1/get_result?id=task-1"}};
  poll(submit());
  EXPECT_EQ(sent().at(0).url, "http://127.0.0.1:8123/v1/flux-2-pro");
  EXPECT_EQ(sent().at(1).url, "http://127.0.0.1:8123/v1/get_result?id=task-1");
}

TEST_F(Bfl, TellsTheBalance) { EXPECT_EQ(bfl_balance(options, *transport, context), MicroUsd{12'345'000}); }

TEST_F(Bfl, TheBalanceShowsABadKey) {
  options.api_key = "wrong";
  EXPECT_EQ(code_of([&] { bfl_balance(options, *transport, context); }), ErrorCode::permission_denied);
}

TEST_F(Bfl, TheBalanceIsNotGuessed) {
  transport->then(json_response(200, {{"credits", "many"}}));
  EXPECT_EQ(code_of([&] { bfl_balance(options, *transport, context); }), ErrorCode::corrupt_data);
}

// --- defects of the replaced system that are not inherited, by their number ---

TEST_F(Bfl, Defect13NoFailureAfterTheOrderPaysAgain) {
  api->statuses = {"Pending", "Error"};
  EXPECT_EQ(code_of([&] { generate(); }), ErrorCode::unavailable);
  EXPECT_EQ(api->charged(), 1);
}

TEST_F(Bfl, Defect13AModeratedOrderIsReportedAtOnceAndNotBoughtAgain) {
  api->statuses = {"Content Moderated"};
  EXPECT_EQ(code_of([&] { generate(); }), ErrorCode::moderated);
  EXPECT_EQ(sent().size(), 2u);
}

TEST_F(Bfl, Defect13TheTaskIsKeptBeforeTheFirstPoll) {
  std::size_t sent_at_journal = 0;
  generator().generate(
      bfl_request(), [&](const GenerationTask&) { sent_at_journal = sent().size(); }, context);
  EXPECT_EQ(sent_at_journal, 1u);
}

TEST_F(Bfl, Defect20TheKeyGoesToNoHostThatAnAnswerNames) {
  for (const char* url : {"https://evil.com/v1/get_result?id=task-1", "https://bfl.ai.evil.com/", "https://evilbfl.ai/",
                          "http://api.bfl.ai/v1/get_result?id=task-1", "https://api.bfl.ai@evil.com/",
                          "https://169.254.169.254/", "https://api.bfl.ai:8443/", "nonsense"}) {
    api->submit_fields = {{"polling_url", url}};
    const auto task = submit();
    EXPECT_TRUE(task.polling_url.starts_with("https://api.bfl.ai/v1/get_result?id=")) << url;
  }
}

TEST_F(Bfl, Defect20AJournalThatWasTamperedWithSendsTheKeyNowhere) {
  auto task = submit();
  task.polling_url = "https://evil.com/v1/get_result?id=task-1";
  EXPECT_EQ(code_of([&] { poll(task); }), ErrorCode::unsafe_url);
  EXPECT_EQ(sent().size(), 1u);
}

TEST_F(Bfl, Defect20APictureIsFetchedFromNoStrangeHost) {
  api->statuses = {"Ready"};
  api->report_fields = {{"result", {{"sample", "https://10.0.0.1/a.png"}}}};
  EXPECT_EQ(code_of([&] { generate(); }), ErrorCode::unsafe_url);
}

TEST_F(Bfl, Defect27TheModelIsBookedByItsOwnName) {
  EXPECT_EQ(submit(bfl_request("flux-pro-1.1")).model, "flux-pro-1.1");
}

TEST_F(Bfl, Defect27StepsAreNoSurcharge) {
  auto request = bfl_request("flux-dev");
  request.parameters["steps"] = "50";
  EXPECT_EQ(generator().estimate(request), MicroUsd{25'000});
}

TEST_F(Bfl, Defect27AModeratedOrderIsNotBookedAtHalfPriceByGuess) {
  api->statuses = {"Request Moderated"};
  EXPECT_EQ(poll(submit()).settled_cost, MicroUsd{0});
}

}  // namespace
}  // namespace vitrine
