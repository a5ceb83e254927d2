#include "fetcher/given_pictures.h"

#include "tests/catch.h"

using thumbline::GivenPictures;
using thumbline::Moment;
namespace wire = thumbline::wire;
using namespace std::chrono_literals;

namespace {
wire::Fetch fetch(const char* path, std::uint64_t took_us) {
  wire::Fetch fetch;
  fetch.set_path(path);
  fetch.set_duration_us(took_us);
  return fetch;
}
}  // namespace

TEST_CASE("a picture that was given away is known again by its link and its place") {
  GivenPictures given;
  given.add(1, fetch("images/a.jpg", 10), Moment(1s));
  given.add(2, fetch("images/b.jpg", 20), Moment(2s));
  const auto* first = given.find(1, "images/a.jpg");
  REQUIRE(first != nullptr);
  CHECK(first->fetch.duration_us() == 10);
  CHECK(first->ended == Moment(1s));
  CHECK(given.find(3, "images/a.jpg") == nullptr);
  CHECK(given.find(1, "images/a.png") == nullptr);
}

TEST_CASE("of a link that was fetched twice the newest transfer counts") {
  GivenPictures given;
  given.add(1, fetch("images/a.jpg", 10), Moment(1s));
  given.add(1, fetch("images/a.jpg", 20), Moment(2s));
  CHECK(given.find(1, "images/a.jpg")->fetch.duration_us() == 20);
}

TEST_CASE("what was given away long ago is forgotten") {
  GivenPictures given;
  for (std::uint64_t id = 1; id <= 1000; ++id) given.add(id, fetch("images/a.jpg", id), Moment(1s));
  CHECK(given.find(1, "images/a.jpg") == nullptr);
  CHECK(given.find(1000, "images/a.jpg") != nullptr);
}
