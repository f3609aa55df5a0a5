#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "vitrine/base/clock.h"
#include "vitrine/base/error.h"
#include "vitrine/base/export.h"
#include "vitrine/generate/generator.h"

namespace vitrine {

/// What happens to one order.
struct MockOrder {
  std::optional<ErrorCode> submit_error;  ///< Thrown by submit(); nothing is charged.
  bool submit_unknown = false;            ///< submit() charges and then throws SubmitUnknown.
  int pending_polls = 1;                  ///< Polls answered `pending` first.
  GenerationState ends = GenerationState::ready;
  std::string detail;
  int expired_fetches = 0;                ///< Fetches that fail with not_found first.
};

/// A generator that plays a script and keeps the bill, for tests of everything that spends money. Safe to use from many
/// threads at once.
class VITRINE_EXPORT MockGenerator : public ImageGenerator {
 public:
  /// Orders behave as `script` says, one after the other, and like a default MockOrder after its end.
  explicit MockGenerator(std::vector<MockOrder> script = {}, MicroUsd price = {40'000},
                         std::shared_ptr<Clock> clock = make_system_clock());

  MicroUsd estimate(const GenerationRequest& request) const override;
  GenerationTask submit(const GenerationRequest& request, Context& context) override;
  GenerationStatus poll(const GenerationTask& task, Context& context) override;
  GeneratedImage fetch(const GenerationTask& task, const GenerationStatus& status, Context& context) override;
  std::chrono::milliseconds poll_interval() const override { return std::chrono::milliseconds(1); }

  MicroUsd charged() const;      ///< The bill.
  int orders_charged() const;    ///< Pictures paid for.

 private:
  struct Order {
    MockOrder plan;
    GenerationRequest request;
  };
  Order& order_of(const GenerationTask& task);

  mutable std::mutex mutex_;
  std::vector<MockOrder> script_;
  MicroUsd price_;
  std::shared_ptr<Clock> clock_;
  std::size_t submitted_ = 0;
  int charged_ = 0;
  std::map<std::string, Order> orders_;
};

}  // namespace vitrine
