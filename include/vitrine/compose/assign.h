#pragma once

#include <cstddef>
#include <vector>

#include "vitrine/base/export.h"
#include "vitrine/image/geometry.h"
#include "vitrine/image/region.h"

namespace vitrine {

/// Which artwork goes where.
struct Assignment {
  std::size_t artwork = 0;  ///< Index into the sizes given.
  std::size_t region = 0;   ///< Index into the regions given.
  double mismatch = 0;      ///< How many times wider, or narrower, the one is than the other; 1 fits exactly.
  friend bool operator==(const Assignment&, const Assignment&) = default;
};

/// Hangs artworks on the surfaces of one scene so that ratios and orientations fit best over all: no other assignment of as
/// many has a smaller sum of squared logarithms of mismatch (Kuhn's Hungarian method; lying down counts against standing
/// up). Each artwork and each region is used at most once; runners-up (Region::alternative) never; if there are more of the
/// one than of the other, the worst fitting are left out. In order of regions; among equals, earlier artworks go to earlier
/// regions. Throws std::invalid_argument for a side that is not positive, a quad that require_usable() refuses, or more
/// than 256 artworks or regions.
VITRINE_EXPORT std::vector<Assignment> assign_artworks(const std::vector<Size>& artworks, const std::vector<Region>& regions,
                                                       Size scene);

}  // namespace vitrine
