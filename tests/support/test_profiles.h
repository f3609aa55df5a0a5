#pragma once

#include "vitrine/base/bytes.h"

// ICC profiles made with lcms2.
namespace vitrine {

/// sRGB with its red and blue primaries exchanged: its (r, g, b) is sRGB's (b, g, r).
Bytes swapped_profile();

/// Display P3: DCI-P3 primaries, D65, the sRGB curve.
Bytes display_p3_profile();

/// sRGB's primaries with linear samples.
Bytes linear_rgb_profile();

/// Grey with linear samples.
Bytes linear_gray_profile();

/// sRGB as lcms makes it, in version 2 of the format, so that its bytes differ from those we write.
Bytes other_srgb_profile();

/// Inks of which only black prints: lightness 100 minus its per cent.
Bytes black_only_cmyk_profile();

}  // namespace vitrine
