#pragma once

#include <cstdio>

// libjpeg's header needs FILE before it.
#include <jpeglib.h>

#include <array>

namespace vitrine {

/// A quantisation table in natural order, as jpeg_add_quant_table() takes it.
using QuantTable = std::array<unsigned, DCTSIZE2>;

QuantTable table_of(const JQUANT_TBL& table);

/// Luma's and chroma's, as `quality` (1 to 100) gives them.
std::array<QuantTable, 2> standard_tables(int quality);

/// The tables of a colour picture whose luma has `luma`: those of one quality where it is one's, else `luma` twice.
std::array<QuantTable, 2> colour_tables_of_gray(const QuantTable& luma);

/// True if the file that `codec` has the header of uses the Huffman tables of ITU-T T.81, annex K.3, one pair for luma
/// and one for chroma.
bool has_standard_huffman_tables(const jpeg_decompress_struct& codec);

}  // namespace vitrine
