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

/// A message with a struct and a descriptor (SCM_RIGHTS, unix(7)).
struct Envelope {
  explicit Envelope(DecodeOrder& order) : data{&order, sizeof order} {
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
  }
  iovec data;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
};

/// Receives a message of exactly that size.
template <std::size_t N>
bool receive_bytes(int socket, std::array<unsigned char, N>& bytes) {
  ssize_t length = -1;
  do {
    length = ::recv(socket, bytes.data(), N, MSG_TRUNC);
  } while (length < 0 && errno == EINTR);
  return length == static_cast<ssize_t>(N);
}

/// Whether a byte of a struct is a valid bool.
bool is_bool(unsigned char byte) {
  return byte <= 1;
}

/// Sends or receives one message by scatter/gather. Returns its length, which with MSG_TRUNC may exceed the buffers, or -1.
template <class Call>
ssize_t transfer(Call call, int socket, std::span<iovec> parts, int flags) {
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  ssize_t length = -1;
  do {
    length = call(socket, &message, flags);
  } while (length < 0 && errno == EINTR);
  return length;
}

bool is_possible(const DecodeReply& reply) {
  return std::ranges::all_of(std::array{reply.width, reply.height, reply.source_width, reply.source_height},
                             [](int side) { return side >= 0; });
}

}  // namespace

bool send_order(int socket, const DecodeOrder& order, int original) {
  DecodeOrder copy = order;
  Envelope envelope(copy);
  cmsghdr* header = CMSG_FIRSTHDR(&envelope.message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof original);
  std::memcpy(CMSG_DATA(header), &original, sizeof original);
  ssize_t length = -1;
  do {
    length = ::sendmsg(socket, &envelope.message, MSG_NOSIGNAL);
  } while (length < 0 && errno == EINTR);
  return length == static_cast<ssize_t>(sizeof copy);
}

bool send_reply(int socket, DecodeReply reply, std::span<const std::byte> thumbnail) {
  reply.bytes = thumbnail.size();
  std::array<std::byte, sizeof reply + chunk_bytes> message;
  std::memcpy(message.data(), &reply, sizeof reply);
  std::size_t head = sizeof reply;
  do {
    const std::span<const std::byte> part = thumbnail.first(std::min(thumbnail.size(), chunk_bytes));
    std::ranges::copy(part, message.begin() + static_cast<std::ptrdiff_t>(head));
    ssize_t length = -1;
    do {  // not sendmsg(): the sandbox forbids it
      length = ::send(socket, message.data(), head + part.size(), MSG_NOSIGNAL);
    } while (length < 0 && errno == EINTR);
    if (length != static_cast<ssize_t>(head + part.size())) return false;
    thumbnail = thumbnail.subspan(part.size());
    head = 0;
  } while (!thumbnail.empty());
  return true;
}

std::optional<ReceivedReply> receive_reply(int socket, std::span<std::byte, chunk_bytes> buffer) {
  std::array<unsigned char, sizeof(DecodeReply)> bytes{};
  std::array parts{iovec{bytes.data(), bytes.size()}, iovec{buffer.data(), buffer.size()}};
  const ssize_t length = transfer(::recvmsg, socket, parts, MSG_TRUNC);
  if (length < static_cast<ssize_t>(bytes.size())) return std::nullopt;
  const auto kind = static_cast<ImageKind>(bytes[offsetof(DecodeReply, kind)]);
  if (!is_bool(bytes[offsetof(DecodeReply, done)]) || !is_thumbnail_kind(kind)) return std::nullopt;
  DecodeReply reply;
  std::memcpy(&reply, bytes.data(), sizeof reply);
  reply.reason.back() = reply.detail.back() = '\0';
  const auto cannot_be_shown = [](char c) { return c != '\0' && (c < ' ' || c > '~'); };
  std::ranges::replace_if(reply.detail, cannot_be_shown, '?');
  const std::size_t first = static_cast<std::size_t>(length) - bytes.size();
  if (!is_possible(reply) || first != std::min<std::uint64_t>(reply.bytes, chunk_bytes)) return std::nullopt;
  return ReceivedReply{reply, buffer.first(first)};
}

std::optional<std::span<const std::byte>> receive_more(int socket, std::uint64_t left,
                                                       std::span<std::byte, chunk_bytes> buffer) {
  std::array parts{iovec{buffer.data(), buffer.size()}};
  const ssize_t length = transfer(::recvmsg, socket, parts, MSG_TRUNC);
  const std::uint64_t wanted = std::min<std::uint64_t>(left, chunk_bytes);
  if (length <= 0 || static_cast<std::uint64_t>(length) != wanted) return std::nullopt;
  return buffer.first(static_cast<std::size_t>(length));
}

bool is_idle(int socket) {
  char byte = 0;
  ssize_t length = -1;
  do {
    length = ::recv(socket, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT);
  } while (length < 0 && errno == EINTR);
  return length < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
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
  if (header->cmsg_type != SCM_RIGHTS || header->cmsg_len != CMSG_LEN(sizeof received.original)) return std::nullopt;
  std::memcpy(&received.original, CMSG_DATA(header), sizeof received.original);
  return received;
}

}  // namespace thumbline
