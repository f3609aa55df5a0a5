#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "image/jpeg_tables.h"
#include "image/restart_grid.h"
#include "vitrine/image/codec.h"

namespace vitrine {

/// A part of a PatchableJpeg's picture, taken out to be painted on.
struct JpegPatch {
  Rect rect;      ///< Of the picture's pixels, on its grid.
  Image pixels;   ///< rgb8, sRGB: paint on these.
  Image before;   ///< The same, as they were decoded.
  Image samples;  ///< As the file holds them, before its ICC profile; the same as `before` if that is sRGB's.
};

/// A colour JPEG with a restart grid: parts of it are decoded, and replaced by copying the coded bytes of all the rest, so
/// that every coefficient outside the intervals that were painted on stays as it was. Safe to use from many threads.
class PatchableJpeg {
 public:
  /// Either a JPEG or a sentence that says why it cannot be patched.
  struct Made {
    std::shared_ptr<const PatchableJpeg> jpeg;
    std::string obstacle;
  };

  /// Recodes any JPEG losslessly. Throws Error: invalid_image (damaged), image_too_large.
  static Made from(ByteView jpeg, const DecodeOptions& limits);

  /// Takes what from() wrote; checks all but the coded pixels. `owner` keeps `bytes` alive. Throws Error: corrupt_data,
  /// image_too_large.
  static std::shared_ptr<const PatchableJpeg> open(ByteView bytes, std::shared_ptr<const void> owner,
                                                   const DecodeOptions& limits);

  Size size() const { return size_; }
  ByteView bytes() const { return bytes_; }
  ChromaSampling chroma() const;

  /// True if its quantisation tables are those of `quality`; finer or the same: if they are so on average.
  bool has_quality(int quality) const;
  bool is_at_least(int quality) const;

  /// The whole picture, in sRGB. Throws Error corrupt_data.
  Image decode() const;

  /// The least rectangle of whole intervals that holds `rect`, which must touch the picture.
  Rect aligned(Rect rect) const;

  /// A part; `rect` as from aligned(). A pixel at its border can differ by a level or two from decode()'s, as chroma is
  /// smoothed across. Throws Error corrupt_data.
  JpegPatch patch(Rect rect) const;

  /// The file with these parts in the place of its own. Where two overlap the later one counts.
  Bytes with(const std::vector<JpegPatch>& patches) const;

 private:
  PatchableJpeg(ByteView bytes, std::shared_ptr<const void> owner) : bytes_(bytes), owner_(std::move(owner)) {}
  void read_header(const DecodeOptions& limits);
  Rect intervals_of(Rect rect) const;
  Bytes part_file(Rect rect) const;
  Image encodable(const JpegPatch& patch) const;
  Bytes encode(ImageView pixels) const;

  ByteView bytes_;
  std::shared_ptr<const void> owner_;
  Size size_;
  Size interval_;             // pixels of a whole one
  int intervals_in_row_ = 0;
  int restart_ = 0;           // MCUs an interval
  std::array<int, 2> sampling_{1, 1};  // luma's, across and down
  std::array<QuantTable, 3> tables_{};
  Bytes profile_;             // empty if it amounts to sRGB
  RestartGrid grid_;
};

}  // namespace vitrine
