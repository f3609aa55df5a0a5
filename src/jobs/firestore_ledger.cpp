#include "jobs/firestore_ledger.h"

#include <utility>

#include "jobs/cost_sums.h"
#include "jobs/firestore_documents.h"
#include "jobs/firestore_queries.h"
#include "vitrine/base/sha256.h"

namespace vitrine {
namespace {

using nlohmann::json;

constexpr int kPage = 500;
constexpr int kMostRounds = 8;

bool same(const CostEntry& a, const CostEntry& b) { return a.settled == b.settled && a.amount == b.amount; }

// Where another writer, or a lost answer of our own, may have come between: look again.
bool is_worth_another_look(const Error& error) {
  const auto* refused = dynamic_cast<const FirestoreError*>(&error);
  return (refused != nullptr && refused->lost_race()) || error.code() == ErrorCode::unavailable;
}

}  // namespace

std::string FirestoreLedger::name_of(const std::string& id) const {
  return client_.name_of_document(collection_,
                                  sha256_hex({reinterpret_cast<const std::uint8_t*>(id.data()), id.size()}));
}

std::optional<FirestoreDocument> FirestoreLedger::find(const std::string& id, Context& context) {
  auto found = client_.get({name_of(id)}, context);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

bool FirestoreLedger::add(const CostEntry& entry, Context& context) {
  if (find(entry.id, context)) return false;
  record(entry, context);
  return true;
}

void FirestoreLedger::record(const CostEntry& entry, Context& context) {
  for (int round = 1;; ++round) {
    try {
      const auto known = round == 1 ? std::nullopt : find(entry.id, context);
      if (!known) {
        client_.commit(json::array({create_write(name_of(entry.id), FirestoreDocuments::fields_of(entry))}), context);
        return;
      }
      const CostEntry before = FirestoreDocuments::cost_of(*known);
      const CostEntry after = settled_by(before, entry);
      if (same(before, after)) return;
      client_.commit(json::array({update_write(known->name, FirestoreDocuments::fields_of(after),
                                               {"micro_usd", "settled"}, known->update_time)}),
                     context);
      return;
    } catch (const Error& error) {
      if (round == kMostRounds || !is_worth_another_look(error)) throw;
    }
  }
}

void FirestoreLedger::visit(const CostFilter& filter, const std::optional<std::string>& after,
                            const std::function<bool(const CostEntry&)>& visit, Context& context) {
  std::optional<std::pair<Timestamp, std::string>> position;
  if (after) {
    const auto known = find(*after, context);
    if (!known) throw Error(ErrorCode::not_found, "There is no cost entry '" + *after + "' to go on from. Start over.");
    const CostEntry entry = FirestoreDocuments::cost_of(*known);
    position.emplace(entry.at, entry.id);
  }
  while (true) {
    context.check();
    const auto page = client_.query(firestore_query::costs(collection_, filter, position, kPage), context);
    for (const FirestoreDocument& document : page) {
      const CostEntry entry = FirestoreDocuments::cost_of(document);
      if (!visit(entry)) return;
      position.emplace(entry.at, entry.id);
    }
    if (static_cast<int>(page.size()) < kPage) return;
  }
}

}  // namespace vitrine
