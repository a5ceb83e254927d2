#include "resizer/decode_channel.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>
#include <type_traits>

namespace thumbline {
namespace {

static_assert(std::is_trivially_copyable_v<DecodeOrder> && std::is_trivially_copyable_v<DecodeReply>);

using Descriptors = std::array<int, 2>;

/// A message of one struct and, as SCM_RIGHTS (unix(7)), two descriptors.
struct Envelope {
  explicit Envelope(DecodeOrder& order) : data{&order, sizeof order} {
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
  }
  iovec data;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(Descriptors))> control{};
  msghdr message{};
};

}  // namespace

bool send_order(int socket, const DecodeOrder& order, int original, int thumbnail) {
  DecodeOrder copy = order;
  Envelope envelope(copy);
  cmsghdr* header = CMSG_FIRSTHDR(&envelope.message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(Descriptors));
  const Descriptors descriptors{original, thumbnail};
  std::memcpy(CMSG_DATA(header), descriptors.data(), sizeof descriptors);
  return ::sendmsg(socket, &envelope.message, MSG_NOSIGNAL) == static_cast<ssize_t>(sizeof copy);
}

std::optional<ReceivedOrder> receive_order(int socket) {
  ReceivedOrder received{};
  Envelope envelope(received.order);
  ssize_t length = -1;
  do {
    length = ::recvmsg(socket, &envelope.message, MSG_CMSG_CLOEXEC);
  } while (length < 0 && errno == EINTR);
  const cmsghdr* header = CMSG_FIRSTHDR(&envelope.message);
  if (length != static_cast<ssize_t>(sizeof received.order) || header == nullptr) return std::nullopt;
  if (header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(sizeof(Descriptors))) return std::nullopt;
  Descriptors descriptors{};
  std::memcpy(descriptors.data(), CMSG_DATA(header), sizeof descriptors);
  received.original = descriptors[0];
  received.thumbnail = descriptors[1];
  return received;
}

}  // namespace thumbline
