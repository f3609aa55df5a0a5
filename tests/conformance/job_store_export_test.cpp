// Export and import in every JobStore.
#include "conformance/job_store_suite.h"
#include "vitrine/base/sha256.h"

namespace vitrine {
namespace {

using namespace std::chrono_literals;

class JobStoreExport : public JobStoreConformance {
 protected:
  std::string exported(const JobFilter& filter = {}) {
    Bytes bytes;
    const auto sink = make_memory_sink(bytes);
    store().export_to(*sink, filter, context_);
    return {bytes.begin(), bytes.end()};
  }
  std::int64_t import_into(JobStore& target, const std::string& text) {
    const Bytes bytes(text.begin(), text.end());
    const auto source = make_memory_source(bytes);
    return target.import_from(*source, context_);
  }
  void expect_corrupt(const std::string& text) {
    const auto target = GetParam().make(clock_);
    EXPECT_EQ(code_of([&] { import_into(*target.store, text); }), ErrorCode::corrupt_data);
    EXPECT_EQ(target.store->count({}, context_), 0);
    EXPECT_TRUE(target.store->costs({}, {}, 1, context_).empty());
  }
  CostEntry record_cost(const std::string& job_id, const std::string& id = "task-1") {
    CostEntry entry{id, job_id, "bfl", "generate", "flux", {40'000}, true, clock().now()};
    store().record_cost(entry, context_);
    return entry;
  }
  // An export of these records with the right count and digest.
  static std::string sealed(const std::vector<std::string>& records) {
    std::string text = "{\"format\":\"vitrine-jobs\",\"version\":1}\n";
    for (const auto& record : records) text += record + "\n";
    const std::string digest = sha256_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    return text + "{\"end\":{\"records\":" + std::to_string(records.size()) + ",\"sha256\":\"" + digest + "\"}}\n";
  }
  static std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }
  std::string one_record() {
    create();
    const auto text = exported();
    const auto begin = text.find('\n') + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
  }
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Backends, JobStoreExport, ::testing::ValuesIn(job_backends()),
                         [](const auto& backend) { return backend.param.name; });

TEST_P(JobStoreExport, BringsEverythingBack) {
  NewJob wanted{"listing", "{ \"a\":\"\\u00e4\\n\" }", "key \"1\"", -5, 7, {}};
  const auto held = create_and_claim(wanted);
  store().save_journal(held, R"({"task":"t"})", context_);
  fail(held, worth_repeating());
  const auto entry = record_cost(held.id);
  const auto target = GetParam().make(clock_);

  EXPECT_EQ(import_into(*target.store, exported()), 2);
  const auto before = find(held.id);
  const auto after = target.store->find(held.id, context_).value();
  EXPECT_EQ(after.kind, before.kind);
  EXPECT_EQ(after.state, before.state);
  EXPECT_EQ(after.request, before.request);
  EXPECT_EQ(after.journal, before.journal);
  EXPECT_EQ(after.client_key, before.client_key);
  EXPECT_EQ(after.priority, before.priority);
  EXPECT_EQ(after.attempt, before.attempt);
  EXPECT_EQ(after.max_attempts, before.max_attempts);
  EXPECT_EQ(after.failure->message, before.failure->message);
  EXPECT_EQ(after.created_at, before.created_at);
  EXPECT_EQ(after.not_before, before.not_before);
  EXPECT_EQ(after.started_at, before.started_at);
  EXPECT_EQ(target.store->costs({}, {}, 1, context_).at(0).amount, entry.amount);
}

TEST_P(JobStoreExport, BringsBackAnEndedJob) {
  const auto held = create_and_claim();
  complete(held, R"({"key":"m"})");
  const auto target = GetParam().make(clock_);
  import_into(*target.store, exported());
  const auto after = target.store->find(held.id, context_).value();
  EXPECT_EQ(after.state, JobState::completed);
  EXPECT_EQ(after.result, R"({"key":"m"})");
  EXPECT_EQ(after.finished_at, clock().now());
}

TEST_P(JobStoreExport, OfTheSameStoreGivesTheSameText) {
  create();
  record_cost("");
  EXPECT_EQ(exported(), exported());
}

TEST_P(JobStoreExport, OfAnEmptyStoreCanBeRead) {
  const auto target = GetParam().make(clock_);
  EXPECT_EQ(import_into(*target.store, exported()), 0);
}

TEST_P(JobStoreExport, HoldsNoToken) {
  const auto held = create_and_claim();
  EXPECT_EQ(exported().find(held.lease->token), std::string::npos);
}

TEST_P(JobStoreExport, HoldsOnlyWhatTheFilterLetsThroughAndItsCosts) {
  const auto done = create_and_claim();
  complete(done);
  const auto waiting = create();
  record_cost(done.id, "task-1");
  record_cost(waiting.id, "task-2");
  record_cost("", "task-3");
  JobFilter completed;
  completed.states = {JobState::completed};
  const auto text = exported(completed);
  EXPECT_NE(text.find(done.id), std::string::npos);
  EXPECT_NE(text.find("task-1"), std::string::npos);
  EXPECT_EQ(text.find(waiting.id), std::string::npos);
  EXPECT_EQ(text.find("task-2"), std::string::npos);
  EXPECT_EQ(text.find("task-3"), std::string::npos);
  EXPECT_NE(exported().find("task-3"), std::string::npos);
}

TEST_P(JobStoreExport, LeavesRecordsThatAreThereAsTheyAre) {
  const auto made = create();
  record_cost("");
  const auto text = exported();
  store().cancel(made.id, context_);
  EXPECT_EQ(import_into(store(), text), 0);
  EXPECT_EQ(state_of(made), JobState::cancelled);
}

TEST_P(JobStoreExport, LeavesAJobOutWhoseClientKeyIsTaken) {
  auto wanted = job_of_kind("mockup");
  wanted.client_key = "order 17";
  create(wanted);
  const auto target = GetParam().make(clock_);
  const auto theirs = target.store->create(wanted, context_);
  EXPECT_EQ(import_into(*target.store, exported()), 0);
  EXPECT_EQ(target.store->create(wanted, context_).id, theirs.id);
}

TEST_P(JobStoreExport, TakesAJobAtWorkBackWhenItIsRead) {
  const auto held = create_and_claim();
  const auto target = GetParam().make(clock_);
  import_into(*target.store, exported());
  EXPECT_EQ(target.store->find(held.id, context_)->state, JobState::pending);
  EXPECT_EQ(code_of([&] { target.store->complete(held, "{}", context_); }), ErrorCode::lease_lost);
}

TEST_P(JobStoreExport, KeepsTheClientKeyAlive) {
  auto wanted = job_of_kind("mockup");
  wanted.client_key = "order 17";
  const auto made = create(wanted);
  const auto target = GetParam().make(clock_);
  import_into(*target.store, exported());
  EXPECT_EQ(target.store->create(wanted, context_).id, made.id);
}

TEST_P(JobStoreExport, IsRefusedWhenAnyByteOfItChanged) {
  create();
  record_cost("");
  const auto text = exported();
  for (std::size_t i = 0; i < text.size(); i += 7) {
    auto changed = text;
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    const auto target = GetParam().make(clock_);
    EXPECT_EQ(code_of([&] { import_into(*target.store, changed); }), ErrorCode::corrupt_data) << "byte " << i;
    EXPECT_EQ(target.store->count({}, context_), 0);
  }
}

TEST_P(JobStoreExport, IsRefusedWhenItIsCutAnywhere) {
  create();
  const auto text = exported();
  for (std::size_t length = 0; length < text.size(); length += 11) {
    const auto target = GetParam().make(clock_);
    EXPECT_EQ(code_of([&] { import_into(*target.store, text.substr(0, length)); }), ErrorCode::corrupt_data) << length;
  }
  expect_corrupt(text.substr(0, text.size() - 1));
}

TEST_P(JobStoreExport, IsRefusedWhenALineIsMissing) {
  create();
  create();
  auto text = exported();
  const auto begin = text.find('\n') + 1;
  expect_corrupt(text.erase(begin, text.find('\n', begin) + 1 - begin));
}

TEST_P(JobStoreExport, IsRefusedWhenSomethingFollows) {
  create();
  expect_corrupt(exported() + "{}\n");
  expect_corrupt(exported() + exported());
}

TEST_P(JobStoreExport, IsRefusedInAnotherVersionOrFormat) {
  expect_corrupt(replaced(exported(), "\"version\":1", "\"version\":2"));
  expect_corrupt(replaced(exported(), "vitrine-jobs", "other-jobs"));
  expect_corrupt("");
  expect_corrupt("\n");
  expect_corrupt("not JSON at all\n");
}

TEST_P(JobStoreExport, IsRefusedWhenAnIdComesTwice) {
  const auto record = one_record();
  const auto target = GetParam().make(clock_);
  EXPECT_EQ(import_into(*target.store, sealed({record})), 1);
  expect_corrupt(sealed({record, record}));
}

TEST_P(JobStoreExport, IsRefusedWhenAClientKeyComesTwice) {
  const auto record = replaced(one_record(), "\"client_key\":\"\"", "\"client_key\":\"k\"");
  const auto id_at = record.find("\"id\":\"") + 6;
  auto other = record;
  other[id_at] = other[id_at] == '0' ? '1' : '0';
  expect_corrupt(sealed({record, other}));
}

TEST_P(JobStoreExport, IsRefusedWithALineWithoutEnd) {
  expect_corrupt(std::string(3u << 20u, ' '));
  expect_corrupt("{\"format\":\"vitrine-jobs\",\"version\":1}\n{\"job\":\"" + std::string(3u << 20u, 'x') + "\"}\n");
}

TEST_P(JobStoreExport, IsRefusedWhenItIsNestedWithoutEnd) {
  expect_corrupt(sealed({"{\"job\":" + std::string(1u << 20u, '[')}));
  expect_corrupt(sealed({"{\"job\":" + std::string(100, '[') + std::string(100, ']') + "}"}));
}

TEST_P(JobStoreExport, IsRefusedWithAValueThatNoStoreHolds) {
  const auto record = one_record();
  const auto refuses = [&](std::string_view from, std::string_view to) {
    expect_corrupt(sealed({replaced(record, from, to)}));
  };
  refuses("\"state\":\"pending\"", "\"state\":\"lost\"");
  refuses("\"state\":\"pending\"", "\"state\":\"completed\"");
  refuses("\"kind\":\"mockup\"", "\"kind\":\"../x\"");
  refuses("\"id\":\"", "\"id\":\"a b");
  refuses("\"request\":\"{}\"", "\"request\":\"[]\"");
  refuses("\"request\":\"{}\"", "\"request\":{}");
  refuses("\"attempt\":0", "\"attempt\":-1");
  refuses("\"attempt\":0", "\"attempt\":3");
  refuses("\"attempt\":0", "\"attempt\":1.5");
  refuses("\"max_attempts\":3", "\"max_attempts\":4294967299");
  refuses("\"priority\":0", "\"priority\":1e30");
  refuses("\"progress\":0", "\"progress\":2");
  refuses("\"created_us\":", "\"created_us\":-");
  refuses("\"created_us\":", "\"created_us\":99999999999999");
  refuses("\"not_before_us\":", "\"not_before\":");
}

TEST_P(JobStoreExport, IsWrittenAndReadInPieces) {
  auto wanted = job_of_kind("mockup");
  wanted.request = "{\"a\":\"" + std::string(200'000, 'x') + "\"}";
  for (int i = 0; i < 20; ++i) create(wanted);
  class OddSource final : public ByteSource {
   public:
    explicit OddSource(std::string text) : text_(std::move(text)) {}
    std::size_t read(std::span<std::uint8_t> buffer) override {
      const auto count = std::min({buffer.size(), text_.size() - at_, std::size_t{997}});
      std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(at_), count, buffer.begin());
      at_ += count;
      return count;
    }

   private:
    std::string text_;
    std::size_t at_ = 0;
  };
  OddSource source(exported());
  const auto target = GetParam().make(clock_);
  EXPECT_EQ(target.store->import_from(source, context_), 20);
}

}  // namespace vitrine
