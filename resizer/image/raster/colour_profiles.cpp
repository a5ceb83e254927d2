#include "resizer/image/raster/colour_profiles.h"

#include <lcms2.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>

#include "resizer/image/raster/icc_cost.h"

namespace thumbline {
namespace {

constexpr std::size_t kept_profiles = 8;

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using Profile = std::unique_ptr<void, CloseProfile>;

cmsColorSpaceSignature space_of(Pixel pixel) {
  switch (pixel) {
    case Pixel::grey:
    case Pixel::grey_alpha: return cmsSigGrayData;
    case Pixel::cmyk: return cmsSigCmykData;
    default: return cmsSigRgbData;
  }
}

cmsUInt32Number layout_of(Pixel pixel) {
  switch (pixel) {
    case Pixel::grey: return TYPE_GRAY_8;
    case Pixel::grey_alpha: return TYPE_GRAYA_8;
    case Pixel::rgb: return TYPE_RGB_8;
    case Pixel::rgba: return TYPE_RGBA_8;
    case Pixel::cmyk: return TYPE_CMYK_8;
  }
  return 0;
}

Pixel converted(Pixel pixel) {
  return pixel == Pixel::cmyk ? Pixel::rgb : pixel;
}

/// The target profile: sRGB, or for grey only its curve (IEC 61966-2-1, as the parametric curve of ICC.1:2010, 10.16, function
/// type 3).
Profile target_for(cmsContext context, Pixel pixel) {
  if (space_of(pixel) != cmsSigGrayData) return Profile(cmsCreate_sRGBProfileTHR(context));
  constexpr std::array<cmsFloat64Number, 5> srgb{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  cmsToneCurve* curve = cmsBuildParametricToneCurve(context, 4, srgb.data());
  if (curve == nullptr) return nullptr;
  Profile profile(cmsCreateGrayProfileTHR(context, cmsD50_xyY(), curve));
  cmsFreeToneCurve(curve);
  return profile;
}

/// Whether a transform changes a grid of sample colours by at most one step of 255. Most profiles in use are variants of sRGB.
bool changes_nothing(cmsHTRANSFORM transform, Pixel pixel) {
  if (pixel == Pixel::cmyk) return false;
  constexpr int steps = 8;
  const int size = channels(pixel);
  std::vector<std::uint8_t> before;
  for (int i = 0; i < steps * steps * steps; ++i) {
    const std::array<int, 4> grid{i % steps, i / steps % steps, i / (steps * steps), steps - 1};
    for (int c = 0; c < size; ++c) before.push_back(static_cast<std::uint8_t>(grid.at(static_cast<std::size_t>(c)) * 255 / 7));
  }
  std::vector<std::uint8_t> after = before;
  cmsDoTransform(transform, before.data(), after.data(), steps * steps * steps);
  return std::ranges::equal(before, after, [](int a, int b) { return std::abs(a - b) <= 1; });
}

}  // namespace

void cmyk_to_rgb(const std::uint8_t* cmyk, std::uint8_t* rgb, int pixels) {
  for (int i = 0; i < pixels; ++i, cmyk += 4, rgb += 3) {
    const int light = 255 - cmyk[3];
    for (int c = 0; c < 3; ++c) rgb[c] = static_cast<std::uint8_t>(((255 - cmyk[c]) * light + 127) / 255);
  }
}

class ColourProfiles::Conversion {
 public:
  std::vector<std::byte> profile;
  Pixel pixel = Pixel::rgb;
  struct Delete {
    void operator()(void* made) const { cmsDeleteTransform(made); }
  };
  std::unique_ptr<void, Delete> transform;  ///< null: no conversion needed
};

ColourProfiles::ColourProfiles() : context_(cmsCreateContext(nullptr, nullptr)) {
  if (context_ == nullptr) throw std::bad_alloc();
}

ColourProfiles::~ColourProfiles() {
  recent_.clear();
  cmsDeleteContext(static_cast<cmsContext>(context_));
}

const ColourProfiles::Conversion* ColourProfiles::find(std::span<const std::byte> profile, Pixel pixel) {
  if (profile.empty()) return nullptr;
  const auto known = std::ranges::find_if(
      recent_, [&](const auto& one) { return one->pixel == pixel && std::ranges::equal(one->profile, profile); });
  if (known != recent_.end()) {
    std::rotate(known, known + 1, recent_.end());
  } else {
    if (recent_.size() == kept_profiles) recent_.erase(recent_.begin());
    recent_.push_back(make(profile, pixel));
  }
  return recent_.back()->transform == nullptr ? nullptr : recent_.back().get();
}

std::unique_ptr<ColourProfiles::Conversion> ColourProfiles::make(std::span<const std::byte> bytes, Pixel pixel) const {
  auto conversion = std::make_unique<Conversion>();
  conversion->profile.assign(bytes.begin(), bytes.end());
  conversion->pixel = pixel;
  if (!is_affordable(bytes)) return conversion;
  auto* context = static_cast<cmsContext>(context_);
  const Profile source(cmsOpenProfileFromMemTHR(context, bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
  if (source == nullptr || cmsGetColorSpace(source.get()) != space_of(pixel)) return conversion;
  const Profile target = target_for(context, pixel);
  if (target == nullptr) return conversion;
  conversion->transform.reset(cmsCreateTransformTHR(context, source.get(), layout_of(pixel), target.get(),
                                                    layout_of(converted(pixel)), INTENT_RELATIVE_COLORIMETRIC,
                                                    cmsFLAGS_BLACKPOINTCOMPENSATION | cmsFLAGS_COPY_ALPHA));
  if (conversion->transform != nullptr && changes_nothing(conversion->transform.get(), pixel)) conversion->transform.reset();
  return conversion;
}

void ColourProfiles::apply(const Conversion& conversion, Bitmap& picture) {
  Bitmap result(picture.width(), picture.height(), converted(picture.pixel()));
  cmsDoTransform(conversion.transform.get(), picture.row(0), result.row(0),
                 static_cast<cmsUInt32Number>(picture.pixel_count()));
  picture = std::move(result);
}

}  // namespace thumbline
