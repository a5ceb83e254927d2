// What a decoder may say that a picture has taken over.
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "resizer/decode_channel.h"
#include "resizer/reply_check.h"
#include "tests/fuzz/input.h"

using namespace thumbline;
using namespace thumbline::fuzz;

namespace {

struct Channel {
  Channel() { require(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends.data()) == 0, "there are sockets"); }

  std::array<int, 2> ends{};
};

template <std::size_t N>
bool ends_within(const std::array<char, N>& text) {
  return std::memchr(text.data(), '\0', N) != nullptr;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Channel channel;
  if (size == 0 || size > 4 * sizeof(DecodeReply)) return 0;
  require(::send(channel.ends[0], data, size, 0) == static_cast<ssize_t>(size), "it can be said");
  static std::array<std::byte, chunk_bytes> buffer;
  const auto received = receive_reply(channel.ends[1], buffer);
  if (!received) return 0;
  const auto& [reply, first] = *received;
  require(size == sizeof(DecodeReply) + first.size(), "all that was said is there");
  require(first.size() == std::min<std::uint64_t>(reply.bytes, chunk_bytes), "as many bytes come as are claimed");
  require(is_thumbnail_kind(reply.kind), "a thumbnail is of a kind that can be encoded");
  require(reply.width >= 0 && reply.height >= 0, "sides are no less than nothing");
  require(reply.source_width >= 0 && reply.source_height >= 0, "sides are no less than nothing");
  require(ends_within(reply.reason) && ends_within(reply.detail), "texts have an end");
  require(is_printable(reply.detail.data()), "what it says can be shown");
  if (check_reply(reply, {}, {}, first).empty())
    require(image_kind(first) == reply.kind, "a thumbnail is what it is said to be");
  return 0;
}
