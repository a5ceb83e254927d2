#include "collector/outcome_check.h"

#include "collector/link_row.h"
#include "tests/catch.h"
#include "tests/collector/peers.h"

using namespace thumbline;
using test::done_link;
using test::failed_link;

namespace {

const Wanted both = Wanted::by("run 128x128 inside same");
const std::string jpeg_bytes = "\xff\xd8\xff\xe0 the rest of a JPEG file";

}  // namespace

TEST_CASE("what honest workers say fits") {
  CHECK(misfit(done_link(1), both).empty());
  CHECK(misfit(failed_link(1, "dns"), both).empty());
  wire::Outcome local = done_link(1);
  local.mutable_resize()->set_thumbnail(jpeg_bytes);
  local.mutable_resize()->set_bytes(jpeg_bytes.size());
  CHECK(misfit(local, both).empty());
  wire::Outcome picture = done_link(1);
  picture.clear_resize();
  CHECK(misfit(picture, Wanted::by("fetch")).empty());
  wire::Outcome thumbnail = done_link(1);
  thumbnail.clear_fetch();
  thumbnail.set_name("sub/picture");
  thumbnail.set_extension("JPEG");
  thumbnail.mutable_resize()->set_path("thumbnails/sub/picture_thumbnail.JPEG");
  CHECK(misfit(thumbnail, Wanted::by("resize 128x128 inside same")).empty());
}

TEST_CASE("a thumbnail lies where its name says, and nowhere else") {
  wire::Outcome outcome = done_link(1);
  const std::string path =
      GENERATE(as<std::string>(), "thumbnails/.htaccess", "thumbnails/sub/shell.php", "../thumbnails/a.jpg",
               "thumbnails/picture2_thumbnail.jpg", "thumbnails/picture1_thumbnail.php", "/etc/passwd",
               "thumbnails/../picture1_thumbnail.jpg", "images/picture1.jpg");
  outcome.mutable_resize()->set_path(path);
  CHECK_FALSE(misfit(outcome, both).empty());
}

TEST_CASE("a long path of short names may be") {
  wire::Outcome outcome = done_link(1);
  outcome.clear_fetch();
  const auto thumbnail_of = [&](const std::string& name) {
    outcome.set_name(name);
    outcome.mutable_resize()->set_path("thumbnails/" + name + "_thumbnail.jpg");
    return misfit(outcome, {});
  };
  const std::string folder = std::string(200, 'a') + "/";
  CHECK(thumbnail_of(folder + folder + "x").empty());
  CHECK(thumbnail_of(std::string(255, 'b') + "/x").empty());
  CHECK_FALSE(thumbnail_of(std::string(256, 'b') + "/x").empty());
  CHECK(thumbnail_of(std::string(241, 'c')).empty());
  CHECK_FALSE(thumbnail_of(std::string(242, 'c')).empty());
  std::string deep;
  for (int i = 0; i < 30; ++i) deep += folder;
  CHECK_FALSE(thumbnail_of(deep + "x").empty());
}

TEST_CASE("a name that no file can have fails its outcome") {
  wire::Outcome outcome = done_link(1);
  outcome.set_name(std::string(300, 'a'));
  outcome.mutable_fetch()->set_path("images/" + outcome.name() + ".jpg");
  outcome.mutable_resize()->set_path("thumbnails/" + outcome.name() + "_thumbnail.jpg");
  CHECK_FALSE(misfit(outcome, both).empty());
}

TEST_CASE("the bytes of a thumbnail are of its kind and as many as it says") {
  wire::Outcome outcome = done_link(1);
  wire::Resize& resize = *outcome.mutable_resize();
  SECTION("no picture") {
    resize.set_thumbnail("<?php system($_GET['c']);");
    resize.set_bytes(resize.thumbnail().size());
  }
  SECTION("of another kind") {
    resize.set_thumbnail("\x89PNG\r\n\x1a\n and the rest of it");
    resize.set_bytes(resize.thumbnail().size());
  }
  SECTION("of another size") {
    resize.set_thumbnail(jpeg_bytes);
    resize.set_bytes(4'600'000'000'000'000'000);
  }
  SECTION("of no name") {
    resize.set_thumbnail(jpeg_bytes);
    resize.set_bytes(jpeg_bytes.size());
    resize.clear_path();
  }
  CHECK_FALSE(misfit(outcome, both).empty());
}

TEST_CASE("numbers that no picture has do not fit") {
  wire::Outcome outcome = done_link(1);
  SECTION("a thumbnail without pixels") {
    outcome.mutable_resize()->set_thumbnail_width(0);
  }
  SECTION("a thumbnail that is too large") {
    outcome.mutable_resize()->set_thumbnail_height(4'000'000'000);
  }
  SECTION("a picture without pixels") {
    outcome.mutable_resize()->set_height(0);
  }
  SECTION("a thumbnail of absurd size") {
    outcome.mutable_resize()->set_bytes(4'600'000'000'000'000'000);
  }
  SECTION("a picture of absurd size") {
    outcome.mutable_fetch()->set_bytes(4'600'000'000'000'000'000);
  }
  SECTION("a picture of another link") {
    outcome.mutable_fetch()->set_path("images/picture2.jpg");
  }
  SECTION("done, and nothing is there") {
    outcome.clear_fetch();
    outcome.clear_resize();
  }
  SECTION("done, and no thumbnail is there") {
    outcome.clear_resize();
  }
  CHECK_FALSE(misfit(outcome, both).empty());
}

TEST_CASE("what is refused is a failed attempt: another one follows, until the last") {
  wire::Outcome outcome = done_link(1);
  outcome.mutable_resize()->set_thumbnail(jpeg_bytes);
  refuse(outcome, "it lies");
  CHECK(misfit(outcome, both).empty());
  CHECK_FALSE(is_final(outcome));
  outcome.set_last_attempt(true);
  REQUIRE(is_final(outcome));
  const LinkRow row = link_row(outcome, 0);
  CHECK(row.reason == "io");
  CHECK(row.detail.find("it lies") != std::string::npos);
  CHECK_FALSE(row.resize);
}
