#include <lcms2.h>

#include <array>
#include <memory>

#include "tests/fuzz/seeds.h"
#include "tests/resizer/image/drawn_picture.h"

namespace thumbline::fuzz {
namespace {

using drawn::Bytes;

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using Profile = std::unique_ptr<void, CloseProfile>;

using Curve = std::unique_ptr<cmsToneCurve, decltype(&cmsFreeToneCurve)>;

Curve gamma_curve(double gamma) {
  return {cmsBuildGamma(nullptr, gamma), cmsFreeToneCurve};
}

/// A curve of points, as scanners' and printers' profiles have it.
Curve table_curve() {
  constexpr std::array<cmsUInt16Number, 6> points{0, 3000, 12'000, 30'000, 50'000, 65'535};
  return {cmsBuildTabulatedToneCurve16(nullptr, points.size(), points.data()), cmsFreeToneCurve};
}

Bytes saved(const Profile& profile) {
  cmsUInt32Number length = 0;
  cmsSaveProfileToMem(profile.get(), nullptr, &length);
  Bytes bytes(length);
  cmsSaveProfileToMem(profile.get(), bytes.data(), &length);
  return bytes;
}

/// As Adobe RGB (1998), 4.3.1.1.
Profile wide_rgb(const Curve& curve) {
  const cmsCIExyY white{0.3127, 0.3290, 1};
  const cmsCIExyYTRIPLE primaries{{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
  const std::array<cmsToneCurve*, 3> curves{curve.get(), curve.get(), curve.get()};
  return Profile(cmsCreateRGBProfile(&white, &primaries, curves.data()));
}

/// A printer's: colours by a table with `inputs` dimensions.
Profile by_table(cmsColorSpaceSignature space, cmsUInt32Number inputs, double version) {
  Profile profile(cmsCreateProfilePlaceholder(nullptr));
  cmsSetProfileVersion(profile.get(), version);
  cmsSetDeviceClass(profile.get(), cmsSigOutputClass);
  cmsSetColorSpace(profile.get(), space);
  cmsSetPCS(profile.get(), cmsSigLabData);
  cmsPipeline* pipeline = cmsPipelineAlloc(nullptr, inputs, 3);
  cmsStage* table = cmsStageAllocCLut16bit(nullptr, 3, inputs, 3, nullptr);
  const auto sample = [](const cmsUInt16Number from[], cmsUInt16Number lab[], void*) -> cmsInt32Number {
    for (int i = 0; i < 3; ++i) lab[i] = static_cast<cmsUInt16Number>(0xFFFF - from[i]);
    return TRUE;
  };
  cmsStageSampleCLut16bit(table, sample, nullptr, 0);
  cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(nullptr, inputs, nullptr));
  cmsPipelineInsertStage(pipeline, cmsAT_END, table);
  cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(nullptr, 3, nullptr));
  cmsWriteTag(profile.get(), cmsSigAToB0Tag, pipeline);
  cmsWriteTag(profile.get(), cmsSigAToB1Tag, pipeline);
  cmsPipelineFree(pipeline);
  return profile;
}

/// Colours by processing elements of floats (ICC.1:2010, 10.14): curves, a matrix, a table.
Profile by_elements() {
  Profile profile(cmsCreateProfilePlaceholder(nullptr));
  cmsSetProfileVersion(profile.get(), 4.3);
  cmsSetDeviceClass(profile.get(), cmsSigDisplayClass);
  cmsSetColorSpace(profile.get(), cmsSigRgbData);
  cmsSetPCS(profile.get(), cmsSigXYZData);
  cmsCurveSegment segment{-1, 1, 6, {1.5, 1, 0, 0}, 0, nullptr};
  const Curve curve(cmsBuildSegmentedToneCurve(nullptr, 1, &segment), cmsFreeToneCurve);
  const std::array<cmsToneCurve*, 3> curves{curve.get(), curve.get(), curve.get()};
  constexpr std::array<cmsFloat64Number, 9> matrix{0.4, 0.3, 0.2, 0.2, 0.7, 0.1, 0, 0.1, 0.7};
  const std::vector<cmsFloat32Number> points(24, 0.5F);
  cmsPipeline* pipeline = cmsPipelineAlloc(nullptr, 3, 3);
  cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(nullptr, 3, curves.data()));
  cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocMatrix(nullptr, 3, 3, matrix.data(), nullptr));
  cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocCLutFloat(nullptr, 2, 3, 3, points.data()));
  cmsWriteTag(profile.get(), cmsSigDToB0Tag, pipeline);
  cmsWriteTag(profile.get(), cmsSigDToB1Tag, pipeline);
  cmsPipelineFree(pipeline);
  return profile;
}

}  // namespace

void add_profiles(Seeds& seeds) {
  const auto add = [&](int pixel, const Profile& profile) {
    seeds.add("icc", {pixel}, saved(profile));
    seeds.add("icc_cost", {0, 4}, saved(profile));
  };
  add(2, Profile(cmsCreate_sRGBProfile()));
  add(2, wide_rgb(gamma_curve(563.0 / 256)));
  add(3, wide_rgb(table_curve()));
  const Curve gamma = gamma_curve(1.8);
  const Curve table = table_curve();
  add(0, Profile(cmsCreateGrayProfile(cmsD50_xyY(), gamma.get())));
  add(1, Profile(cmsCreateGrayProfile(cmsD50_xyY(), table.get())));
  for (const double version : {2.1, 4.2}) {
    add(3, by_table(cmsSigRgbData, 3, version));
    add(4, by_table(cmsSigCmykData, 4, version));
    add(0, by_table(cmsSigGrayData, 1, version));
  }
  add(2, by_elements());
  // The same within a picture.
  const Bytes wide = saved(wide_rgb(gamma));
  const Bytes inks = saved(by_table(cmsSigCmykData, 4, 2.1));
  seeds.add("jpeg", {90, 90, 0, 84, 7, 3, 31, 0, 1, 0, 9, 2, 1, 0, 3, 3, 40, 4, 7, 200},
            drawn::jpeg(drawn::draw(20, 20, Pixel::rgb), {.profile = wide}));
  seeds.add("jpeg", {90, 90, 0, 84, 7, 3, 31, 0, 1, 0, 9, 2, 1, 0, 3, 3, 40, 4, 7, 200},
            drawn::jpeg(drawn::draw(20, 20, Pixel::cmyk), {.inks = drawn::Inks::adobe_cmyk, .profile = inks}));
  drawn::PngStyle style;
  style.profile = wide;
  const std::vector<int> samples(std::size_t{16} * 16 * 3, 99);
  seeds.add("png", {90, 90, 0, 84, 7, 2}, drawn::png(16, 16, style, samples));
}

}  // namespace thumbline::fuzz
