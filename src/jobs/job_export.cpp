#include "jobs/job_export.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "jobs/job_json.h"
#include "jobs/json_text.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::string_view kFormat = "vitrine-jobs";
constexpr int kVersion = 1;
constexpr std::size_t kBlock = 64u << 10u;

// Three JSON texts of 256 KiB that double when they are quoted, and room for the rest.
constexpr std::size_t kLongestLine = 2u << 20u;

ByteView bytes_of(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

Error corrupt(std::int64_t line, const std::string& reason) {
  return {ErrorCode::corrupt_data, "Line " + std::to_string(line) + " of the export is not right: " + reason +
                                       " Nothing was stored. Make the export again or use another copy."};
}

json parse(const std::string& line) {
  const std::string fault = json_object_fault(line);  // bounds the depth before anything is built
  if (!fault.empty()) throw std::invalid_argument(fault + ".");
  return json::parse(line);
}

void require_header(const json& header) {
  if (header.at("format") != kFormat) throw std::invalid_argument("it is not an export of jobs.");
  if (header.at("version") != kVersion)
    throw std::invalid_argument("its version is not " + std::to_string(kVersion) + ", which is the one known here.");
}

}  // namespace

JobExportWriter::JobExportWriter(ByteSink& sink) : sink_(sink) {
  write_line(ordered_json{{"format", kFormat}, {"version", kVersion}}.dump());
}

void JobExportWriter::write(const Job& job) { write_record(ordered_json{{"job", to_json(job)}}.dump()); }

void JobExportWriter::write(const CostEntry& entry) { write_record(ordered_json{{"cost", to_json(entry)}}.dump()); }

void JobExportWriter::finish() {
  const ordered_json end{{"records", records_}, {"sha256", digest_.hex_digest()}};
  sink_.write(bytes_of(ordered_json{{"end", end}}.dump() + "\n"));
}

void JobExportWriter::write_record(const std::string& line) {
  write_line(line);
  ++records_;
}

void JobExportWriter::write_line(const std::string& line) {
  const std::string whole = line + "\n";
  digest_.update(bytes_of(whole));
  sink_.write(bytes_of(whole));
}

JobExportReader::JobExportReader(ByteSource& source) : source_(source) {}

std::optional<JobRecord> JobExportReader::next(Context& context) {
  try {
    if (lines_ == 0) read_header(context);
    return read_record(context);
  } catch (const json::exception&) {
    throw corrupt(lines_, "a field is missing or has the wrong type.");
  } catch (const std::invalid_argument& error) {
    throw corrupt(lines_, error.what());
  }
}

void JobExportReader::read_header(Context& context) {
  const std::string line = require_line(context);
  require_header(parse(line));
  digest_.update(bytes_of(line + "\n"));
}

std::optional<JobRecord> JobExportReader::read_record(Context& context) {
  const std::string line = require_line(context);
  const json record = parse(line);
  if (record.contains("end")) {
    require_end(record.at("end"), context);
    return std::nullopt;
  }
  digest_.update(bytes_of(line + "\n"));
  ++records_;
  if (record.contains("cost")) return cost_of(record.at("cost"));
  return job_of(record.at("job"));
}

void JobExportReader::require_end(const json& end, Context& context) {
  if (end.at("records") != records_) throw std::invalid_argument("it does not count the records that there are.");
  if (end.at("sha256") != digest_.hex_digest()) throw std::invalid_argument("the digest of the lines before differs.");
  if (read_line(context)) throw std::invalid_argument("something follows the end.");
}

std::string JobExportReader::require_line(Context& context) {
  auto line = read_line(context);
  if (!line) throw std::invalid_argument("the file ends before its last line.");
  return *std::move(line);
}

// Empty at the end of the file. A last line without its line end counts as cut off.
std::optional<std::string> JobExportReader::read_line(Context& context) {
  context.check();
  ++lines_;
  std::size_t searched = begin_;
  for (;;) {
    const auto end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      std::string line = buffer_.substr(begin_, end - begin_);
      begin_ = end + 1;
      return line;
    }
    if (buffer_.size() - begin_ > kLongestLine)
      throw std::invalid_argument("it has more than " + std::to_string(kLongestLine) + " bytes.");
    buffer_.erase(0, begin_);
    begin_ = 0;
    searched = buffer_.size();
    if (fill()) continue;
    if (!buffer_.empty()) throw std::invalid_argument("the line is cut off.");
    return std::nullopt;
  }
}

// False at the end of the source.
bool JobExportReader::fill() {
  const std::size_t old = buffer_.size();
  buffer_.resize(old + kBlock);
  const std::size_t count = source_.read({reinterpret_cast<std::uint8_t*>(buffer_.data()) + old, kBlock});
  buffer_.resize(old + count);
  return count > 0;
}

}  // namespace vitrine
