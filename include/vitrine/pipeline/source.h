#pragma once

#include <functional>
#include <string>

#include "vitrine/base/bytes.h"
#include "vitrine/base/context.h"
#include "vitrine/base/export.h"

namespace vitrine {

/// Where a job finds a picture or a template: a name that travels, never the bytes.
struct Source {
  enum class Kind {
    object,  ///< A key in the object store.
    url,     ///< An address for Fetch.
    path,    ///< A file below PipelineOptions::input_folder.
  };
  Kind kind = Kind::object;
  std::string at;
  std::string sha256;  ///< If set, other bytes are refused: the object was replaced since the job was made.
  friend bool operator==(const Source&, const Source&) = default;
};

/// Gets the bytes behind an address that somebody else wrote, so it is hostile: the function must refuse private and
/// link-local addresses on every redirect, and cap size and time (UrlPolicy). Called from many threads at once.
/// Throws Error: unsafe_url, not_found, image_too_large, unavailable, cancelled, deadline_exceeded.
using Fetch = std::function<Bytes(const std::string& url, Context& context)>;

/// What a source is called where people read it: the key, the path, or the address without user, query and fragment,
/// which may be secret.
VITRINE_EXPORT std::string shown(const Source& source);

}  // namespace vitrine
