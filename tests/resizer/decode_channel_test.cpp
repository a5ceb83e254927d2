#include "resizer/decode_channel.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <thread>
#include <vector>

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

std::array<std::byte, chunk_bytes> buffer{};

ino_t inode(int fd) {
  struct stat info {};
  ::fstat(fd, &info);
  return info.st_ino;
}
}  // namespace

TEST_CASE("an order arrives with its recipe and the original open") {
  Pair pair;
  const int original = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
  DecodeOrder order;
  order.number = 7;
  order.recipe.width = 77;
  order.recipe.fit = Fit::cover;
  REQUIRE(send_order(pair.ends[0], order, original));
  const auto received = receive_order(pair.ends[1]);
  REQUIRE(received);
  CHECK(received->order.number == 7);
  CHECK(received->order.recipe.width == 77);
  CHECK(received->order.recipe.fit == Fit::cover);
  CHECK(inode(received->original) == inode(original));
  for (const int fd : {original, received->original}) ::close(fd);
}

TEST_CASE("a peer that is gone ends both sides without a signal") {
  Pair pair;
  CHECK(is_idle(pair.ends[0]));
  ::close(std::exchange(pair.ends[1], -1));
  CHECK_FALSE(is_idle(pair.ends[0]));
  CHECK_FALSE(send_order(pair.ends[0], {}, STDIN_FILENO));
  CHECK_FALSE(send_reply(pair.ends[0], {}, {}));
  CHECK_FALSE(receive_order(pair.ends[0]));
  CHECK_FALSE(receive_reply(pair.ends[0], buffer));
  CHECK_FALSE(receive_more(pair.ends[0], 1, buffer));
}

TEST_CASE("a thumbnail of any size arrives as it was sent, and then nothing more") {
  const auto size =
      GENERATE(std::size_t{0}, std::size_t{1}, chunk_bytes - 1, chunk_bytes, chunk_bytes + 1, 5 * chunk_bytes / 2);
  Pair pair;
  std::vector<std::byte> thumbnail(size);
  for (std::size_t i = 0; i < size; ++i) thumbnail[i] = static_cast<std::byte>(i * 7 % 251);
  DecodeReply reply;
  reply.number = 9;
  reply.done = true;
  std::thread decoder([&] { send_reply(pair.ends[0], reply, thumbnail); });
  std::vector<std::byte> got;
  const auto received = receive_reply(pair.ends[1], buffer);
  if (received) got.assign(received->first.begin(), received->first.end());
  while (received && got.size() < received->reply.bytes) {
    const auto part = receive_more(pair.ends[1], received->reply.bytes - got.size(), buffer);
    if (!part) break;
    got.insert(got.end(), part->begin(), part->end());
  }
  decoder.join();
  REQUIRE(received);
  CHECK(received->reply.number == 9);
  CHECK(received->reply.bytes == size);
  CHECK(got == thumbnail);
  CHECK(is_idle(pair.ends[1]));
}

TEST_CASE("what a decoder that was taken over says is checked") {
  Pair pair;
  const auto said = [&](const DecodeReply& reply) -> std::optional<DecodeReply> {
    REQUIRE(::send(pair.ends[0], &reply, sizeof reply, 0) == ssize_t{sizeof reply});
    const auto received = receive_reply(pair.ends[1], buffer);
    if (!received) return std::nullopt;
    return received->reply;
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
  SECTION("a truth that is neither") {
    std::memset(&reply.done, 2, 1);
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
      CHECK_FALSE(receive_reply(pair.ends[1], buffer));
    }
  }
  SECTION("a thumbnail of more bytes than it sends") {
    reply.bytes = std::uint64_t{1} << 62;
    CHECK_FALSE(said(reply));
  }
  SECTION("parts of a thumbnail that are too short or too long") {
    for (const std::size_t length : {std::size_t{9}, std::size_t{11}}) {
      REQUIRE(::send(pair.ends[0], buffer.data(), length, 0) == static_cast<ssize_t>(length));
      CHECK_FALSE(receive_more(pair.ends[1], 10, buffer));
    }
  }
  SECTION("something that nobody asked for") {
    REQUIRE(::send(pair.ends[0], &reply, sizeof reply, 0) == ssize_t{sizeof reply});
    CHECK_FALSE(is_idle(pair.ends[1]));
  }
}

TEST_CASE("what is no order is refused") {
  Pair pair;
  REQUIRE(::send(pair.ends[0], "hello", 5, 0) == 5);
  CHECK_FALSE(receive_order(pair.ends[1]));
}
