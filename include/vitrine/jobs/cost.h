#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vitrine/base/clock.h"
#include "vitrine/base/export.h"
#include "vitrine/base/money.h"

namespace vitrine {

/// One line in the ledger. Texts are UTF-8 of at most 256 bytes.
struct CostEntry {
  std::string id;         ///< The task it pays for: the same id is written once, then settled, never added twice.
  std::string job_id;     ///< May be empty: a picture made by hand.
  std::string service;    ///< "bfl", "gcs", …
  std::string operation;  ///< "generate", …
  std::string model;
  MicroUsd amount;       ///< 0 to a million dollars.
  bool settled = false;  ///< False: an estimate. A settled entry never becomes an estimate again.
  Timestamp at;
};

struct CostFilter {
  std::string job_id;
  std::optional<Timestamp> from;   ///< Inclusive.
  std::optional<Timestamp> until;  ///< Exclusive.
};

enum class CostGrouping { none, day, model, job };

/// A sum over the entries of one day (UTC, "2026-11-24"), model or job.
struct CostSum {
  std::string group;  ///< Empty for CostGrouping::none.
  MicroUsd settled;
  MicroUsd estimated;
  std::int64_t entries = 0;
};

}  // namespace vitrine
