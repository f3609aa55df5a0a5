#pragma once

#include <string>
#include <string_view>

#include "storage/gcs_client.h"
#include "storage/gcs_object.h"
#include "storage/spool.h"

namespace vitrine {

/// Puts what `spool` holds under `key`: in one request up to the size of a chunk, else in a resumable session. The
/// object appears whole, with its metadata. Throws Error: conflict (create_only and the key is taken), and what
/// GcsClient::refusal() says.
GcsObject upload_to_gcs(const GcsClient& client, std::string_view key, const Spool& spool, const PutOptions& options,
                        Context& context);

/// The object under `key`, if there is one.
std::optional<GcsObject> find_gcs_object(const GcsClient& client, std::string_view key, Context& context);

}  // namespace vitrine
