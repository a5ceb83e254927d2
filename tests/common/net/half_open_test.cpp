#include "common/net/half_open.h"

#include <set>

#include "tests/catch.h"

using namespace thumbline;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t most = 100;

struct Fixture {
  /// A connection comes; which ones are cut.
  std::set<int> add(int fd, Moment now) {
    std::set<int> cut;
    for (const auto& connection :
         half_open.add({fd, "peer"}, now, most, [&](const auto& one) { return !over.contains(one.fd); })) {
      cut.insert(connection.fd);
    }
    return cut;
  }

  HalfOpen half_open;
  std::set<int> over;  ///< whose handshakes are
};

const Moment start = Moment() + 1h;

}  // namespace

TEST_CASE("while there are few, nobody is cut, however long they take") {
  Fixture f;
  for (int fd = 0; fd < static_cast<int>(most); ++fd) CHECK(f.add(fd, start + fd * 1min).empty());
}

TEST_CASE("where they are too many, those that have taken long are cut, and who comes gets in") {
  Fixture f;
  for (int fd = 0; fd < static_cast<int>(most); ++fd) f.add(fd, start);
  const std::set<int> cut = f.add(1000, start + 2s);
  CHECK(cut.size() == most);
  CHECK_FALSE(cut.contains(1000));
  CHECK(f.half_open.size() == 1);
}

TEST_CASE("where none has taken long, who comes is cut, so that the others can finish") {
  Fixture f;
  for (int fd = 0; fd < static_cast<int>(most); ++fd) f.add(fd, start);
  for (int fd = 1000; fd < 1010; ++fd) CHECK(f.add(fd, start + 500ms) == std::set<int>{fd});
  CHECK(f.half_open.size() == most);
}

TEST_CASE("whose handshake is over is never cut") {
  Fixture f;
  for (int fd = 0; fd < 10'000; ++fd) {
    CHECK(f.add(fd, start + fd * 1ms).empty());
    f.over.insert(fd);
  }
}

TEST_CASE("who was closed is forgotten, and its number may be another's") {
  Fixture f;
  for (int round = 0; round < 10; ++round) {
    for (int fd = 0; fd < static_cast<int>(most); ++fd) CHECK(f.add(fd, start + round * 1min).empty());
    if (round % 2 == 0) {
      for (int fd = 0; fd < static_cast<int>(most); ++fd) f.half_open.remove(fd);
      CHECK(f.half_open.size() == 0);
    }
  }
}
