#include "common/base/image_kind.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

#include "tests/catch.h"

using namespace thumbline;
using namespace std::string_view_literals;

namespace {
auto kind_of(std::string_view text) {
  return image_kind(std::as_bytes(std::span(text)));
}

/// A file of this project, by its path from the root.
std::string text_of(const std::string& path) {
  std::ifstream file(THUMBLINE_ROOT "/" + path);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// As docs/pictures.md lists a format.
std::string document_row(const ImageFormat& format) {
  std::string extensions;
  for (const std::string_view extension : format.extensions) {
    if (extension.empty()) continue;
    if (!extensions.empty()) extensions += ", ";
    extensions += extension;
  }
  const std::string thumbnail = format.thumbnail ? std::string(format_of(*format.thumbnail).name) : "`unsupported-format`";
  return "| " + std::string(format.name) + " | " + extensions + " | " + thumbnail + " |\n";
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

TEST_CASE("names, MIME types, extensions and signatures of formats are unambiguous") {
  std::set<std::string_view> texts;
  std::set<std::pair<std::size_t, std::string_view>> signatures;
  for (const ImageFormat& format : image_formats()) {
    CAPTURE(format.name);
    CHECK(texts.insert(format.name).second);
    CHECK(texts.insert(format.mime_type).second);
    CHECK(format.mime_type.starts_with("image/"));
    CHECK_FALSE(format.extensions.front().empty());
    CHECK_FALSE(format.signatures.front().bytes.empty());
    for (const std::string_view extension : format.extensions) {
      if (extension.empty()) continue;
      CHECK(texts.insert(extension).second);
      CHECK(kind_of_extension(extension) == format.kind);
    }
    for (const auto& [offset, bytes] : format.signatures) {
      if (bytes.empty()) continue;
      CHECK(signatures.insert({offset, bytes}).second);
      CHECK(offset + bytes.size() <= image_kind_bytes);
    }
    CHECK(kind_of_mime_type(format.mime_type) == format.kind);
    CHECK(extension(format.kind) == format.extensions.front());
  }
  CHECK_FALSE(kind_of_mime_type("image/").has_value());
  CHECK_FALSE(kind_of_mime_type("video/mp4").has_value());
}

TEST_CASE("a picture that can be decoded gets a thumbnail of a format that can be encoded") {
  for (const ImageFormat& format : image_formats()) {
    CAPTURE(format.name);
    if (format.thumbnail) CHECK(format_of(*format.thumbnail).is_encoded());
    CHECK(is_thumbnail_kind(format.kind) == format.is_encoded());
  }
  CHECK(is_thumbnail_kind(ImageKind::jpeg));
  CHECK(is_thumbnail_kind(ImageKind::png));
  CHECK_FALSE(is_thumbnail_kind(ImageKind::gif));
  CHECK_FALSE(is_thumbnail_kind(static_cast<ImageKind>(255)));
}

TEST_CASE("thumbnails can have the original's format and those that can be encoded") {
  CHECK(thumbnail_formats() == std::vector<std::string>{"same", "jpeg", "png"});
  CHECK(thumbnail_kind("jpeg") == ImageKind::jpeg);
  CHECK(thumbnail_kind("png") == ImageKind::png);
  for (const char* other : {"same", "", "gif", "JPEG", "image/png"}) CHECK_FALSE(thumbnail_kind(other).has_value());
}

TEST_CASE("the documents list the formats as they are") {
  const std::string document = text_of("docs/pictures.md");
  const std::string head = "| format | extensions | thumbnail with `--format same` |\n|---|---|---|\n";
  std::string table = head;
  for (const ImageFormat& format : image_formats()) table += document_row(format);
  INFO(table);
  CHECK(document.find(table + "\n") != std::string::npos);
}

TEST_CASE("the launcher and its documentation offer the formats that --format takes") {
  std::string choices, row;
  for (const std::string& format : thumbnail_formats()) {
    choices += (choices.empty() ? "\"" : ", \"") + format + '"';
    if (format != "same") row += '`' + format + "`, ";
  }
  INFO(choices);
  CHECK(text_of("scripts/launcher/options.py").find("\"--format\", choices=(" + choices + ")") != std::string::npos);
  INFO(row);
  CHECK(text_of("docs/usage.md").find("| `--format KIND` | same | " + row + "or `same`") != std::string::npos);
}
