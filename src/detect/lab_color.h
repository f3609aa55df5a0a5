#pragma once

#include <opencv2/core.hpp>

namespace vitrine {

/// CIE L*a*b* (D65, 2 degrees) of sRGB pixels (8UC3), as 32FC4 with a zero in the last place: pixels of four floats are
/// quicker to read. Within 0.02 of the exact values.
cv::Mat lab_from_rgb(const cv::Mat& rgb);

}  // namespace vitrine
