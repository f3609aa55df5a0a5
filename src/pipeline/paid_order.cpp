#include "pipeline/paid_order.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

#include "vitrine/base/log.h"
#include "vitrine/generate/submit_unknown.h"
#include "vitrine/image/codec.h"

namespace vitrine {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kLongestText = 256;  // of a cost entry
constexpr milliseconds kNoteWithin = std::chrono::seconds(30);
constexpr milliseconds kFirstWait{20};
constexpr milliseconds kLongestWait{2000};

class PaidOrder {
 public:
  PaidOrder(const OrderDesk& desk, JobAttempt& attempt, const ArtworkRequest& request, Context& context)
      : desk_(desk),
        attempt_(attempt),
        request_(request),
        context_(context),
        entry_(order_in(attempt, request.picture)) {}

  MadeArtwork collect() {
    if (entry_.stage == OrderStage::intended || entry_.stage == OrderStage::unknown) look_up();
    if (entry_.stage == OrderStage::none) place();
    if (!entry_.stand_in.empty()) withdraw(entry_.stand_in);
    // Again on every attempt, as the last one may have died between journal and ledger; the same id is written once.
    note_cost(entry_.task, entry_.task.estimated_cost, false);
    if (entry_.stage == OrderStage::collected && is_stored(*entry_.artwork)) return settled(*entry_.artwork);
    return settled(store(picture()));
  }

 private:
  void place() {
    const MicroUsd estimate = desk_.generator.estimate(request_.picture);
    const auto reserve = desk_.spending.reserve(attempt_.job().id, estimate, request_.budget, context_);
    entry_.stage = OrderStage::intended;
    entry_.intent = {attempt_.job().id + "-" + attempt_.key_part(), request_.picture, desk_.clock.now()};
    save_order(attempt_, entry_, context_);
    note_task(submit(estimate));
  }

  GenerationTask submit(MicroUsd estimate) {
    try {
      return desk_.generator.submit(request_.picture, context_);
    } catch (const SubmitUnknown& error) {
      give_up_unknown(estimate, error.what());
    } catch (const Error& error) {
      // A generator of the host's own, in another language, says "unknown" so.
      if (error.code() == ErrorCode::unavailable && !error.retryable()) give_up_unknown(estimate, error.what());
      forget_intent();
      throw;
    } catch (const std::invalid_argument&) {
      forget_intent();
      throw;
    } catch (const std::exception& error) {
      give_up_unknown(estimate, error.what());
    }
  }

  // The service refused the order for sure, so that another attempt may send it. Should this not be written down, the
  // next attempt takes the order for unknown: too careful, never too dear.
  void forget_intent() {
    try {
      Context noting = Context::with_timeout(kNoteWithin);
      save_order(attempt_, {}, noting);
    } catch (const std::exception& error) {
      log(LogLevel::warning, "pipeline", "The refusal of the order was not journalled: " + std::string(error.what()));
    }
  }

  [[noreturn]] void give_up_unknown(MicroUsd estimate, const std::string& why) {
    Context noting = Context::with_timeout(kNoteWithin);
    entry_.stage = OrderStage::unknown;
    entry_.stand_in = entry_.intent.reference;
    save_order(attempt_, entry_, noting);
    // Perhaps paid counts as paid, or a budget could be overrun by orders whose answers get lost.
    record(stand_in(entry_.stand_in), estimate, false, noting);
    throw SubmitUnknown("It is not known whether the picture of job " + attempt_.job().id +
                        " was ordered and paid for: " + why +
                        " Look at the service's bill around the time of order '" + entry_.intent.reference +
                        "'. If nothing was charged, make a new job; this one never orders again.");
  }

  // An earlier attempt was about to send the order, or did.
  void look_up() {
    const MicroUsd estimate = desk_.generator.estimate(request_.picture);
    std::optional<GenerationTask> task;
    if (desk_.find_order)
      task = find(estimate);
    else if (estimate.value > 0)
      give_up_unknown(estimate, "the worker died while it ordered, and the service cannot be asked.");
    if (task) return note_task(*task);
    if (estimate.value > 0) require_grace();
    if (!entry_.stand_in.empty()) withdraw(entry_.stand_in);
    entry_ = {};
  }

  std::optional<GenerationTask> find(MicroUsd estimate) {
    try {
      return desk_.find_order(entry_.intent, context_);
    } catch (const SubmitUnknown& error) {
      give_up_unknown(estimate, error.what());
    }
  }

  // A worker that lost its lease may still be sending the order.
  void require_grace() const {
    const auto left = entry_.intent.at + desk_.grace - desk_.clock.now();
    if (left <= std::chrono::microseconds(0)) return;
    throw Error(ErrorCode::unavailable,
                "The service does not know order '" + entry_.intent.reference +
                    "' of a worker that died; it may still arrive. The next attempt asks again.",
                std::chrono::ceil<milliseconds>(left));
  }

  // The line that stood for an unknown order becomes nothing: the task has its own, or there is none. Done again on every
  // attempt, as the last one may have died before.
  void withdraw(const std::string& id) { record(stand_in(id), MicroUsd{0}, true, context_); }

  GenerationTask stand_in(const std::string& id) const {
    GenerationTask task;
    task.id = id;
    task.generator = "unknown";
    task.model = request_.picture.model;
    return task;
  }

  // The order is paid for from here on. Writing it down is tried for long, and whatever happens its id is told.
  void note_task(GenerationTask task) {
    entry_.stage = OrderStage::ordered;
    entry_.task = std::move(task);
    entry_.task.request = request_.picture;
    try {
      save_stubbornly();
    } catch (const std::exception& error) {
      tell_of_unnoted_task(error);
    }
  }

  void save_stubbornly() {
    Context noting = Context::with_timeout(kNoteWithin);
    for (milliseconds wait = kFirstWait;; wait = std::min(wait * 2, kLongestWait)) {
      try {
        return save_order(attempt_, entry_, noting);
      } catch (const Error& error) {
        if (!error.retryable() || noting.time_left() == milliseconds(0)) throw;
      }
      noting.wait_for(wait);
    }
  }

  [[noreturn]] void tell_of_unnoted_task(const std::exception& why) {
    const std::string message = "Task " + entry_.task.id + " of job " + attempt_.job().id +
                                " is ordered and paid for, but could not be journalled: " + why.what() +
                                " Do not order again; collect it at the service.";
    log(LogLevel::error, "pipeline", message);
    try {
      Context noting = Context::with_timeout(kNoteWithin);
      record(entry_.task, entry_.task.estimated_cost, false, noting);
    } catch (const std::exception& error) {
      log(LogLevel::error, "pipeline", "Its cost was not recorded either: " + std::string(error.what()));
    }
    const auto* error = dynamic_cast<const Error*>(&why);
    throw Error(error == nullptr ? ErrorCode::unavailable : error->code(), message, Retry::never);
  }

  void note_cost(const GenerationTask& task, MicroUsd amount, bool is_settled) {
    record(task, amount, is_settled, context_);
  }

  void record(const GenerationTask& task, MicroUsd amount, bool is_settled, Context& context) {
    CostEntry entry;
    entry.id = task.id.substr(0, kLongestText);
    entry.job_id = attempt_.job().id;
    entry.service = task.generator;
    entry.operation = "generate";
    entry.model = task.model;
    entry.amount = amount;
    entry.settled = is_settled;
    entry.at = desk_.clock.now();
    desk_.jobs.record_cost(entry, context);
  }

  bool is_stored(const MadeArtwork& artwork) const {
    const auto info = desk_.objects.head(artwork.object.key, context_);
    return info && info->ref.size == artwork.object.size;
  }

  GeneratedImage picture() {
    try {
      return desk_.generator.resume(entry_.task, context_);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::moderated && error.code() != ErrorCode::unavailable) throw;
      const GenerationStatus status = desk_.generator.poll(entry_.task, context_);
      if (status.state != GenerationState::moderated && status.state != GenerationState::failed) throw;
      if (status.settled_cost) note_cost(entry_.task, *status.settled_cost, true);
      // The task has ended: polling it again gives the same, and another order would be another payment.
      throw Error(error.code(), std::string(error.what()) + " To order again, make a new job.", Retry::never);
    }
  }

  MadeArtwork store(const GeneratedImage& image) {
    const ImageInfo info = probe_image(image.bytes);
    PutOptions options;
    options.mode = PutMode::replace;  // of this attempt's own key, as when the journal was not written behind it
    options.media_type = media_type_of(info.format);
    const std::string key = desk_.key_prefix + "/" + attempt_.job().id + "/" + attempt_.key_part() +
                            std::string(suffix_of(info.format));
    MadeArtwork artwork;
    artwork.object = desk_.objects.put(key, image.bytes, options, context_);
    artwork.size = info.size;
    artwork.task = entry_.task.id;
    artwork.model = entry_.task.model;
    artwork.cost = image.cost;
    artwork.settled = image.settled;
    entry_.stage = OrderStage::collected;
    entry_.artwork = artwork;
    save_order(attempt_, entry_, context_);
    return artwork;
  }

  MadeArtwork settled(const MadeArtwork& artwork) {
    if (artwork.settled) note_cost(entry_.task, artwork.cost, true);
    return artwork;
  }

  const OrderDesk& desk_;
  JobAttempt& attempt_;
  const ArtworkRequest& request_;
  Context& context_;
  OrderEntry entry_;
};

}  // namespace

MadeArtwork collect_order(const OrderDesk& desk, JobAttempt& attempt, const ArtworkRequest& request, Context& context) {
  return PaidOrder(desk, attempt, request, context).collect();
}

}  // namespace vitrine
