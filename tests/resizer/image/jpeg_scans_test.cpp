#include "resizer/image/jpeg_scans.h"

#include "tests/catch.h"
#include "tests/resizer/image/drawn_picture.h"

using namespace thumbline;

TEST_CASE("scans are counted without decoding") {
  const Bitmap picture = drawn::draw(90, 70, Pixel::rgb);
  CHECK(count_scans(drawn::jpeg(picture)) == 1);
  CHECK(count_scans(drawn::jpeg(picture, {.restart_rows = 1})) == 1);
  CHECK(count_scans(drawn::jpeg(picture, {.one_scan_a_component = true})) == 3);
  CHECK(count_scans(drawn::jpeg(picture, {.progressive = true})) == 10);  // as jpeg_simple_progression() makes them
  CHECK(count_scans(drawn::jpeg(picture, {.progressive = true, .restart_rows = 1})) == 10);
}

TEST_CASE("what looks like a scan in a segment or behind the end is none") {
  drawn::JpegStyle style;
  style.exif = drawn::jpeg(drawn::draw(8, 8, Pixel::rgb));  // as cameras put a preview there
  drawn::Bytes file = drawn::jpeg(drawn::draw(90, 70, Pixel::rgb), style);
  file.insert(file.end(), style.exif.begin(), style.exif.end());
  CHECK(count_scans(file) == 1);
}

TEST_CASE("a JPEG cut anywhere has the scans that are there") {
  const drawn::Bytes file = drawn::jpeg(drawn::draw(40, 30, Pixel::rgb), {.progressive = true});
  int last = 0;
  for (std::size_t length = 0; length <= file.size(); ++length) {
    const drawn::Bytes cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length));  // a reader beyond is noticed
    const int scans = count_scans(cut);
    CHECK(scans >= last);
    last = scans;
  }
  CHECK(last == 10);
}
