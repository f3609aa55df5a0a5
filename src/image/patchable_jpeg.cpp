#include "image/patchable_jpeg.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "image/decode_limits.h"
#include "image/icc.h"
#include "image/jpeg.h"
#include "image/jpeg_reader.h"
#include "image/jpeg_recode.h"
#include "image/jpeg_writer.h"
#include "vitrine/base/error.h"

namespace vitrine {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::corrupt_data, "The prepared JPEG is damaged: " + why + " Prepare the scene again.");
}

int divided_up(int value, int unit) { return (value + unit - 1) / unit; }

void put_u16(std::uint8_t* at, int value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
}

unsigned sum_of(const QuantTable& table) { return std::accumulate(table.begin(), table.end(), 0U); }

// Rows of the file's own colours.
Image read_samples(ByteView jpeg) {
  JpegReader reader(jpeg);
  jpeg_decompress_struct& codec = reader.codec();
  codec.jpeg_color_space = JCS_YCbCr;  // the tables alone do not say so
  codec.out_color_space = JCS_RGB;
  codec.dct_method = JDCT_ISLOW;
  Image image({static_cast<int>(codec.image_width), static_cast<int>(codec.image_height)}, PixelFormat::rgb8);
  const MutableImageView target = image.edit();
  reader.run([&] {
    jpeg_start_decompress(&codec);
    while (codec.output_scanline < codec.output_height) {
      std::uint8_t* row = target.row(static_cast<int>(codec.output_scanline));
      jpeg_read_scanlines(&codec, &row, 1);
    }
    jpeg_finish_decompress(&codec);
  });
  return image;
}

bool same_pixels(const JpegPatch& patch, Rect rect) {
  const Rect inside{rect.x - patch.rect.x, rect.y - patch.rect.y, rect.width, rect.height};
  const auto bytes = static_cast<std::size_t>(rect.width) * 3;
  for (int y = inside.y; y < inside.y + inside.height; ++y)
    if (std::memcmp(patch.pixels.row(y) + 3 * static_cast<std::ptrdiff_t>(inside.x),
                    patch.before.row(y) + 3 * static_cast<std::ptrdiff_t>(inside.x), bytes) != 0)
      return false;
  return true;
}

}  // namespace

PatchableJpeg::Made PatchableJpeg::from(ByteView jpeg, const DecodeOptions& limits) {
  require_bytes_within(jpeg.size(), limits);
  JpegReader reader(jpeg, JpegReader::Keep::all);
  require_metadata_within(reader.metadata(), limits);
  const Size size{static_cast<int>(reader.codec().image_width), static_cast<int>(reader.codec().image_height)};
  require_pixels_within(size, limits);
  RecodedJpeg recoded = recode_with_restart_grid(reader);
  if (!recoded.obstacle.empty()) return {nullptr, std::move(recoded.obstacle)};
  const auto bytes = std::make_shared<const Bytes>(std::move(recoded.bytes));
  DecodeOptions own = limits;
  own.max_bytes = SIZE_MAX;
  return {open(*bytes, bytes, own), {}};
}

std::shared_ptr<const PatchableJpeg> PatchableJpeg::open(ByteView bytes, std::shared_ptr<const void> owner,
                                                         const DecodeOptions& limits) {
  require_bytes_within(bytes.size(), limits);
  const std::shared_ptr<PatchableJpeg> jpeg(new PatchableJpeg(bytes, std::move(owner)));
  try {
    jpeg->read_header(limits);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_image) throw;
    refuse(error.what());
  }
  return jpeg;
}

void PatchableJpeg::read_header(const DecodeOptions& limits) {
  JpegReader reader(bytes_);
  const jpeg_decompress_struct& codec = reader.codec();
  require_metadata_within(reader.metadata(), limits);
  size_ = {static_cast<int>(codec.image_width), static_cast<int>(codec.image_height)};
  require_pixels_within(size_, limits);
  if (const std::string obstacle = recoding_obstacle(reader); !obstacle.empty()) refuse(obstacle);
  if (codec.num_components != 3 || codec.comps_in_scan != 3 || codec.progressive_mode || codec.arith_code)
    refuse("it has not one scan of three channels.");
  if (!has_standard_huffman_tables(codec)) refuse("its Huffman tables are not the standard ones.");
  for (std::size_t i = 0; i < 3; ++i) {
    const JQUANT_TBL* table = codec.quant_tbl_ptrs[codec.comp_info[i].quant_tbl_no & 3];
    if (table == nullptr) refuse("a quantisation table is missing.");
    tables_[i] = table_of(*table);
    if (std::find(tables_[i].begin(), tables_[i].end(), 0U) != tables_[i].end()) refuse("a quantisation step is 0.");
  }
  sampling_ = {codec.comp_info[0].h_samp_factor, codec.comp_info[0].v_samp_factor};
  restart_ = static_cast<int>(codec.restart_interval);
  const int mcus_in_row = divided_up(size_.width, DCTSIZE * sampling_[0]);
  if (restart_ < 1 || mcus_in_row % restart_ != 0) refuse("its restart interval does not divide its rows.");
  interval_ = {DCTSIZE * sampling_[0] * restart_, DCTSIZE * sampling_[1]};
  intervals_in_row_ = mcus_in_row / restart_;
  profile_ = reader.profile();
  if (!profile_.empty() && !ToSrgb::from(profile_, SampleLayout::rgb8)) profile_.clear();

  std::optional<RestartGrid> grid = find_restart_grid(bytes_);
  const auto count = static_cast<std::size_t>(intervals_in_row_) *
                     static_cast<std::size_t>(divided_up(size_.height, interval_.height));
  if (!grid || grid->intervals.size() != count) refuse("its restart markers are not where they should be.");
  grid_ = std::move(*grid);
}

ChromaSampling PatchableJpeg::chroma() const {
  return sampling_[0] == 1 && sampling_[1] == 1 ? ChromaSampling::yuv444 : ChromaSampling::yuv420;
}

bool PatchableJpeg::has_quality(int quality) const {
  if (quality < 1 || quality > 100) return false;
  const auto tables = standard_tables(quality);
  return tables_[0] == tables[0] && tables_[1] == tables[1] && tables_[2] == tables[1];
}

bool PatchableJpeg::is_at_least(int quality) const {
  const auto tables = standard_tables(quality);
  return sum_of(tables_[0]) <= sum_of(tables[0]) && sum_of(tables_[1]) <= sum_of(tables[1]) &&
         sum_of(tables_[2]) <= sum_of(tables[1]);
}

Image PatchableJpeg::decode() const {
  try {
    const DecodeOptions whole;
    return decode_jpeg(bytes_, probe_jpeg(bytes_, whole), whole);
  } catch (const Error& error) {
    refuse(error.what());
  }
}

Rect PatchableJpeg::intervals_of(Rect rect) const {
  const int x0 = std::max(rect.x, 0) / interval_.width;
  const int y0 = std::max(rect.y, 0) / interval_.height;
  const int x1 = divided_up(std::min(rect.x + rect.width, size_.width), interval_.width);
  const int y1 = divided_up(std::min(rect.y + rect.height, size_.height), interval_.height);
  return {x0, y0, x1 - x0, y1 - y0};
}

Rect PatchableJpeg::aligned(Rect rect) const {
  const Rect cells = intervals_of(rect);
  const int x = cells.x * interval_.width;
  const int y = cells.y * interval_.height;
  return {x, y, std::min(cells.width * interval_.width, size_.width - x),
          std::min(cells.height * interval_.height, size_.height - y)};
}

// The part as a file of its own: the tables, a smaller size, and the part's intervals with their markers counted anew.
Bytes PatchableJpeg::part_file(Rect rect) const {
  const Rect cells = intervals_of(rect);
  std::size_t size = grid_.tables.size() + 2;
  const auto at = [&](int column, int row) -> const RestartGrid::Interval& {
    return grid_.intervals[static_cast<std::size_t>(row) * static_cast<std::size_t>(intervals_in_row_) +
                           static_cast<std::size_t>(column)];
  };
  for (int row = cells.y; row < cells.y + cells.height; ++row)
    size += at(cells.x + cells.width - 1, row).end - at(cells.x, row).begin + 2;
  Bytes file;
  file.reserve(size);
  file = grid_.tables;
  put_u16(file.data() + grid_.frame_height_at, rect.height);
  put_u16(file.data() + grid_.frame_height_at + 2, rect.width);
  unsigned count = 0;
  for (int row = cells.y; row < cells.y + cells.height; ++row)
    for (int column = cells.x; column < cells.x + cells.width; ++column) {
      if (count > 0) file.insert(file.end(), {0xFF, static_cast<std::uint8_t>(0xD0 + (count - 1) % 8)});
      ++count;
      const RestartGrid::Interval& interval = at(column, row);
      file.insert(file.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(interval.begin),
                  bytes_.begin() + static_cast<std::ptrdiff_t>(interval.end));
    }
  file.insert(file.end(), {0xFF, 0xD9});
  return file;
}

JpegPatch PatchableJpeg::patch(Rect rect) const {
  JpegPatch patch;
  patch.rect = rect;
  try {
    patch.samples = read_samples(part_file(rect));
  } catch (const Error& error) {
    refuse(error.what());
  }
  patch.before = patch.samples;
  if (!profile_.empty()) {
    const auto to_srgb = ToSrgb::from(profile_, SampleLayout::rgb8);
    const MutableImageView out = patch.before.edit();
    for (int y = 0; to_srgb && y < rect.height; ++y) to_srgb->convert_row(out.row(y), out.row(y), rect.width);
  }
  patch.pixels = patch.before;
  return patch;
}

// What was painted, in the file's colours; what was not keeps its samples, which no way there and back could.
Image PatchableJpeg::encodable(const JpegPatch& patch) const {
  if (profile_.empty()) return patch.pixels;
  const auto from_srgb = FromSrgb::to(profile_);
  if (!from_srgb) refuse("its ICC profile cannot be written to.");
  Image result = patch.pixels;
  const MutableImageView out = result.edit();
  for (int y = 0; y < patch.rect.height; ++y) {
    from_srgb->convert_row(patch.pixels.row(y), out.row(y), patch.rect.width);
    for (std::ptrdiff_t i = 0; i < 3 * static_cast<std::ptrdiff_t>(patch.rect.width); i += 3)
      if (std::memcmp(patch.pixels.row(y) + i, patch.before.row(y) + i, 3) == 0)
        std::memcpy(out.row(y) + i, patch.samples.row(y) + i, 3);
  }
  return result;
}

Bytes PatchableJpeg::encode(ImageView pixels) const {
  JpegWriter writer;
  jpeg_compress_struct& codec = writer.codec();
  writer.run([&] {
    codec.image_width = static_cast<JDIMENSION>(pixels.width());
    codec.image_height = static_cast<JDIMENSION>(pixels.height());
    codec.input_components = 3;
    codec.in_color_space = JCS_RGB;
    jpeg_set_defaults(&codec);
    codec.write_JFIF_header = FALSE;
    codec.dct_method = JDCT_ISLOW;
    codec.restart_interval = static_cast<unsigned>(restart_);
    codec.comp_info[0].h_samp_factor = sampling_[0];
    codec.comp_info[0].v_samp_factor = sampling_[1];
    for (int i = 0; i < 3; ++i) {
      jpeg_add_quant_table(&codec, i, tables_[static_cast<std::size_t>(i)].data(), 100, FALSE);
      codec.comp_info[i].quant_tbl_no = i;
    }
    jpeg_start_compress(&codec, TRUE);
    while (codec.next_scanline < codec.image_height) {
      auto* row = const_cast<JSAMPROW>(pixels.row(static_cast<int>(codec.next_scanline)));
      jpeg_write_scanlines(&codec, &row, 1);
    }
    jpeg_finish_compress(&codec);
  });
  const ByteView written = writer.written();
  return {written.begin(), written.end()};
}

Bytes PatchableJpeg::with(const std::vector<JpegPatch>& patches) const {
  std::vector<Bytes> coded;  // kept while `parts` points into them
  std::vector<ByteView> parts(grid_.intervals.size());
  std::size_t size = bytes_.size();
  for (const JpegPatch& patch : patches) {
    coded.push_back(encode(encodable(patch)));
    const std::optional<RestartGrid> grid = find_restart_grid(coded.back());
    const Rect cells = intervals_of(patch.rect);
    for (int i = 0; grid && i < cells.width * cells.height; ++i) {
      const int column = cells.x + i % cells.width;
      const int row = cells.y + i / cells.width;
      if (same_pixels(patch, aligned({column * interval_.width, row * interval_.height, 1, 1}))) continue;
      const RestartGrid::Interval& part = grid->intervals.at(static_cast<std::size_t>(i));
      parts[static_cast<std::size_t>(row * intervals_in_row_ + column)] =
          ByteView(coded.back()).subspan(part.begin, part.end - part.begin);
      size += part.end - part.begin;
    }
  }
  Bytes file;
  file.reserve(size);
  std::size_t copied = 0;  // of our own bytes: runs of untouched intervals go over with their markers
  const auto copy_to = [&](std::size_t end) {
    file.insert(file.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(copied),
                bytes_.begin() + static_cast<std::ptrdiff_t>(end));
  };
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty()) continue;
    copy_to(grid_.intervals[i].begin);
    file.insert(file.end(), parts[i].begin(), parts[i].end());
    copied = grid_.intervals[i].end;
  }
  copy_to(bytes_.size());
  return file;
}

}  // namespace vitrine
