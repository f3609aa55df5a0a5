#include "image/jpeg_tables.h"

#include <algorithm>
#include <cstring>

#include "image/jpeg_writer.h"

namespace vitrine {
namespace {

bool same(const JHUFF_TBL* a, const JHUFF_TBL* b) {
  if (a == nullptr || b == nullptr || std::memcmp(a->bits, b->bits, sizeof a->bits) != 0) return false;
  std::size_t count = 0;
  for (std::size_t length = 1; length <= 16; ++length) count += a->bits[length];
  return count <= sizeof a->huffval && std::memcmp(a->huffval, b->huffval, count) == 0;
}

// libjpeg's encoder starts out with the standard tables.
void set_colour_defaults(JpegWriter& writer) {
  writer.run([&] {
    writer.codec().in_color_space = JCS_YCbCr;
    writer.codec().input_components = 3;
    jpeg_set_defaults(&writer.codec());
  });
}

}  // namespace

QuantTable table_of(const JQUANT_TBL& table) {
  QuantTable result{};
  std::copy_n(table.quantval, result.size(), result.begin());
  return result;
}

std::array<QuantTable, 2> standard_tables(int quality) {
  JpegWriter writer;
  set_colour_defaults(writer);
  writer.run([&] { jpeg_set_quality(&writer.codec(), quality, TRUE); });
  return {table_of(*writer.codec().quant_tbl_ptrs[0]), table_of(*writer.codec().quant_tbl_ptrs[1])};
}

std::array<QuantTable, 2> colour_tables_of_gray(const QuantTable& luma) {
  for (int quality = 100; quality >= 1; --quality)
    if (const auto tables = standard_tables(quality); tables[0] == luma) return tables;
  return {luma, luma};
}

bool has_standard_huffman_tables(const jpeg_decompress_struct& codec) {
  JpegWriter writer;
  set_colour_defaults(writer);
  for (int i = 0; i < codec.num_components; ++i) {
    const int kind = i == 0 ? 0 : 1;
    const jpeg_component_info& part = codec.comp_info[i];
    if (part.dc_tbl_no != kind || part.ac_tbl_no != kind) return false;
  }
  for (int kind = 0; kind < 2; ++kind)
    if (!same(codec.dc_huff_tbl_ptrs[kind], writer.codec().dc_huff_tbl_ptrs[kind]) ||
        !same(codec.ac_huff_tbl_ptrs[kind], writer.codec().ac_huff_tbl_ptrs[kind]))
      return false;
  return true;
}

}  // namespace vitrine
