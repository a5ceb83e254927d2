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

TEST_CASE("a text that begins as a picture does is none, nor is a film") {
  CHECK_FALSE(kind_of("BMW is a maker of cars, and this is a text about it.\n"sv).has_value());
  CHECK_FALSE(kind_of("BM"sv).has_value());
  CHECK_FALSE(kind_of("GIF89a is what this format is called in texts"sv).has_value());
  CHECK_FALSE(kind_of("\xff\x0a an old text, of which this is the second line"sv).has_value());
  CHECK_FALSE(kind_of("Who is WEBP, and what are its pictures?"sv).has_value());
  CHECK_FALSE(kind_of("\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"sv).has_value());
  CHECK_FALSE(kind_of("\0\0\1\0\x12\x4f\xff\xff\xf8\x8a\0\0\1\1\x11\x13\xb4\xa1\0\0\0\0\0\0"sv).has_value());  // MPEG
}

TEST_CASE("bitmaps and icons are known by more than their first bytes") {
  CHECK(kind_of("BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\1\0\0\0\1\0\0\0"sv) == ImageKind::bmp);
  CHECK(kind_of("BM\x1e\0\0\0\0\0\0\0\x1a\0\0\0\x0c\0\0\0\1\0\1\0\1\0\x18\0"sv) == ImageKind::bmp);
  CHECK(kind_of("\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0\x68\4\0\0\x16\0\0\0\x28\0"sv) == ImageKind::ico);
  CHECK(kind_of("\xff\x0a\xfa\x7f\x01\x90\x08\x06\x01\0\0\0\0\0\0\0"sv) == ImageKind::jxl);
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
