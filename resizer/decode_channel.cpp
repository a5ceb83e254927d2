#include "resizer/decode_channel.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <type_traits>

namespace thumbline {
namespace {

static_assert(std::is_trivially_copyable_v<DecodeOrder> && std::is_trivially_copyable_v<DecodeReply> &&
              std::is_trivially_copyable_v<DecoderReady>);

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

/// A message of exactly that size.
template <std::size_t N>
bool receive_bytes(int socket, std::array<unsigned char, N>& bytes) {
  ssize_t length = -1;
  do {
    length = ::recv(socket, bytes.data(), N, MSG_TRUNC);
  } while (length < 0 && errno == EINTR);
  return length == static_cast<ssize_t>(N);
}

/// Whether the byte of a struct that is read as a bool is one.
bool is_bool(unsigned char byte) {
  return byte <= 1;
}

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

std::optional<DecodeReply> receive_reply(int socket) {
  std::array<unsigned char, sizeof(DecodeReply)> bytes{};
  if (!receive_bytes(socket, bytes)) return std::nullopt;
  const auto kind = static_cast<ImageKind>(bytes[offsetof(DecodeReply, kind)]);
  if (!is_bool(bytes[offsetof(DecodeReply, done)]) || (kind != ImageKind::jpeg && kind != ImageKind::png)) return std::nullopt;
  DecodeReply reply;
  std::memcpy(&reply, bytes.data(), sizeof reply);
  reply.reason.back() = reply.detail.back() = '\0';
  const auto cannot_be_shown = [](char c) { return c != '\0' && (c < ' ' || c > '~'); };
  std::ranges::replace_if(reply.detail, cannot_be_shown, '?');
  for (const int side : {reply.width, reply.height, reply.source_width, reply.source_height}) {
    if (side < 0) return std::nullopt;
  }
  return reply;
}

std::optional<DecoderReady> receive_ready(int socket) {
  std::array<unsigned char, sizeof(DecoderReady)> bytes{};
  if (!receive_bytes(socket, bytes)) return std::nullopt;
  for (const unsigned char byte : bytes) {
    if (!is_bool(byte)) return std::nullopt;
  }
  DecoderReady ready;
  std::memcpy(&ready, bytes.data(), sizeof ready);
  return ready;
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
