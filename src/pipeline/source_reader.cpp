#include "pipeline/source_reader.h"

#include <utility>

#include "vitrine/base/error.h"
#include "vitrine/base/file.h"
#include "vitrine/base/sha256.h"

namespace vitrine {
namespace {

void require_digest(const Source& source, const std::string& sha256) {
  if (source.sha256.empty() || source.sha256 == sha256) return;
  throw Error(ErrorCode::conflict, "'" + shown(source) + "' has the digest " + sha256 + "; the request asks for " +
                                       source.sha256 + ". It was replaced since: make a new job.");
}

}  // namespace

SourceReader::SourceReader(ObjectStore& objects, Fetch fetch, std::filesystem::path input_folder,
                           std::size_t most_bytes)
    : objects_(objects), fetch_(std::move(fetch)), input_folder_(std::move(input_folder)), most_bytes_(most_bytes) {}

LocatedSource SourceReader::locate(const Source& source, Context& context) const {
  if (source.kind == Source::Kind::object) {
    const auto info = objects_.head(source.at, context);
    if (!info)
      throw Error(ErrorCode::not_found, "There is no object '" + source.at + "'. Put it there, or name another.");
    if (!info->ref.sha256.empty()) {
      require_digest(source, info->ref.sha256);
      return {info->ref.sha256, std::nullopt};
    }
  }
  // What is named with its digest is known by it: whoever has it decoded already need not ask for it again.
  if (source.kind == Source::Kind::url && !source.sha256.empty()) return {source.sha256, std::nullopt};
  return read(source, context);
}

LocatedSource SourceReader::read(const Source& source, Context& context) const {
  Bytes bytes = bytes_of(source, context);
  std::string sha256 = sha256_hex(bytes);
  require_digest(source, sha256);
  return {std::move(sha256), std::move(bytes)};
}

Bytes SourceReader::bytes_of(const Source& source, Context& context) const {
  if (source.kind == Source::Kind::object) return objects_.get(source.at, context, most_bytes_);
  if (source.kind == Source::Kind::path) return read_file(allowed_path(source.at), most_bytes_);
  if (!fetch_)
    throw Error(ErrorCode::unsafe_url, "'" + shown(source) +
                                           "' is an address, and this pipeline fetches none. Give it a "
                                           "PipelineParts::fetch, or put the picture into the object store.");
  Bytes bytes = fetch_(source.at, context);
  // The fetcher has its own limit; this one holds whatever it does.
  if (bytes.size() > most_bytes_)
    throw Error(ErrorCode::image_too_large, "'" + shown(source) + "' has " + std::to_string(bytes.size()) +
                                                " bytes; the limit is " + std::to_string(most_bytes_) + ".");
  return bytes;
}

std::filesystem::path SourceReader::allowed_path(const std::string& path) const {
  const auto refused = [&](const std::string& why) {
    return Error(ErrorCode::permission_denied, "The file '" + path + "' may not be read: " + why);
  };
  if (input_folder_.empty())
    throw refused("this pipeline reads no files. Set PipelineOptions::input_folder, or use the object store.");
  // Links are followed before the check, so that none leads out.
  std::error_code code;
  const auto folder = std::filesystem::canonical(input_folder_, code);
  if (code) throw refused("the input folder is not there: " + code.message() + ".");
  const auto file = std::filesystem::weakly_canonical(folder / path, code);
  const auto inside = code ? std::filesystem::path() : file.lexically_relative(folder);
  if (inside.empty() || *inside.begin() == "..")
    throw refused("it lies outside the input folder. Move it there.");
  return file;
}

}  // namespace vitrine
