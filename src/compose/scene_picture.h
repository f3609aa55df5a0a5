#pragma once

#include <memory>
#include <string>

#include "image/patchable_jpeg.h"
#include "vitrine/image/image.h"

namespace vitrine {

/// The picture of a template: pixels, or a JPEG with a restart grid whose pixels are decoded when somebody asks for all of
/// them. Copies share everything. Safe to use from many threads at once.
class ScenePicture {
 public:
  ScenePicture();  ///< Empty.

  /// `obstacle`: why there is no JPEG to patch; a sentence.
  ScenePicture(Image pixels, std::string obstacle = "The scene was given as pixels, not as a JPEG file.");
  explicit ScenePicture(std::shared_ptr<const PatchableJpeg> jpeg);

  /// All of them. Throws Error corrupt_data where a JPEG from a file turns out to be damaged.
  const Image& pixels() const;

  Size size() const;
  bool has_pixels() const;               ///< True if pixels() decodes nothing.
  const PatchableJpeg* jpeg() const;     ///< Nothing if obstacle() says something.
  const std::string& obstacle() const;
  std::size_t memory() const;            ///< Bytes that it keeps now.

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace vitrine
