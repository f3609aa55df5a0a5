#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vitrine/base/bytes.h"
#include "vitrine/base/clock.h"
#include "vitrine/base/context.h"
#include "vitrine/base/export.h"
#include "vitrine/base/money.h"
#include "vitrine/image/geometry.h"

namespace vitrine {

enum class GenerationKind { artwork, scene };

VITRINE_EXPORT std::string_view name_of(GenerationKind kind) noexcept;

struct GenerationRequest {
  std::string prompt;
  GenerationKind kind = GenerationKind::artwork;
  std::string model;  ///< Empty: the generator's default.
  Size size{1024, 1024};
  std::optional<std::int64_t> seed;  ///< Same seed, same picture where the model can; empty: the generator picks.

  /// Further fields of the model, by its own names, as JSON values ("28", "\"png\"", "true"). Checked before sending.
  std::map<std::string, std::string> parameters;
};

/// A picture that was ordered: all that is needed to collect it after a crash. Journal it before the first poll.
struct GenerationTask {
  std::string id;
  std::string generator;  ///< Who can poll it.
  std::string model;
  std::string polling_url;  ///< Secret, as it may be signed; never log it.
  MicroUsd estimated_cost;
  Timestamp submitted_at;
  GenerationRequest request;  ///< For generators that work from it when polled.
};

enum class GenerationState { pending, ready, failed, moderated, lost };

VITRINE_EXPORT std::string_view name_of(GenerationState state) noexcept;

struct GenerationStatus {
  GenerationState state = GenerationState::pending;
  double progress = 0;                ///< In [0, 1], as far as the service tells.
  std::string detail;                 ///< For people: why it failed or was moderated.
  std::string result_url;             ///< Where fetch() finds it; secret and short-lived.
  std::optional<MicroUsd> settled_cost;
};

struct GeneratedImage {
  Bytes bytes;             ///< Encoded, as the service sent it.
  std::string media_type;  ///< By its content.
  GenerationTask task;
  MicroUsd cost;        ///< Settled if the service told, else the estimate.
  bool settled = false;
};

/// Orders pictures and collects them. The order is the only step that costs money, and it happens once: what may have
/// reached the service is never sent again blindly. Safe to use from many threads at once.
class VITRINE_EXPORT ImageGenerator {
 public:
  using Journal = std::function<void(const GenerationTask&)>;

  ImageGenerator() = default;
  virtual ~ImageGenerator() = default;
  ImageGenerator(const ImageGenerator&) = delete;
  ImageGenerator& operator=(const ImageGenerator&) = delete;

  /// What submit() would cost. Throws std::invalid_argument for a request that would be refused.
  virtual MicroUsd estimate(const GenerationRequest& request) const = 0;

  /// Orders the picture. Throws std::invalid_argument for a bad request, before sending; Error: permission_denied,
  /// quota_exhausted, rate_limited, moderated, unavailable. If it is unknown whether the order arrived the error is
  /// SubmitUnknown: do not call again before looking.
  virtual GenerationTask submit(const GenerationRequest& request, Context& context) = 0;

  /// Where the order stands. Costs nothing, may be repeated for ever.
  virtual GenerationStatus poll(const GenerationTask& task, Context& context) = 0;

  /// The picture of a task that is ready. Throws Error `not_found` if its address has expired: poll again.
  virtual GeneratedImage fetch(const GenerationTask& task, const GenerationStatus& status, Context& context) = 0;

  /// Time between two polls.
  virtual std::chrono::milliseconds poll_interval() const { return std::chrono::milliseconds(500); }

  /// submit, journal, then resume(). `journal` is called once, before the first poll; if it throws, the order is
  /// reported in the error's message with its id, since it is paid for.
  GeneratedImage generate(const GenerationRequest& request, const Journal& journal, Context& context);

  /// Polls `task` until it ends and fetches it. Throws Error: moderated, unavailable (it failed), not_found (the service
  /// lost it), cancelled, deadline_exceeded.
  GeneratedImage resume(const GenerationTask& task, Context& context);
};

}  // namespace vitrine
