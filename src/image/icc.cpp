#include "image/icc.h"

#include <lcms2.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "image/matrix_profile.h"
#include "vitrine/base/log.h"

namespace vitrine {
namespace {

// lcms objects belong to a context of their own: its default one is global state of the process.
class LcmsContext {
 public:
  LcmsContext() : context_(cmsCreateContext(nullptr, nullptr)) {
    if (context_ == nullptr) throw std::bad_alloc();
    cmsSetLogErrorHandlerTHR(context_, [](cmsContext, cmsUInt32Number, const char*) {});
  }
  ~LcmsContext() { cmsDeleteContext(context_); }
  LcmsContext(const LcmsContext&) = delete;
  LcmsContext& operator=(const LcmsContext&) = delete;
  cmsContext get() const { return context_; }

 private:
  cmsContext context_;
};

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
struct DeleteTransform {
  void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
using Profile = std::unique_ptr<void, CloseProfile>;
using Transform = std::unique_ptr<void, DeleteTransform>;

bool is_wide(SampleLayout layout) { return layout >= SampleLayout::gray16; }
bool is_gray(SampleLayout layout) { return layout == SampleLayout::gray8 || layout == SampleLayout::gray16; }
bool is_rgba(SampleLayout layout) { return layout == SampleLayout::rgba8 || layout == SampleLayout::rgba16; }

cmsUInt32Number lcms_type(SampleLayout layout) {
  switch (layout) {
    case SampleLayout::gray8:
      return TYPE_GRAY_8;
    case SampleLayout::rgb8:
      return TYPE_RGB_8;
    case SampleLayout::rgba8:
      return TYPE_RGBA_8;
    case SampleLayout::cmyk8:
      return TYPE_CMYK_8;
    case SampleLayout::gray16:
      return TYPE_GRAY_16;
    case SampleLayout::rgb16:
      return TYPE_RGB_16;
    case SampleLayout::rgba16:
      return TYPE_RGBA_16;
  }
  return TYPE_RGB_8;
}

struct Conversion {
  cmsUInt32Number from;
  cmsUInt32Number to;
  cmsUInt32Number flags = 0;
};

Transform make_transform(const LcmsContext& context, const Profile& profile, const Conversion& conversion) {
  const Profile srgb(cmsCreate_sRGBProfileTHR(context.get()));
  // What print shops and Photoshop take by default; matrix profiles come out the same with any intent.
  return Transform(cmsCreateTransformTHR(context.get(), profile.get(), conversion.from, srgb.get(), conversion.to,
                                         INTENT_RELATIVE_COLORIMETRIC,
                                         conversion.flags | cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_COPY_ALPHA));
}

bool within_one_level(const std::uint8_t* a, const std::uint8_t* b, std::size_t count) {
  return std::equal(a, a + count, b, [](std::uint8_t x, std::uint8_t y) { return std::abs(x - y) <= 1; });
}

// Profiles of sRGB differ in their bytes; what they do does not. Tried on a grid of 9 x 9 x 9 colours.
bool is_identity_on_rgb(const Transform& rgb8_to_rgb8) {
  constexpr unsigned kSteps = 9;
  std::array<std::uint8_t, std::size_t{kSteps} * kSteps * kSteps * 3> in{};
  std::array<std::uint8_t, in.size()> out{};
  for (unsigned i = 0; i < in.size() / 3; ++i) {
    in[3 * i] = static_cast<std::uint8_t>(i / (kSteps * kSteps) * 255 / (kSteps - 1));
    in[3 * i + 1] = static_cast<std::uint8_t>(i / kSteps % kSteps * 255 / (kSteps - 1));
    in[3 * i + 2] = static_cast<std::uint8_t>(i % kSteps * 255 / (kSteps - 1));
  }
  cmsDoTransform(rgb8_to_rgb8.get(), in.data(), out.data(), static_cast<cmsUInt32Number>(in.size() / 3));
  return within_one_level(in.data(), out.data(), in.size());
}

// The sRGB grey of each of 256 or 65536 grey samples; empty if lcms cannot tell.
std::vector<std::uint8_t> gray_table(const LcmsContext& context, const Profile& profile, std::size_t size) {
  const bool rgb_profile = cmsGetColorSpace(profile.get()) == cmsSigRgbData;
  // Not optimised: lcms would put 33 points with lines between them in place of the curve.
  const Transform transform = make_transform(
      context, profile,
      {lcms_type(rgb_profile ? SampleLayout::rgb16 : SampleLayout::gray16), TYPE_RGB_8, cmsFLAGS_NOOPTIMIZE});
  std::vector<std::uint8_t> table;
  if (!transform) return table;
  table.resize(size);
  for (std::size_t i = 0; i < size; ++i) {
    const auto sample = static_cast<std::uint16_t>(i * 65535 / (size - 1));
    const std::array<std::uint16_t, 3> in{sample, sample, sample};
    std::array<std::uint8_t, 3> out{};
    cmsDoTransform(transform.get(), in.data(), out.data(), 1);
    table[i] = out[1];
  }
  return table;
}

bool is_identity(const std::vector<std::uint8_t>& table) {
  const std::size_t step = table.size() / 256;
  for (std::size_t i = 0; i < 256; ++i)
    if (std::abs(static_cast<int>(table[i * step]) - static_cast<int>(i)) > 1) return false;
  return true;
}

// The colour space that the profile's header names (ICC.1:2022, section 7.2.8). lcms hands it out as an enumeration, and
// that of a forged profile is none of its values.
std::uint32_t color_space_of(ByteView profile) {
  constexpr std::size_t kOffset = 16;
  if (profile.size() < kOffset + 4) return 0;
  std::uint32_t space = 0;
  for (std::size_t i = kOffset; i < kOffset + 4; ++i) space = (space << 8U) | profile[i];
  return space;
}

bool fits(std::uint32_t space, SampleLayout layout) {
  if (layout == SampleLayout::cmyk8) return space == cmsSigCmykData;
  return space == cmsSigRgbData || space == cmsSigGrayData;
}

template <typename Sample>
Sample sample_at(const std::uint8_t* row, std::size_t index) {
  Sample sample;
  std::copy_n(row + index * sizeof(Sample), sizeof(Sample), reinterpret_cast<std::uint8_t*>(&sample));
  return sample;
}

template <typename Sample>
void map_row(const std::vector<std::uint8_t>& table, int channels, const std::uint8_t* in, std::uint8_t* out,
             int width) {
  const auto count = static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
  for (std::size_t i = 0; i < count; ++i) {
    const Sample sample = sample_at<Sample>(in, i);
    const bool alpha = channels == 4 && i % 4 == 3;
    if (!alpha)
      out[i] = table[sample];
    else
      out[i] =
          sizeof(Sample) == 1 ? static_cast<std::uint8_t>(sample) : static_cast<std::uint8_t>((sample + 128U) / 257U);
  }
}

}  // namespace

struct ToSrgb::State {
  LcmsContext context;  // outlives the transform
  Transform transform;
  std::vector<std::uint8_t> table;     // instead of the transform, for grey
  std::optional<MatrixToSrgb> matrix;  // instead of the transform, for 16-bit colour of the simple kind
  SampleLayout layout = SampleLayout::rgb8;
};

ToSrgb::ToSrgb(std::unique_ptr<State> state) : state_(std::move(state)) {}
ToSrgb::ToSrgb(ToSrgb&&) noexcept = default;
ToSrgb& ToSrgb::operator=(ToSrgb&&) noexcept = default;
ToSrgb::~ToSrgb() = default;

std::optional<ToSrgb> ToSrgb::from(ByteView bytes, SampleLayout layout) {
  const auto ignore = [](const char* why) {
    log(LogLevel::warning, "image", std::string("The ICC profile ") + why + " and was ignored: colours may be off.");
    return std::nullopt;
  };
  // Files that we wrote are the commonest case, and trying a profile out costs milliseconds.
  const Bytes own = srgb_profile(is_gray(layout) ? PixelFormat::gray8 : PixelFormat::rgb8);
  if (std::equal(bytes.begin(), bytes.end(), own.begin(), own.end())) return std::nullopt;
  auto state = std::make_unique<State>();
  state->layout = layout;
  const Profile profile(
      cmsOpenProfileFromMemTHR(state->context.get(), bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
  if (!profile) return ignore("is damaged");
  const std::uint32_t space = color_space_of(bytes);
  if (!fits(space, layout)) return ignore("is for another kind of image");

  if (is_gray(layout) || space == cmsSigGrayData) {
    state->table = gray_table(state->context, profile, is_wide(layout) ? 65536 : 256);
    if (state->table.empty()) return ignore("is damaged");
    if (is_identity(state->table)) return std::nullopt;
    return ToSrgb(std::move(state));
  }
  if (space == cmsSigRgbData) {
    const Transform trial = make_transform(state->context, profile, {TYPE_RGB_8, TYPE_RGB_8});
    if (!trial) return ignore("is damaged");
    if (is_identity_on_rgb(trial)) return std::nullopt;
    const Profile srgb(cmsCreate_sRGBProfileTHR(state->context.get()));
    if (is_wide(layout)) state->matrix = MatrixToSrgb::from(profile.get(), srgb.get());
    if (state->matrix) return ToSrgb(std::move(state));
  }
  state->transform =
      make_transform(state->context, profile,
                     {lcms_type(layout), lcms_type(is_rgba(layout) ? SampleLayout::rgba8 : SampleLayout::rgb8)});
  if (!state->transform) return ignore("is damaged");
  return ToSrgb(std::move(state));
}

void ToSrgb::convert_row(const std::uint8_t* in, std::uint8_t* out, int width) const {
  if (state_->transform) {
    cmsDoTransform(state_->transform.get(), in, out, static_cast<cmsUInt32Number>(width));
    return;
  }
  const int channels = is_gray(state_->layout) ? 1 : is_rgba(state_->layout) ? 4 : 3;
  if (state_->matrix)
    state_->matrix->convert_row(in, out, width, channels);
  else if (is_wide(state_->layout))
    map_row<std::uint16_t>(state_->table, channels, in, out, width);
  else
    map_row<std::uint8_t>(state_->table, channels, in, out, width);
}

struct FromSrgb::State {
  LcmsContext context;  // outlives the transform
  Transform transform;
};

FromSrgb::FromSrgb(std::unique_ptr<State> state) : state_(std::move(state)) {}
FromSrgb::FromSrgb(FromSrgb&&) noexcept = default;
FromSrgb& FromSrgb::operator=(FromSrgb&&) noexcept = default;
FromSrgb::~FromSrgb() = default;

std::optional<FromSrgb> FromSrgb::to(ByteView bytes) {
  auto state = std::make_unique<State>();
  const cmsContext context = state->context.get();
  const Profile profile(cmsOpenProfileFromMemTHR(context, bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
  if (!profile || color_space_of(bytes) != cmsSigRgbData) return std::nullopt;
  const Profile srgb(cmsCreate_sRGBProfileTHR(context));
  state->transform.reset(cmsCreateTransformTHR(context, srgb.get(), TYPE_RGB_8, profile.get(), TYPE_RGB_8,
                                               INTENT_RELATIVE_COLORIMETRIC, cmsFLAGS_BLACKPOINTCOMPENSATION));
  if (!state->transform) return std::nullopt;
  return FromSrgb(std::move(state));
}

void FromSrgb::convert_row(const std::uint8_t* in, std::uint8_t* out, int width) const {
  cmsDoTransform(state_->transform.get(), in, out, static_cast<cmsUInt32Number>(width));
}

Bytes srgb_profile(PixelFormat format) {
  const LcmsContext context;
  Profile profile;
  if (format == PixelFormat::gray8) {
    // IEC 61966-2-1 as lcms's parametric curve of type 4.
    const std::array<cmsFloat64Number, 5> srgb{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    cmsToneCurve* curve = cmsBuildParametricToneCurve(context.get(), 4, srgb.data());
    if (curve == nullptr) throw std::bad_alloc();
    profile.reset(cmsCreateGrayProfileTHR(context.get(), cmsD50_xyY(), curve));
    cmsFreeToneCurve(curve);
  } else {
    profile.reset(cmsCreate_sRGBProfileTHR(context.get()));
  }
  cmsUInt32Number size = 0;
  if (!profile || !cmsSaveProfileToMem(profile.get(), nullptr, &size)) throw std::bad_alloc();
  Bytes bytes(size);
  if (!cmsSaveProfileToMem(profile.get(), bytes.data(), &size)) throw std::bad_alloc();
  // The header's creation date: a fixed one, so that the same image gives the same bytes tomorrow.
  constexpr std::array<std::uint8_t, 12> kDate{0x07, 0xE8, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0};  // 2024-01-01
  std::copy(kDate.begin(), kDate.end(), bytes.begin() + 24);
  return bytes;
}

}  // namespace vitrine
