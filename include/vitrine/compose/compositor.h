#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "vitrine/base/bytes.h"
#include "vitrine/base/context.h"
#include "vitrine/base/export.h"
#include "vitrine/compose/look.h"
#include "vitrine/compose/template.h"
#include "vitrine/image/codec.h"
#include "vitrine/image/image.h"
#include "vitrine/image/region.h"

namespace vitrine {

/// An artwork on a region.
struct Placement {
  Image artwork{};         ///< 8-bit, any format and size.
  std::size_t region = 0;  ///< Index into Template::regions().
  Fit fit = Fit::cover;
  Look look{};
};

struct RenderOptions {
  int threads = 0;  ///< 0: as many as there are cores. The result does not depend on it.
};

/// Puts artworks into scenes. Every pixel of art comes from the artwork through one homography, filtered by area in
/// linear light; outside the regions the mockup equals its scene. Safe to use from many threads at once.
class VITRINE_EXPORT Compositor {
 public:
  Compositor() = default;
  virtual ~Compositor() = default;
  Compositor(const Compositor&) = delete;
  Compositor& operator=(const Compositor&) = delete;

  /// Measures the scene once for many renders. Keeps the scene (a cheap copy). `regions` may be empty: such a template
  /// renders as its scene. Throws std::invalid_argument for a region that require_usable() refuses or a float scene;
  /// Error: cancelled, deadline_exceeded.
  virtual Template prepare(const Image& scene, const std::vector<Region>& regions, Context& context) const = 0;

  /// The same from the bytes of an image file, as decode_image() takes them. A JPEG may be kept as such, so that
  /// render_encoded() can patch it: see patch_obstacle(). Default: decodes and prepares. Throws also as decode_image().
  virtual Template prepare_encoded(ByteView scene, const std::vector<Region>& regions, const DecodeOptions& decoding,
                                   Context& context) const;

  /// The mockup: rgba8 if the scene has transparency left, else rgb8, of the scene's size. Placements are drawn in
  /// order. Throws std::invalid_argument for a region index out of range, an empty or float artwork, an opacity out of
  /// range; Error: cancelled (noticed within a tile), deadline_exceeded.
  virtual Image render(const Template& room, const std::vector<Placement>& placements, const RenderOptions& options,
                       Context& context) const = 0;

  /// render() and encode in one, which a compositor may do faster. Default: one after the other. The engine decodes
  /// and encodes only the parts of a JPEG scene that the artworks touch, unless patch_obstacle() names a reason; the
  /// coefficients of all other parts, and the file's EXIF and ICC profile, stay as they were. Then it differs from
  /// encode_image(render()) by what coding anew would have lost.
  virtual Bytes render_encoded(const Template& room, const std::vector<Placement>& placements,
                               const EncodeOptions& encoding, const RenderOptions& options, Context& context) const;

  // The same with a context that never ends.
  Template prepare(const Image& scene, const std::vector<Region>& regions) const;
  Image render(const Template& room, const std::vector<Placement>& placements, const RenderOptions& options = {}) const;
};

/// Why render_encoded() has to decode and encode the whole scene for `encoding`, as a sentence; empty if it patches the
/// scene's JPEG. That takes JPEG output, no other quality than the scene's own (if none is asked for, at least 85), no
/// finer chroma than the scene's, and Effort::fast.
VITRINE_EXPORT std::string patch_obstacle(const Template& room, const EncodeOptions& encoding = {});

}  // namespace vitrine
