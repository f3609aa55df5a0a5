#include "vitrine/generate/bfl.h"

#include <mutex>
#include <set>
#include <stdexcept>
#include <utility>

#include "generate/active_tasks.h"
#include "generate/bfl_answer.h"
#include "generate/bfl_client.h"
#include "generate/bfl_json.h"
#include "generate/bfl_order.h"
#include "vitrine/base/error.h"
#include "vitrine/base/log.h"
#include "vitrine/generate/bfl_prices.h"
#include "vitrine/generate/submit_unknown.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kName = "bfl";
constexpr std::size_t kMostStrangeWords = 32;

std::string_view text_of(const Bytes& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

std::string named(const GenerationTask& task) { return "task " + task.id.substr(0, 64); }

std::string minutes(milliseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::minutes>(time).count()) + " minutes";
}

BflPrices prices_of(const BflOptions& options) {
  return options.price_table.empty() ? built_in_bfl_prices() : read_bfl_prices(options.price_table);
}

class BflGenerator final : public ImageGenerator {
 public:
  BflGenerator(BflOptions options, std::shared_ptr<HttpTransport> transport, std::shared_ptr<Clock> clock)
      : client_(std::move(options), std::move(transport), clock),
        clock_(std::move(clock)),
        prices_(prices_of(client_.options())),
        active_(client_.options().max_active, client_.options().max_active_of_model) {
    bfl_endpoint(client_.options().model);
  }

  MicroUsd estimate(const GenerationRequest& request) const override {
    const auto order = make_bfl_order(request, client_.options().model);
    client_.base_for(*order.endpoint);
    return estimate_cost(order, prices_);
  }

  GenerationTask submit(const GenerationRequest& request, Context& context) override;
  GenerationStatus poll(const GenerationTask& task, Context& context) override;
  GeneratedImage fetch(const GenerationTask& task, const GenerationStatus& status, Context& context) override;
  milliseconds poll_interval() const override { return client_.options().poll_interval; }

 private:
  std::string address_of(const GenerationTask& task) const;
  std::string polling_url_in(const BflReceipt& receipt, const std::string& base) const;
  GenerationStatus still_running(const GenerationTask& task, BflReport report);
  GenerationStatus not_found(const GenerationTask& task, GenerationStatus status);
  void note_strange_word(const std::string& word);

  BflClient client_;
  std::shared_ptr<Clock> clock_;
  const BflPrices prices_;
  ActiveTasks active_;
  std::mutex mutex_;
  std::set<std::string> strange_words_;
};

GenerationTask BflGenerator::submit(const GenerationRequest& request, Context& context) {
  const auto order = make_bfl_order(request, client_.options().model);
  const std::string base = client_.base_for(*order.endpoint);
  const std::string model(order.endpoint->model);
  const MicroUsd estimated = estimate_cost(order, prices_);
  client_.require_key();
  context.check();
  auto place = active_.wait_for_place(model, context);
  const auto response = client_.post_order(base + "/v1/" + model, order.fields.dump(), context);
  const auto receipt = parse_bfl_receipt(text_of(response.body));
  if (!receipt)
    throw SubmitUnknown(
        "The service took the order, but its answer holds no id, so the picture cannot be collected. It "
        "may be paid for. Look at the account's usage before ordering again.");
  place.keep_for(receipt->id);
  GenerationTask task;
  task.id = receipt->id;
  task.generator = kName;
  task.model = model;
  task.polling_url = polling_url_in(*receipt, base);
  task.estimated_cost = receipt->cost.value_or(estimated);
  task.submitted_at = clock_->now();
  task.request = without_secrets(request, *order.endpoint);
  return task;
}

// A picture that is paid for is not given up because the address in the answer is odd.
std::string BflGenerator::polling_url_in(const BflReceipt& receipt, const std::string& base) const {
  if (client_.trusts(receipt.polling_url)) return receipt.polling_url;
  if (!receipt.polling_url.empty())
    log(LogLevel::warning, "generate",
        "BFL told us to ask for an order at " + host_of(receipt.polling_url) +
            ", where the key must not go. It is asked for at the address of the order instead.");
  return client_.polling_url_for(receipt.id, base);
}

std::string BflGenerator::address_of(const GenerationTask& task) const {
  if (!task.polling_url.empty()) return task.polling_url;
  const auto* endpoint = find_bfl_endpoint(task.model);
  return client_.polling_url_for(task.id, client_.base_for(endpoint != nullptr ? *endpoint : BflEndpoint{}));
}

GenerationStatus BflGenerator::poll(const GenerationTask& task, Context& context) {
  client_.require_key();
  context.check();
  const std::string what = "Asking for " + named(task);
  const auto response = client_.ask(address_of(task), what, context);
  if (response.status == 202) return still_running(task, {});
  if (response.status == 404) return not_found(task, {GenerationState::lost, 0, "Task not found.", {}, {}});
  if (!response.ok()) throw client_.refusal(response, what);
  auto report = parse_bfl_report(text_of(response.body), client_.key());
  if (report.word.empty())
    throw Error(ErrorCode::unavailable, what +
                                            " was answered with something that is no report. The order is still "
                                            "paid for; poll it again.");
  if (report.status.state == GenerationState::pending) return still_running(task, std::move(report));
  if (report.status.state == GenerationState::lost) return not_found(task, std::move(report.status));
  active_.ended(task.id);
  if (report.status.state == GenerationState::ready && report.status.result_url.empty())
    throw Error(ErrorCode::unavailable,
                "The service says that " + named(task) + " is ready, but not where. It is paid for; poll it again.");
  return std::move(report.status);
}

GenerationStatus BflGenerator::still_running(const GenerationTask& task, BflReport report) {
  if (report.unknown) note_strange_word(report.word);
  const auto known = active_.seen(task.id, task.model);
  if (known.age >= client_.options().task_patience)
    throw Error(ErrorCode::deadline_exceeded,
                "The " + named(task) + " still says '" + (report.word.empty() ? "accepted" : report.word) + "' after " +
                    minutes(known.age) + ". It is paid for: resume it later, do not order again.");
  return std::move(report.status);
}

// A new order may not have reached the cluster that is asked; one that stays unknown has expired or never was.
GenerationStatus BflGenerator::not_found(const GenerationTask& task, GenerationStatus status) {
  const auto known = active_.missed(task.id, task.model);
  if (known.missing < client_.options().not_found_grace) return {};
  active_.ended(task.id);
  return status;
}

void BflGenerator::note_strange_word(const std::string& word) {
  const std::lock_guard lock(mutex_);
  if (strange_words_.size() >= kMostStrangeWords || !strange_words_.insert(word).second) return;
  log(LogLevel::warning, "generate",
      "BFL reports the status '" + word + "', which this version does not know; it is taken for 'not yet'.");
}

GeneratedImage BflGenerator::fetch(const GenerationTask& task, const GenerationStatus& status, Context& context) {
  if (status.state != GenerationState::ready)
    throw std::invalid_argument("The task is " + std::string(name_of(status.state)) +
                                ", not ready. Poll it until it is.");
  context.check();
  GeneratedImage image;
  try {
    auto delivery = client_.fetch(status.result_url, "Fetching the picture of " + named(task), context);
    image.bytes = std::move(delivery.bytes);
    image.media_type = std::move(delivery.media_type);
  } catch (const Error& error) {
    // A signed address that is too old is refused or gone; nobody can say more of it than to ask for a new one.
    if (error.code() != ErrorCode::permission_denied && error.code() != ErrorCode::not_found) throw;
    throw Error(ErrorCode::not_found,
                "The address of the picture of " + named(task) + " has expired. Poll the task for a new one.");
  }
  image.task = task;
  image.cost = status.settled_cost.value_or(task.estimated_cost);
  image.settled = status.settled_cost.has_value();
  return image;
}

}  // namespace

std::string_view name_of(BflRegion region) noexcept {
  switch (region) {
    case BflRegion::global:
      return "global";
    case BflRegion::eu:
      return "eu";
    case BflRegion::us:
      return "us";
  }
  return "unknown";
}

std::unique_ptr<ImageGenerator> make_bfl_generator(BflOptions options, std::shared_ptr<HttpTransport> transport,
                                                   std::shared_ptr<Clock> clock) {
  return std::make_unique<BflGenerator>(std::move(options), std::move(transport), std::move(clock));
}

MicroUsd bfl_balance(const BflOptions& options, HttpTransport& transport, Context& context) {
  // Borrowed for the call: nothing keeps it.
  BflClient client(options, {std::shared_ptr<void>(), &transport}, make_system_clock());
  client.require_key();
  const std::string what = "Asking for the balance";
  const auto response = client.ask(client.base_for(BflEndpoint{}) + "/v1/credits", what, context);
  if (!response.ok()) throw client.refusal(response, what);
  const auto answer = parse_foreign_json(text_of(response.body));
  const auto credits = answer && answer->is_object() ? answer->find("credits") : nlohmann::json::const_iterator();
  const bool number = answer && answer->is_object() && credits != answer->end() && credits->is_number();
  const auto amount = number ? micro_usd_of_credits(credits->get<double>()) : std::nullopt;
  if (!amount)
    throw Error(ErrorCode::corrupt_data, what +
                                             " was answered without a number of credits. Check that the address is "
                                             "that of Black Forest Labs' API.");
  return *amount;
}

std::vector<std::string> bfl_models() {
  std::vector<std::string> names;
  for (const auto& endpoint : bfl_endpoints()) names.emplace_back(endpoint.model);
  return names;
}

}  // namespace vitrine
