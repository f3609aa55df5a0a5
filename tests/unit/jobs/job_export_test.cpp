#include "jobs/job_export.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "support/errors.h"

namespace vitrine {
namespace {

Job some_job(std::string id) {
  Job job;
  job.id = std::move(id);
  job.kind = "mockup";
  return job;
}

std::string written(const std::vector<Job>& jobs) {
  Bytes bytes;
  const auto sink = make_memory_sink(bytes);
  JobExportWriter writer(*sink);
  for (const auto& job : jobs) writer.write(job);
  writer.finish();
  return {bytes.begin(), bytes.end()};
}

std::size_t read_all(const std::string& text) {
  const Bytes bytes(text.begin(), text.end());
  const auto source = make_memory_source(bytes);
  JobExportReader reader(*source);
  Context context;
  std::size_t count = 0;
  while (reader.next(context)) ++count;
  return count;
}

TEST(JobExport, HasALineForEachRecordAndTwoMore) {
  const auto text = written({some_job("a"), some_job("b")});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
  EXPECT_EQ(text.find("{\"format\":\"vitrine-jobs\",\"version\":1}\n"), 0u);
  EXPECT_EQ(read_all(text), 2u);
}

TEST(JobExport, NamesTheLineThatIsWrong) {
  auto text = written({some_job("a"), some_job("b")});
  text.replace(text.find("\"id\":\"b\""), 8, "\"id\":\"/\"");
  EXPECT_NE(message_of([&] { read_all(text); }).find("Line 3"), std::string::npos);
}

TEST(JobExport, TakesTheLongestJobThatAStoreCanHold) {
  auto job = some_job("a");
  const std::string longest = "{\"a\":[\"\"" + std::string((256u << 10u) - 12, '\n') + "\t]}";
  job.request = job.journal = job.result = longest;
  EXPECT_EQ(read_all(written({job})), 1u);
}

TEST(JobExport, StopsAtALineThatNeverEnds) {
  class Endless final : public ByteSource {
   public:
    std::size_t read(std::span<std::uint8_t> buffer) override {
      std::fill(buffer.begin(), buffer.end(), std::uint8_t{' '});
      given += buffer.size();
      return buffer.size();
    }
    std::size_t given = 0;
  };
  Endless endless;
  JobExportReader reader(endless);
  Context context;
  EXPECT_EQ(code_of([&] { reader.next(context); }), ErrorCode::corrupt_data);
  EXPECT_LT(endless.given, 4u << 20u);
}

TEST(JobExport, HeedsCancel) {
  const auto source = make_memory_source({});
  JobExportReader reader(*source);
  Context context;
  context.cancel();
  EXPECT_EQ(code_of([&] { reader.next(context); }), ErrorCode::cancelled);
}

}  // namespace
}  // namespace vitrine
