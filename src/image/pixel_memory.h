#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace vitrine {

/// Zeroed memory for the pixels of an image, or for rows on their way to one. Large ones lie on large pages, where the
/// system has them: touching 48 MiB page by page takes as long as decoding a JPEG into them. Throws std::bad_alloc.
std::shared_ptr<std::uint8_t> pixel_memory(std::size_t bytes);

}  // namespace vitrine
