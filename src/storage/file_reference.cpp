#include "storage/file_reference.h"

#include <nlohmann/json.hpp>

#include "storage/file_layout.h"
#include "storage/object_rules.h"
#include "vitrine/base/error.h"
#include "vitrine/base/file.h"

namespace vitrine {
namespace {

constexpr int kVersion = 1;
constexpr std::size_t kLongest = 16384;

bool is_hex_digest(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// A forged reference must not name a file elsewhere.
bool is_bytes_name(const std::string& name) {
  return name.size() > 32 && name.size() < 48 && name != kReferenceName &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.") == std::string::npos && name[0] != '.';
}

FileReference parse(const Bytes& text) {
  const auto json = nlohmann::json::parse(text);
  if (json.at("version").get<int>() != kVersion)
    throw std::invalid_argument("its version is not " + std::to_string(kVersion));
  FileReference reference;
  reference.info.ref.key = json.at("key").get<std::string>();
  reference.info.ref.sha256 = json.at("sha256").get<std::string>();
  reference.info.ref.size = json.at("size").get<std::uint64_t>();
  reference.info.ref.media_type = json.at("media_type").get<std::string>();
  reference.info.updated_at = Timestamp(std::chrono::microseconds(json.at("updated_us").get<std::int64_t>()));
  reference.bytes_name = json.at("bytes").get<std::string>();
  require_put(reference.info.ref.key, {PutMode::replace, reference.info.ref.media_type});
  if (!is_hex_digest(reference.info.ref.sha256)) throw std::invalid_argument("its digest is none");
  if (!is_bytes_name(reference.bytes_name)) throw std::invalid_argument("its file name is none of ours");
  return reference;
}

Bytes format(const FileReference& reference) {
  const auto& ref = reference.info.ref;
  const nlohmann::ordered_json json{
      {"version", kVersion},          {"key", ref.key},
      {"sha256", ref.sha256},         {"size", ref.size},
      {"media_type", ref.media_type}, {"updated_us", reference.info.updated_at.time_since_epoch().count()},
      {"bytes", reference.bytes_name}};
  const std::string text = json.dump() + "\n";
  return {text.begin(), text.end()};
}

Error bad_reference(const std::filesystem::path& path, const std::string& reason) {
  return {ErrorCode::corrupt_data, "The reference '" + path.string() + "' is damaged: " + reason +
                                       ". Put the object again with PutMode::replace, or remove it."};
}

}  // namespace

std::optional<FileReference> read_reference(const std::filesystem::path& folder, std::optional<std::string_view> key) {
  if (!is_real_object_folder(folder)) return std::nullopt;
  const auto path = folder / kReferenceName;
  if (!is_real_file(path)) return std::nullopt;
  Bytes text;
  try {
    text = read_file(path, kLongest);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return std::nullopt;  // removed between the look and the reading
    if (error.code() == ErrorCode::image_too_large) throw bad_reference(path, "it is too long");
    throw;
  }
  FileReference reference;
  try {
    reference = parse(text);
  } catch (const nlohmann::json::exception&) {
    throw bad_reference(path, "it is not JSON of the right shape");
  } catch (const std::invalid_argument& error) {
    throw bad_reference(path, error.what());
  }
  if (key && reference.info.ref.key != *key) throw bad_reference(path, "it belongs to another key");
  return reference;
}

bool write_reference(const std::filesystem::path& folder, const FileReference& reference, PutMode mode) {
  AtomicFile file(folder / kReferenceName);
  file.write(format(reference));
  if (mode == PutMode::create_only) return file.commit_if_absent();
  file.commit();
  return true;
}

}  // namespace vitrine
