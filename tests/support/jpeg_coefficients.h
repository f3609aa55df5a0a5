#pragma once

#include <cstring>
#include <vector>

#include "image/jpeg_reader.h"

namespace vitrine {

/// The quantised DCT coefficients of one channel.
struct Coefficients {
  int columns = 0;  ///< Blocks in a row.
  int rows = 0;
  std::vector<short> values;  ///< 64 a block.
  friend bool operator==(const Coefficients&, const Coefficients&) = default;

  bool same_block(const Coefficients& other, int column, int row) const {
    const std::size_t at = 64 * (static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column));
    return std::memcmp(values.data() + at, other.values.data() + at, 64 * sizeof(short)) == 0;
  }
};

/// Those of every channel of a JPEG.
inline std::vector<Coefficients> coefficients_of(ByteView jpeg) {
  JpegReader reader(jpeg);
  jpeg_decompress_struct& codec = reader.codec();
  jvirt_barray_ptr* arrays = nullptr;
  reader.run([&] { arrays = jpeg_read_coefficients(&codec); });
  std::vector<Coefficients> channels;
  for (int i = 0; i < codec.num_components; ++i) {
    const jpeg_component_info& part = codec.comp_info[i];
    Coefficients channel{static_cast<int>(part.width_in_blocks), static_cast<int>(part.height_in_blocks), {}};
    for (JDIMENSION row = 0; row < part.height_in_blocks; ++row) {
      JBLOCKARRAY blocks = nullptr;
      reader.run([&] {
        blocks = (*codec.mem->access_virt_barray)(reinterpret_cast<j_common_ptr>(&codec), arrays[i], row, 1, FALSE);
      });
      channel.values.insert(channel.values.end(), &blocks[0][0][0], &blocks[0][0][0] + 64 * static_cast<std::size_t>(part.width_in_blocks));
    }
    channels.push_back(std::move(channel));
  }
  return channels;
}

}  // namespace vitrine
