#include "collector/lost_file.h"

#include <fstream>

#include "tests/catch.h"
#include "tests/collector/peers.h"

using namespace thumbline;

namespace {

std::string picture(std::size_t bytes) {
  std::string data(bytes, 'x');
  data.replace(bytes - 2, 2, "\xff\xd9");
  return data;
}

}  // namespace

TEST_CASE("a picture that is as it was written is not lost, nor is one that somebody has put in its place") {
  const test::ScratchFolder scratch;
  const std::string file = scratch / "a.jpg";
  const std::string data = picture(10'000);
  std::string with_zeros_inside = data;
  with_zeros_inside.replace(4096, 4096, 4096, '\0');  // as a camera pads its notes
  std::string other_end = data;
  other_end.back() = 'x';
  for (const std::string& written : {data, picture(8'000), with_zeros_inside, other_end, data + "more"}) {
    std::ofstream(file, std::ios::binary) << written;
    CHECK_FALSE(is_lost(file, 10'000));
  }
}

TEST_CASE("what a power loss does to a picture is seen") {
  const test::ScratchFolder scratch;
  const std::string file = scratch / "a.jpg";
  const std::string data = picture(10'000);
  const auto write = [&](const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; };
  SECTION("missing") {}
  SECTION("empty") {
    write("");
  }
  SECTION("cut") {
    write(data.substr(0, 5'000));
  }
  SECTION("all zeros") {
    write(std::string(10'000, '\0'));
  }
  SECTION("the end was not written") {
    write(data.substr(0, 8192) + std::string(10'000 - 8192, '\0'));
  }
  SECTION("the end is a hole") {
    write(data.substr(0, 5'000));
    std::filesystem::resize_file(file, 100'000);
  }
  CHECK(is_lost(file, 10'000));
}

TEST_CASE("rows behind the last that is known to be on the disk are looked at, no others") {
  const test::ScratchFolder scratch;
  std::filesystem::create_directories(scratch / "images");
  std::filesystem::create_directories(scratch / "thumbnails");
  Ledger ledger(scratch / "ledger.sqlite", WallTime{});
  std::vector<LinkRow> rows;
  for (std::uint64_t id = 1; id <= 4; ++id) rows.push_back(link_row(test::done_link(id), 1));
  rows.push_back(link_row(test::failed_link(5, "dns"), 1));
  ledger.record(rows, 1);
  const auto write = [&](const std::string& path, std::size_t bytes) { std::ofstream(scratch / path) << picture(bytes); };
  write(rows[1].fetch->image, 1000);
  write(rows[1].resize->thumbnail, 300);
  write(rows[2].fetch->image, 1000);
  write(rows[3].resize->thumbnail, 300);
  const auto ids = [&](std::int64_t after, bool originals) {
    std::vector<std::uint64_t> result;
    for (const LostFiles& lost : lost_files(ledger, after, scratch.path(), originals)) result.push_back(lost.id);
    return result;
  };
  CHECK(ids(0, true) == std::vector<std::uint64_t>{1, 3, 4});
  CHECK(ids(3, true) == std::vector<std::uint64_t>{4});
  CHECK(ids(0, false) == std::vector<std::uint64_t>{1, 3});
}
