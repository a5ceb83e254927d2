#include "resizer/decode_channel.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "tests/catch.h"

using namespace thumbline;

namespace {
struct Pair {
  Pair() { REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) == 0); }
  ~Pair() {
    ::close(ends[0]);
    if (ends[1] >= 0) ::close(ends[1]);
  }
  std::array<int, 2> ends{};
};

ino_t inode(int fd) {
  struct stat info {};
  ::fstat(fd, &info);
  return info.st_ino;
}
}  // namespace

TEST_CASE("an order arrives with its recipe and both files open") {
  Pair pair;
  const int original = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
  const int thumbnail = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  DecodeOrder order;
  order.recipe.width = 77;
  order.recipe.fit = Fit::cover;
  REQUIRE(send_order(pair.ends[0], order, original, thumbnail));
  const auto received = receive_order(pair.ends[1]);
  REQUIRE(received);
  CHECK(received->order.recipe.width == 77);
  CHECK(received->order.recipe.fit == Fit::cover);
  CHECK(inode(received->original) == inode(original));
  CHECK(inode(received->thumbnail) == inode(thumbnail));
  for (const int fd : {original, thumbnail, received->original, received->thumbnail}) ::close(fd);
}

TEST_CASE("a peer that is gone ends both sides without a signal") {
  Pair pair;
  ::close(std::exchange(pair.ends[1], -1));
  CHECK_FALSE(send_order(pair.ends[0], {}, STDIN_FILENO, STDOUT_FILENO));
  CHECK_FALSE(receive_order(pair.ends[0]));
}

TEST_CASE("what a decoder that was taken over says is checked") {
  Pair pair;
  const auto said = [&](const DecodeReply& reply) {
    REQUIRE(::send(pair.ends[0], &reply, sizeof reply, 0) == ssize_t{sizeof reply});
    return receive_reply(pair.ends[1]);
  };
  DecodeReply reply;
  reply.done = true;
  reply.width = 5;
  const auto sound = said(reply);
  REQUIRE(sound);
  CHECK(sound->done);
  CHECK(sound->width == 5);

  SECTION("texts without an end, and with what a terminal would obey") {
    reply.reason.fill('x');
    reply.detail.fill('\x1b');
    const auto received = said(reply);
    REQUIRE(received);
    CHECK(std::string(received->reason.data()) == std::string(reply.reason.size() - 1, 'x'));
    CHECK(std::string(received->detail.data()) == std::string(reply.detail.size() - 1, '?'));
  }
  SECTION("a kind that there is not") {
    reply.kind = static_cast<ImageKind>(200);
    CHECK_FALSE(said(reply));
  }
  SECTION("a size that cannot be") {
    reply.source_height = -1;
    CHECK_FALSE(said(reply));
  }
  SECTION("less, or more") {
    std::array<char, sizeof(DecodeReply) + 1> bytes{};
    for (const std::size_t length : {sizeof(DecodeReply) - 1, sizeof(DecodeReply) + 1}) {
      REQUIRE(::send(pair.ends[0], bytes.data(), length, 0) == static_cast<ssize_t>(length));
      CHECK_FALSE(receive_reply(pair.ends[1]));
    }
  }
}

TEST_CASE("what is no order is refused") {
  Pair pair;
  REQUIRE(::send(pair.ends[0], "hello", 5, 0) == 5);
  CHECK_FALSE(receive_order(pair.ends[1]));
}
