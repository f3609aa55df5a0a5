#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "vitrine/base/byte_stream.h"
#include "vitrine/base/context.h"
#include "vitrine/base/sha256.h"
#include "vitrine/jobs/cost.h"
#include "vitrine/jobs/job.h"

namespace vitrine {

/// Writes the export format, line by line:
///
///   {"format":"vitrine-jobs","version":1}
///   {"job":{…}} or {"cost":{…}}, any number of them
///   {"end":{"records":2,"sha256":"…"}}      the digest of all lines before it, line ends included
class JobExportWriter {
 public:
  explicit JobExportWriter(ByteSink& sink);  ///< `sink` must outlive it.
  JobExportWriter(ByteSink&&) = delete;
  void write(const Job& job);
  void write(const CostEntry& entry);
  void finish();

 private:
  void write_record(const std::string& line);
  void write_line(const std::string& line);

  ByteSink& sink_;
  Sha256 digest_;
  std::int64_t records_ = 0;
};

using JobRecord = std::variant<Job, CostEntry>;

/// Reads it back, trusting nothing: lines have a limit, every value is checked. Throws Error `corrupt_data` with the
/// number of the line. Whoever stores the records must wait until next() has returned empty: only then the digest is
/// known to be right. It does not look for records that come twice.
class JobExportReader {
 public:
  explicit JobExportReader(ByteSource& source);  ///< `source` must outlive it.
  JobExportReader(ByteSource&&) = delete;

  /// The next record; empty once all were read and their number and digest are right.
  std::optional<JobRecord> next(Context& context);

 private:
  bool fill();
  std::optional<std::string> read_line(Context& context);
  std::string require_line(Context& context);
  void read_header(Context& context);
  std::optional<JobRecord> read_record(Context& context);
  void require_end(const nlohmann::json& end, Context& context);

  ByteSource& source_;
  Sha256 digest_;
  std::string buffer_;
  std::size_t begin_ = 0;  // of what was not used yet
  std::int64_t lines_ = 0;
  std::int64_t records_ = 0;
};

}  // namespace vitrine
