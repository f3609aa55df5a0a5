#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "vitrine/base/bytes.h"
#include "vitrine/base/export.h"
#include "vitrine/image/image.h"
#include "vitrine/image/region.h"

namespace vitrine {

struct TemplateParts;

/// A prepared scene: its regions with their light and what stands in front of them, measured once. Never changes after
/// it is made; copies share everything; safe to use from many threads at once.
class VITRINE_EXPORT Template {
 public:
  explicit Template(std::shared_ptr<const TemplateParts> parts);

  /// The picture. Of a scene that came as a JPEG it is decoded when first asked for, and then kept; throws Error
  /// corrupt_data if a file's turns out to be damaged.
  const Image& scene() const;
  Size size() const;            ///< Of the picture, without decoding it.
  std::size_t memory() const;   ///< Bytes that it keeps at present, about.
  const std::vector<Region>& regions() const;  ///< As given to prepare(), in its order.

  /// True if the light on that region was measured, so that Light::natural differs from Light::flat.
  bool has_light(std::size_t region) const;

  /// What multiplies the artwork's linear light at every pixel of the region's bounds() box, rgb_f32; empty if not
  /// measured. For inspection.
  Image light(std::size_t region) const;

  const TemplateParts& parts() const { return *parts_; }  ///< For compositors.

 private:
  std::shared_ptr<const TemplateParts> parts_;
};

/// Writes a .vitrine file, atomically. Format: docs/template_format.md. Throws Error as write_file_atomically().
VITRINE_EXPORT void save_template(const std::filesystem::path& path, const Template& room);

/// Reads one. A scene that came as a JPEG stays in the file, which is mapped into memory for as long as the template or a
/// copy lives: replace such a file (as save_template() does), never write into it. Throws Error: not_found,
/// permission_denied, corrupt_data (damaged, forged, or of a newer version; the message says which), image_too_large.
VITRINE_EXPORT Template load_template(const std::filesystem::path& path);

/// The same in memory.
VITRINE_EXPORT Bytes encode_template(const Template& room);
VITRINE_EXPORT Template decode_template(ByteView bytes);

/// True if `bytes` start as a .vitrine file does; if the file does, false too if it cannot be read.
VITRINE_EXPORT bool is_template(ByteView bytes);
VITRINE_EXPORT bool is_template_file(const std::filesystem::path& path);

}  // namespace vitrine
