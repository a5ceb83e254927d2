#include "producer/line_source.h"

#include <filesystem>
#include <fstream>

#include "common/base/program.h"
#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;

namespace {
std::vector<Found> read_all(const std::string& text, std::string* remark = nullptr) {
  const test::ScratchFolder folder;
  const std::string file = folder.path() / "links";
  std::ofstream(file, std::ios::binary) << text;
  LineSource source(file);
  std::vector<Found> all;
  while (auto one = source.next({})) all.push_back(std::move(*one));
  if (remark != nullptr) *remark = source.remark();
  return all;
}
}  // namespace

TEST_CASE("a list may have comments, empty lines, any line ending, a byte order mark, and no end") {
  const auto found =
      read_all("\xef\xbb\xbfhttp://h/1.jpg\r\n# a comment\n\n   \t http://h/2.jpg  \n  # another\n\r\nhttp://h/3.jpg");
  REQUIRE(found.size() == 3);
  CHECK(found[0].link.url == "http://h/1.jpg");
  CHECK(found[1].link.url == "http://h/2.jpg");
  CHECK(found[2].link.url == "http://h/3.jpg");
}

TEST_CASE("a line that is no link is found as a failure, and the next is read all the same") {
  const auto found = read_all("no link\nhttp://h/1.jpg\n");
  REQUIRE(found.size() == 2);
  REQUIRE(found[0].failure);
  CHECK(found[0].failure->reason == Reason::bad_link);
  CHECK(found[0].link.url == "no link");
  CHECK_FALSE(found[1].failure);
}

TEST_CASE("a comment may follow a link, a fragment is part of it") {
  CHECK(content_of_line("http://h/1.jpg  # the cat") == "http://h/1.jpg");
  CHECK(content_of_line("http://h/1.jpg#top") == "http://h/1.jpg#top");
  CHECK(content_of_line("http://h/1.jpg#top\t# the cat # again") == "http://h/1.jpg#top");
}

TEST_CASE("a line of white space alone, also of kinds that cannot be seen, is an empty one") {
  CHECK(read_all("\xc2\xa0# comment\n\xc2\xa0\n \xe2\x80\x8b\n\t\n").empty());
}

TEST_CASE("links without a scheme are tried with https, which is said once for the list") {
  std::string remark;
  const auto found = read_all("http://h/1\nwww.example.com/2.jpg\n<h.example/3.jpg>\nno link\n", &remark);
  REQUIRE(found.size() == 4);
  CHECK(found[1].link.url == "https://www.example.com/2.jpg");
  CHECK(found[2].link.url == "https://h.example/3.jpg");
  CHECK(found[3].failure);
  CHECK(remark.starts_with("2 links have no scheme"));
  CHECK(remark.find("https://") != std::string::npos);
  CHECK(remark.find("www.example.com/2.jpg") != std::string::npos);
  read_all("http://h/1\n", &remark);
  CHECK(remark.empty());
}

TEST_CASE("a video of Imgur's does not take the place of the picture behind it") {
  const auto found = read_all("https://i.imgur.com/AbCdEf6.gifv\nhttps://i.imgur.com/AbCdEf6.jpg\n");
  REQUIRE(found.size() == 2);
  REQUIRE(found[0].failure);
  CHECK(found[0].failure->reason == Reason::unsupported_format);
  CHECK_FALSE(found[1].failure);
  CHECK(found[0].link.id != found[1].link.id);
}

TEST_CASE("repeats are not the source's business") {
  CHECK(read_all("http://h/1\nhttp://h/1\n").size() == 2);
}

TEST_CASE("an empty list has no links") {
  CHECK(read_all("").empty());
}

TEST_CASE("a list that cannot be read is bad usage, and the message names it") {
  const test::ScratchFolder folder;
  for (const std::filesystem::path& path : {folder.path() / "missing", folder.path()}) {
    try {
      LineSource source(path.string());
      FAIL("it was read");
    } catch (const Stop& stop) {
      CHECK(stop.code() == ExitCode::bad_usage);
      CHECK(std::string(stop.what()).find(path.string()) != std::string::npos);
    }
  }
}

TEST_CASE("a line that is far too long is a bad link with its number, and costs no more than others") {
  const std::string endless(10'000'000, 'x');
  const auto found =
      read_all("http://h/1\n" + endless + "\n" + endless + "\nhttp://h/2 # " + endless + "\n#" + endless + "\nhttp://h/3");
  REQUIRE(found.size() == 5);
  CHECK(found[0].link.url == "http://h/1");
  for (const std::size_t i : {1U, 2U}) {
    REQUIRE(found[i].failure);
    CHECK(found[i].failure->reason == Reason::bad_link);
    CHECK(found[i].failure->detail.find("line " + std::to_string(i + 1) + " of ") == 0);
    CHECK(found[i].link.url.size() < 200);
  }
  CHECK(found[1].link.id != found[2].link.id);
  CHECK(found[3].link.url == "http://h/2");
  CHECK(found[4].link.url == "http://h/3");
}

TEST_CASE("a list that cannot be read to its end ends the run, and is to be read again") {
  // Of this file no address can be read that the process does not have.
  LineSource source("/proc/self/mem");
  try {
    source.next({});
    FAIL("it was read");
  } catch (const Stop& stop) {
    CHECK(stop.code() == ExitCode::cannot_go_on);
    CHECK(std::string(stop.what()).find("/proc/self/mem could not be read to its end") != std::string::npos);
  }
}
