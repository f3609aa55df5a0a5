#pragma once

#include <memory>
#include <string>

#include "vitrine/base/export.h"
#include "vitrine/net/download.h"
#include "vitrine/net/http_transport.h"
#include "vitrine/pipeline/source.h"
#include "vitrine/storage/object_store.h"

namespace vitrine {

/// The Fetch of a pipeline whose requests name addresses: download() with these options. Addresses of objects in
/// `own_bucket` (empty: none) of Cloud Storage or Firebase are read from `objects` instead, so that documents which
/// name them stay readable when the bucket is private.
VITRINE_EXPORT Fetch make_fetch(std::shared_ptr<HttpTransport> transport, DownloadOptions options,
                                std::shared_ptr<ObjectStore> objects = nullptr, std::string own_bucket = {});

}  // namespace vitrine
