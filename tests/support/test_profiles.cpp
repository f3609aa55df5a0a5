#include "support/test_profiles.h"

#include <lcms2.h>

#include <array>
#include <stdexcept>

namespace vitrine {
namespace {

constexpr cmsCIExyY kD65{0.3127, 0.3290, 1};
constexpr cmsCIExyY kRed{0.64, 0.33, 1};
constexpr cmsCIExyY kGreen{0.30, 0.60, 1};
constexpr cmsCIExyY kBlue{0.15, 0.06, 1};

cmsToneCurve* srgb_curve() {
  const std::array<cmsFloat64Number, 5> parameters{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  return cmsBuildParametricToneCurve(nullptr, 4, parameters.data());
}

Bytes saved(cmsHPROFILE profile) {
  cmsUInt32Number size = 0;
  if (profile == nullptr || !cmsSaveProfileToMem(profile, nullptr, &size))
    throw std::logic_error("lcms made no profile");
  Bytes bytes(size);
  if (!cmsSaveProfileToMem(profile, bytes.data(), &size)) throw std::logic_error("lcms saved no profile");
  cmsCloseProfile(profile);
  return bytes;
}

Bytes rgb_profile(const cmsCIExyYTRIPLE& primaries, cmsToneCurve* curve) {
  const std::array<cmsToneCurve*, 3> curves{curve, curve, curve};
  cmsHPROFILE profile = cmsCreateRGBProfile(&kD65, &primaries, curves.data());
  cmsFreeToneCurve(curve);
  return saved(profile);
}

cmsInt32Number lab_of_black(const cmsUInt16Number cmyk[], cmsUInt16Number lab[], void*) {
  const cmsCIELab colour{100.0 * (1 - cmyk[3] / 65535.0), 0, 0};
  cmsFloat2LabEncodedV2(lab, &colour);
  return TRUE;
}

}  // namespace

Bytes swapped_profile() { return rgb_profile({kBlue, kGreen, kRed}, srgb_curve()); }

Bytes display_p3_profile() {
  return rgb_profile({{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}}, srgb_curve());
}

Bytes linear_rgb_profile() { return rgb_profile({kRed, kGreen, kBlue}, cmsBuildGamma(nullptr, 1.0)); }

Bytes linear_gray_profile() {
  cmsToneCurve* curve = cmsBuildGamma(nullptr, 1.0);
  cmsHPROFILE profile = cmsCreateGrayProfile(cmsD50_xyY(), curve);
  cmsFreeToneCurve(curve);
  return saved(profile);
}

Bytes other_srgb_profile() {
  cmsHPROFILE profile = cmsCreate_sRGBProfile();
  cmsSetProfileVersion(profile, 2.1);
  return saved(profile);
}

Bytes black_only_cmyk_profile() {
  cmsHPROFILE profile = cmsCreateProfilePlaceholder(nullptr);
  cmsSetProfileVersion(profile, 2.1);
  cmsSetDeviceClass(profile, cmsSigOutputClass);
  cmsSetColorSpace(profile, cmsSigCmykData);
  cmsSetPCS(profile, cmsSigLabData);
  cmsPipeline* pipeline = cmsPipelineAlloc(nullptr, 4, 3);
  cmsStage* table = cmsStageAllocCLut16bit(nullptr, 5, 4, 3, nullptr);
  cmsStageSampleCLut16bit(table, lab_of_black, nullptr, 0);
  cmsPipelineInsertStage(pipeline, cmsAT_BEGIN, table);
  cmsWriteTag(profile, cmsSigAToB0Tag, pipeline);
  cmsWriteTag(profile, cmsSigAToB1Tag, pipeline);
  cmsPipelineFree(pipeline);
  return saved(profile);
}

}  // namespace vitrine
