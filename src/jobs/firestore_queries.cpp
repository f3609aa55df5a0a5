#include "jobs/firestore_queries.h"

#include <utility>

#include "jobs/firestore_value.h"

namespace vitrine::firestore_query {
namespace {

using nlohmann::json;

json field(const std::string& path) { return {{"fieldPath", path}}; }

json compare(const std::string& path, const char* op, json value) {
  return {{"fieldFilter", {{"field", field(path)}, {"op", op}, {"value", std::move(value)}}}};
}

json equals(const std::string& path, const std::string& text) { return compare(path, "EQUAL", text_value(text)); }

json one_of(const std::string& path, const std::vector<std::string>& texts) {
  if (texts.size() == 1) return equals(path, texts.front());
  json values = json::array();
  for (const std::string& text : texts) values.push_back(text_value(text));
  return compare(path, "IN", array_value(std::move(values)));
}

json order(const std::string& path, const char* direction) {
  return {{"field", field(path)}, {"direction", direction}};
}

json query_of(const std::string& collection, json filters, json orders, int limit) {
  json query{{"from", {{{"collectionId", collection}}}}, {"orderBy", std::move(orders)}};
  if (limit > 0) query["limit"] = limit;
  if (filters.size() == 1) query["where"] = filters.front();
  if (filters.size() > 1) query["where"] = {{"compositeFilter", {{"op", "AND"}, {"filters", std::move(filters)}}}};
  return query;
}

json from_behind(json values) { return {{"values", std::move(values)}, {"before", false}}; }

}  // namespace

json ready(const std::string& collection, const std::vector<std::string>& kinds, int limit) {
  json filters = json::array({equals("vitrine.queue", "ready")});
  if (!kinds.empty()) filters.push_back(one_of("vitrine.kind", kinds));
  return query_of(collection, std::move(filters),
                  json::array({order("vitrine.priority", "DESCENDING"), order("vitrine.created_at", "ASCENDING"),
                               order("__name__", "ASCENDING")}),
                  limit);
}

json due(const std::string& collection, Timestamp now, int limit) {
  return query_of(collection,
                  json::array({equals("vitrine.queue", "delayed"), compare("vitrine.not_before", "LESS_THAN_OR_EQUAL", time_value(now))}),
                  json::array({order("vitrine.not_before", "ASCENDING"), order("__name__", "ASCENDING")}), limit);
}

json by_status(const std::string& collection, const std::vector<std::string>& statuses,
               const std::optional<std::string>& after, int limit) {
  json filters = json::array();
  if (!statuses.empty()) filters.push_back(one_of("status", statuses));
  json query =
      query_of(collection, std::move(filters), json::array({order("__name__", "ASCENDING")}), limit);
  if (after) query["startAt"] = from_behind(json::array({{{"referenceValue", *after}}}));
  return query;
}

json by_status_since(const std::string& collection, const std::vector<std::string>& statuses, Timestamp since,
                     int limit) {
  return query_of(collection,
                  json::array({one_of("status", statuses), compare("createdAt", "GREATER_THAN_OR_EQUAL", time_value(since))}),
                  json::array({order("createdAt", "DESCENDING"), order("__name__", "DESCENDING")}), limit);
}

json lease_over(const std::string& collection, Timestamp now, int limit) {
  return query_of(
      collection,
      json::array({equals("vitrine.state", "processing"), compare("vitrine.lease_expires_at", "LESS_THAN_OR_EQUAL", time_value(now))}),
      json::array({order("vitrine.lease_expires_at", "ASCENDING"), order("__name__", "ASCENDING")}), limit);
}

json started_before(const std::string& collection, Timestamp time, int limit) {
  return query_of(collection,
                  json::array({equals("vitrine.state", "processing"), compare("vitrine.started_at", "LESS_THAN", time_value(time))}),
                  json::array({order("vitrine.started_at", "ASCENDING"), order("__name__", "ASCENDING")}), limit);
}

json newest(const std::string& collection, const std::vector<std::string>& statuses, const JobFilter& filter,
            const std::optional<std::pair<Timestamp, std::string>>& after, int limit) {
  json filters = json::array();
  if (!statuses.empty()) filters.push_back(one_of("status", statuses));
  if (filter.created_from)
    filters.push_back(compare("createdAt", "GREATER_THAN_OR_EQUAL", time_value(*filter.created_from)));
  if (filter.created_until) filters.push_back(compare("createdAt", "LESS_THAN", time_value(*filter.created_until)));
  json query = query_of(collection, std::move(filters),
                        json::array({order("createdAt", "DESCENDING"), order("__name__", "DESCENDING")}), limit);
  if (after) query["startAt"] = from_behind(json::array({time_value(after->first), {{"referenceValue", after->second}}}));
  return query;
}

json costs(const std::string& collection, const CostFilter& filter,
           const std::optional<std::pair<Timestamp, std::string>>& after, int limit) {
  json filters = json::array();
  if (!filter.job_id.empty()) filters.push_back(equals("job_id", filter.job_id));
  if (filter.from) filters.push_back(compare("at", "GREATER_THAN_OR_EQUAL", time_value(*filter.from)));
  if (filter.until) filters.push_back(compare("at", "LESS_THAN", time_value(*filter.until)));
  json query = query_of(collection, std::move(filters), json::array({order("at", "ASCENDING"), order("id", "ASCENDING")}), limit);
  if (after) query["startAt"] = from_behind(json::array({time_value(after->first), text_value(after->second)}));
  return query;
}

}  // namespace vitrine::firestore_query
