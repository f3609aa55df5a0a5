#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/firestore_value.h"
#include "vitrine/jobs/job.h"

namespace vitrine {

/// Jobs as the replaced Etsy pipeline keeps them, whose web page goes on reading and writing them. Two of its
/// collections hold jobs; all others are ours and use our own words.
enum class DocumentStyle {
  ours,     ///< Statuses are our own words.
  artwork,  ///< `jobs`: camelCase fields, "pending_art_generation", "pending_review", …
  mockup,   ///< `intelligent_mockup_jobs`: fields in both cases, "pending", "completed", …
};

/// The status that a job in `state` is given.
std::string status_of(JobState state, DocumentStyle style);

/// All statuses that mean `state`: the page has more than one word for some.
std::vector<std::string> statuses_of(JobState state, DocumentStyle style);

/// Empty for a word that means nothing to us.
std::optional<JobState> state_of_status(std::string_view status, DocumentStyle style);

/// The job that a document of the old page asks for: its kind and request, its times and results, and where it stands.
/// For documents that we never wrote to.
Job job_of_etsy_document(std::string id, const FirestoreFields& fields, DocumentStyle style);

/// A template of the old page as a scene of a request: its id, its name ("Unknown" if it has none) and its address.
nlohmann::json etsy_template_scene(std::string id, const FirestoreFields& fields);

/// A listing's request with these scenes in place of all that were uploaded.
std::string with_scenes(const std::string& request, const nlohmann::json& scenes);

/// What the old page shows of the job, by field: status, times, reason, results. `before` are the document's fields as
/// they are; `address_of` makes an address that a browser can open from an object's key.
std::map<std::string, nlohmann::json> etsy_fields_of(const Job& job, const FirestoreFields& before, DocumentStyle style,
                                                     const std::function<std::string(const std::string&)>& address_of);

}  // namespace vitrine
