#include "pipeline/order_journal.h"

#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "pipeline/json_fields.h"
#include "pipeline/outcome_json.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

constexpr std::array kStages{OrderStage::intended, OrderStage::unknown, OrderStage::ordered, OrderStage::collected};

std::string_view name_of(OrderStage stage) {
  switch (stage) {
    case OrderStage::none: return "none";
    case OrderStage::intended: return "intended";
    case OrderStage::unknown: return "unknown";
    case OrderStage::ordered: return "ordered";
    case OrderStage::collected: return "collected";
  }
  return "unknown";
}

Timestamp time_in(const JsonFields& fields, const char* name) {
  return Timestamp(std::chrono::microseconds(fields.whole_number(name, INT64_MIN, INT64_MAX).value_or(0)));
}

Json json_of(const GenerationTask& task) {
  return {{"id", task.id},
          {"generator", task.generator},
          {"model", task.model},
          {"polling_url", task.polling_url},
          {"estimated_cost_micro_usd", task.estimated_cost.value},
          {"submitted_at", task.submitted_at.time_since_epoch().count()}};
}

GenerationTask task_of(const JsonFields& fields, const GenerationRequest& request) {
  GenerationTask task;
  task.id = fields.required_text("id");
  task.generator = fields.text("generator").value_or("");
  task.model = fields.text("model").value_or("");
  task.polling_url = fields.text("polling_url").value_or("");
  task.estimated_cost.value = fields.whole_number("estimated_cost_micro_usd", 0, INT64_MAX).value_or(0);
  task.submitted_at = time_in(fields, "submitted_at");
  task.request = request;
  return task;
}

OrderStage stage_in(const JsonFields& fields) {
  const std::string word = fields.required_text("stage");
  for (const OrderStage stage : kStages)
    if (word == name_of(stage)) return stage;
  fields.refuse("stage", "one of intended, unknown, ordered, collected");
}

OrderEntry entry_of(const Json& json, const GenerationRequest& request) {
  const JsonFields fields(json, "order");
  OrderEntry entry;
  entry.stage = stage_in(fields);
  entry.intent = {fields.required_text("reference"), request, time_in(fields, "at")};
  entry.stand_in = fields.text("stand_in").value_or("");
  if (entry.stage >= OrderStage::ordered) {
    const Json* task = fields.find("task");
    if (task == nullptr) fields.refuse("task", "given");
    entry.task = task_of(JsonFields(*task, "order.task"), request);
  }
  if (entry.stage == OrderStage::collected) {
    const Json* artwork = fields.find("artwork");
    if (artwork == nullptr) fields.refuse("artwork", "given");
    entry.artwork = artwork_in(*artwork);
  }
  return entry;
}

}  // namespace

OrderEntry order_in(const JobAttempt& attempt, const GenerationRequest& request) {
  try {
    const Json journal = json_object_of(attempt.journal(), "The journal");
    const auto found = journal.find("order");
    return found == journal.end() ? OrderEntry{} : entry_of(*found, request);
  } catch (const std::invalid_argument& error) {
    // Never taken for "nothing was ordered": that would pay again.
    throw Error(ErrorCode::corrupt_data, "The journal of job " + attempt.job().id + " is damaged: " + error.what() +
                                             " Look at the service's bill before ordering again.");
  }
}

void save_order(JobAttempt& attempt, const OrderEntry& entry, Context& context) {
  Json journal = json_object_of(attempt.journal(), "The journal");
  if (entry.stage == OrderStage::none) {
    journal.erase("order");
  } else {
    Json order{{"stage", std::string(name_of(entry.stage))},
               {"reference", entry.intent.reference},
               {"at", entry.intent.at.time_since_epoch().count()}};
    if (!entry.stand_in.empty()) order["stand_in"] = entry.stand_in;
    if (entry.stage >= OrderStage::ordered) order["task"] = json_of(entry.task);
    if (entry.artwork) order["artwork"] = json_of(*entry.artwork);
    journal["order"] = std::move(order);
  }
  attempt.save_journal(journal.dump(-1, ' ', false, Json::error_handler_t::replace), context);
}

}  // namespace vitrine
