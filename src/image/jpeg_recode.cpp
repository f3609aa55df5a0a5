#include "image/jpeg_recode.h"

#include <array>

#include "image/icc.h"
#include "image/jpeg_tables.h"
#include "image/jpeg_writer.h"
#include "image/restart_grid.h"

namespace vitrine {
namespace {

constexpr int kIccMarker = JPEG_APP0 + 2;

bool is_gray(const jpeg_decompress_struct& codec) { return codec.jpeg_color_space == JCS_GRAYSCALE; }

// Other files are rare, and not worth a path of their own.
bool has_usual_sampling(const jpeg_decompress_struct& codec) {
  const jpeg_component_info* part = codec.comp_info;
  for (int i = 1; i < codec.num_components; ++i)
    if (part[i].h_samp_factor != 1 || part[i].v_samp_factor != 1) return false;
  const int most = codec.num_components == 1 ? 1 : 2;
  return part[0].h_samp_factor <= most && part[0].v_samp_factor <= most;
}

// Two channels of nothing beside the grey one, of its size. They belong to `source`, as its own coefficients do.
using Coefficients = std::array<jvirt_barray_ptr, 3>;
void request_empty_chroma(jpeg_decompress_struct& source, Coefficients& coefficients) {
  const jpeg_component_info& gray = source.comp_info[0];
  for (std::size_t i = 1; i < 3; ++i)
    coefficients[i] = (*source.mem->request_virt_barray)(reinterpret_cast<j_common_ptr>(&source), JPOOL_IMAGE, TRUE,
                                                         gray.width_in_blocks, gray.height_in_blocks, 1);
}

void set_colour_of_gray(const jpeg_decompress_struct& source, const std::array<QuantTable, 2>& tables,
                        jpeg_compress_struct& target) {
  target.image_width = source.image_width;
  target.image_height = source.image_height;
  target.input_components = 3;
  target.in_color_space = JCS_YCbCr;
  jpeg_set_defaults(&target);
  target.comp_info[0].h_samp_factor = 1;
  target.comp_info[0].v_samp_factor = 1;
  for (int i = 0; i < 2; ++i) jpeg_add_quant_table(&target, i, tables[static_cast<std::size_t>(i)].data(), 100, FALSE);
}

void set_scan(jpeg_compress_struct& target) {
  target.optimize_coding = FALSE;
  target.arith_code = FALSE;
  const int mcu_width = DCTSIZE * target.comp_info[0].h_samp_factor;
  const int width = static_cast<int>(target.image_width);
  target.restart_interval = static_cast<unsigned>(restart_interval_for((width + mcu_width - 1) / mcu_width));
}

// MPF and the like, which point to pictures that are not copied, stay behind; the profile is written by itself.
void copy_metadata(const jpeg_decompress_struct& source, jpeg_compress_struct& target) {
  for (const jpeg_marker_struct* marker = source.marker_list; marker != nullptr; marker = marker->next)
    if (marker->marker != kIccMarker) jpeg_write_marker(&target, marker->marker, marker->data, marker->data_length);
}

}  // namespace

std::string recoding_obstacle(const JpegReader& reader) {
  const jpeg_decompress_struct& codec = const_cast<JpegReader&>(reader).codec();
  if (!is_gray(codec) && codec.jpeg_color_space != JCS_YCbCr) return "Its JPEG holds neither YCbCr nor grey.";
  if (!has_usual_sampling(codec)) return "Its JPEG samples its channels in an unusual way.";
  if (reader.orientation() != 1) return "Its EXIF orientation turns it.";
  const Bytes profile = reader.profile();
  if (profile.empty()) return {};
  if (is_gray(codec))
    return ToSrgb::from(profile, SampleLayout::gray8) ? "Its grey ICC profile has no colour to put artwork in." : "";
  if (ToSrgb::from(profile, SampleLayout::rgb8) && !FromSrgb::to(profile))
    return "Its ICC profile cannot be written to.";
  return {};
}

RecodedJpeg recode_with_restart_grid(JpegReader& reader) {
  if (std::string obstacle = recoding_obstacle(reader); !obstacle.empty()) return {{}, std::move(obstacle)};
  jpeg_decompress_struct& source = reader.codec();
  const bool gray = is_gray(source);
  const Bytes own_profile = reader.profile();
  const Bytes profile = gray || own_profile.empty() ? srgb_profile(PixelFormat::rgb8) : own_profile;
  Coefficients coefficients{};
  jvirt_barray_ptr* read = nullptr;
  reader.run([&] {
    if (gray) request_empty_chroma(source, coefficients);
    read = jpeg_read_coefficients(&source);
  });
  std::array<QuantTable, 2> gray_tables{};
  if (gray) {
    coefficients[0] = read[0];
    gray_tables = colour_tables_of_gray(table_of(*source.comp_info[0].quant_table));
  }
  JpegWriter writer;
  jpeg_compress_struct& target = writer.codec();
  const std::string trouble = writer.attempt([&] {
    if (gray)
      set_colour_of_gray(source, gray_tables, target);
    else
      jpeg_copy_critical_parameters(&source, &target);
    set_scan(target);
    jpeg_write_coefficients(&target, gray ? coefficients.data() : read);
    copy_metadata(source, target);
    jpeg_write_icc_profile(&target, profile.data(), static_cast<unsigned>(profile.size()));
    jpeg_finish_compress(&target);
  });
  if (!trouble.empty()) return {{}, "Its JPEG cannot be recoded (" + trouble + ")."};
  const ByteView written = writer.written();
  return {{written.begin(), written.end()}, {}};
}

}  // namespace vitrine
