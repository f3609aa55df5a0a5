#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "vitrine/base/bytes.h"
#include "vitrine/base/context.h"
#include "vitrine/pipeline/source.h"
#include "vitrine/storage/object_store.h"

namespace vitrine {

/// A source whose content is known by its digest; its bytes are there if they had to be read to know it.
struct LocatedSource {
  std::string sha256;
  std::optional<Bytes> bytes;
};

/// Finds and reads what requests name, within what the host allows. Borrows the store. Safe to use from many threads.
class SourceReader {
 public:
  SourceReader(ObjectStore& objects, Fetch fetch, std::filesystem::path input_folder, std::size_t most_bytes);

  /// Reads only what it must: an object whose store knows the digest stays where it is, and so does
  /// what is behind an address that comes with its digest. Throws Error: not_found,
  /// permission_denied (a path where none is allowed, or outside the folder), unsafe_url, conflict (not the bytes that
  /// Source::sha256 names), image_too_large, unavailable, cancelled, deadline_exceeded.
  LocatedSource locate(const Source& source, Context& context) const;

  /// All bytes, with their digest.
  LocatedSource read(const Source& source, Context& context) const;

 private:
  Bytes bytes_of(const Source& source, Context& context) const;
  std::filesystem::path allowed_path(const std::string& path) const;

  ObjectStore& objects_;
  Fetch fetch_;
  std::filesystem::path input_folder_;
  std::size_t most_bytes_;
};

}  // namespace vitrine
