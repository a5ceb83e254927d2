#include "common/base/image_kind.h"

#include <string>
#include <string_view>

#include "tests/catch.h"

using namespace thumbline;
using namespace std::string_view_literals;

namespace {
auto kind_of(std::string_view text) {
  return image_kind(std::as_bytes(std::span(text)));
}
}  // namespace

TEST_CASE("pictures are known by their first bytes") {
  CHECK(kind_of("\xff\xd8\xff\xe0\0\x10JFIF"sv) == ImageKind::jpeg);
  CHECK(kind_of("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"sv) == ImageKind::png);
  CHECK(kind_of("GIF89a\1\0\1\0"sv) == ImageKind::gif);
  CHECK(kind_of("RIFF\x24\0\0\0WEBPVP8 "sv) == ImageKind::webp);
  CHECK(kind_of("\0\0\0\x20"
                "ftypavif\0\0\0\0"sv) == ImageKind::avif);
}

TEST_CASE("pages, texts and stumps are no pictures") {
  CHECK_FALSE(kind_of("<!DOCTYPE html>"sv).has_value());
  CHECK_FALSE(kind_of(""sv).has_value());
  CHECK_FALSE(kind_of("\xff\xd8"sv).has_value());
  CHECK_FALSE(kind_of("\x89PNG\r\n"sv).has_value());
  CHECK_FALSE(kind_of("RIFF\x24\0\0\0WAVEfmt "sv).has_value());
}

TEST_CASE("what careless scripts send before a picture does not hide it") {
  CHECK(kind_of("\r\n\xff\xd8\xff\xe0\0\x10JFIF"sv) == ImageKind::jpeg);
  CHECK(kind_of("\xef\xbb\xbf\n\x89PNG\r\n\x1a\n\0\0\0\rIHDR"sv) == ImageKind::png);
  CHECK_FALSE(kind_of("\nBM is no picture here"sv).has_value());
  CHECK_FALSE(kind_of("\n \t\xef\xbb\xbf"sv).has_value());
}

TEST_CASE("a picture's kind does not depend on how much of it is here") {
  const std::string blanks(image_kind_bytes - 4, ' ');
  const std::string picture = blanks + "\x89PNG\r\n\x1a\n and so on";
  CHECK(kind_of(picture) == kind_of(std::string_view(picture).substr(0, image_kind_bytes)));
}

TEST_CASE("extensions are read in either case and written in one") {
  CHECK(kind_of_extension("JPEG") == ImageKind::jpeg);
  CHECK(kind_of_extension("Png") == ImageKind::png);
  CHECK_FALSE(kind_of_extension("txt").has_value());
  CHECK_FALSE(kind_of_extension("").has_value());
  CHECK(extension(ImageKind::jpeg) == "jpg");
}
