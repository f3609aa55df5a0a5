#include "vitrine/pipeline/fetch.h"

#include <utility>

#include "vitrine/storage/gcs_place.h"

namespace vitrine {

Fetch make_fetch(std::shared_ptr<HttpTransport> transport, DownloadOptions options,
                 std::shared_ptr<ObjectStore> objects, std::string own_bucket) {
  // Templates travel as addresses too: what came is told by its content when it is decoded.
  options.media_types.clear();
  return [transport = std::move(transport), options = std::move(options), objects = std::move(objects),
          own_bucket = std::move(own_bucket)](const std::string& url, Context& context) {
    if (objects && !own_bucket.empty()) {
      const auto place = gcs_place_of(url);
      if (place && place->bucket == own_bucket) return objects->get(place->key, context, options.max_bytes);
    }
    return download(*transport, url, options, context);
  };
}

}  // namespace vitrine
