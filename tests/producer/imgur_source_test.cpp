#include "producer/imgur_source.h"

#include <fstream>
#include <iterator>

#include "common/base/program.h"
#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;

TEST_CASE("of a spool that breaks off, whole lines are links, and the rest is taken out") {
  const test::ScratchFolder folder;
  const std::string spool = folder / "gallery-links.txt";
  const std::string whole = "https://i.imgur.com/AbCdEf1.jpg\n";
  std::ofstream(spool, std::ios::binary) << whole << "https://i.imgur.com/AbC";
  // Nobody answers there: what comes is from the spool.
  ImgurSource source(ImgurApi("http://127.0.0.1:1", "client"), 5, spool);
  const auto first = source.next({});
  REQUIRE(first);
  CHECK(first->link.name == "AbCdEf1");
  CHECK_FALSE(source.next({}));
  CHECK(source.remark().find("1 picture") != std::string::npos);
  std::ifstream in(spool, std::ios::binary);
  CHECK(std::string(std::istreambuf_iterator<char>(in), {}) == whole);
}

TEST_CASE("a spool that has all that was asked for is enough") {
  const test::ScratchFolder folder;
  const std::string spool = folder / "gallery-links.txt";
  std::ofstream(spool, std::ios::binary) << "https://i.imgur.com/AbCdEf1.jpg\nhttps://i.imgur.com/AbCdEf1.png\n"
                                            "https://i.imgur.com/AbCdEf2.jpg\nhttps://i.imgur.com/AbCdEf3.jpg\n";
  ImgurSource source(ImgurApi("http://127.0.0.1:1", "client"), 2, spool);
  CHECK(source.next({})->link.name == "AbCdEf1");
  CHECK(source.next({})->link.name == "AbCdEf2");
  CHECK_FALSE(source.next({}));
  CHECK(source.remark().empty());
}

TEST_CASE("nothing from the gallery and nothing in the spool ends the run") {
  const test::ScratchFolder folder;
  ImgurSource source(ImgurApi("http://127.0.0.1:1", "client"), 2, folder / "spool");
  try {
    source.next({});
    FAIL("there were pictures");
  } catch (const Stop& stop) {
    CHECK(stop.code() == ExitCode::cannot_go_on);
  }
}
