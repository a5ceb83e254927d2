#include "resizer/decoder.h"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sstream>
#include <vector>

#include "common/base/aside_file.h"
#include "resizer/decode_channel.h"
#include "resizer/fault_injection.h"
#include "resizer/image/thumbnail.h"
#include "resizer/sandbox.h"

namespace thumbline {
namespace {

constexpr std::size_t max_file_bytes = 512U << 20;  // of an original; downloads are far smaller (--max-bytes)

/// Reads the whole file into a buffer that is reused.
Result<std::span<const std::byte>> read_whole(int file, std::vector<std::byte>& buffer) {
  const off_t end = ::lseek(file, 0, SEEK_END);
  if (end < 0 || ::lseek(file, 0, SEEK_SET) < 0) return tl::unexpected(file_failure(errno, "cannot read", "the original"));
  const auto size = static_cast<std::size_t>(end);
  if (size > max_file_bytes) return failed(Reason::too_large, "a file of more than 512 MiB");
  if (buffer.size() < size) buffer.resize(size);
  std::size_t have = 0;
  while (have < size) {
    const ssize_t got = ::read(file, buffer.data() + have, size - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(file_failure(errno, "cannot read", "the original"));
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  return std::span<const std::byte>(buffer.data(), have);
}

template <std::size_t N>
void copy_text(const std::string& text, std::array<char, N>& into) {
  into.fill('\0');
  std::memcpy(into.data(), text.data(), std::min(text.size(), N - 1));
}

Result<Thumbnail> serve(const ReceivedOrder& received, Thumbnailer& thumbnailer, std::vector<std::byte>& buffer) {
  const auto original = read_whole(received.original, buffer);
  if (!original) return tl::unexpected(original.error());
  inject_fault(*original, decoder_socket, received.order.number);
  return thumbnailer.make(*original, received.order.recipe);
}

DecodeReply reply_to(const DecodeOrder& order, const Result<Thumbnail>& made) {
  DecodeReply reply;
  reply.number = order.number;
  reply.done = made.has_value();
  if (made) {
    reply.kind = made->kind;
    reply.width = made->width;
    reply.height = made->height;
    reply.source_width = made->source_width;
    reply.source_height = made->source_height;
  } else {
    copy_text(made.error().reason.text(), reply.reason);
    copy_text(made.error().detail, reply.detail);
  }
  return reply;
}

}  // namespace

ExitCode run_decoder(const DecoderRights& rights) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // If these are sent to the process group, only the resizer handles them: it may have to finish a picture.
  std::signal(SIGTERM, SIG_IGN);
  std::signal(SIGINT, SIG_IGN);
  ::close_range(decoder_socket + 1, ~0U, 0);  // close whatever the resizer has open
  Thumbnailer thumbnailer(rights.limits);
  std::vector<std::byte> buffer;
  limit_memory(rights.memory);
  DecoderReady ready;
  if (rights.sandbox) ready.sandbox = enter_sandbox();
  if (::send(decoder_socket, &ready, sizeof ready, MSG_NOSIGNAL) != static_cast<ssize_t>(sizeof ready)) return ExitCode::ok;
  while (const auto received = receive_order(decoder_socket)) {
    const Result<Thumbnail> made = serve(*received, thumbnailer, buffer);
    ::close(received->original);
    const std::span<const std::byte> thumbnail = made ? made->bytes : std::span<const std::byte>{};
    if (!send_reply(decoder_socket, reply_to(received->order, made), thumbnail)) break;
    constexpr std::size_t kept = 64U << 20;
    if (buffer.size() > kept) buffer = {};
  }
  return ExitCode::ok;
}

std::string to_argument(const DecoderRights& rights) {
  return std::to_string(rights.limits.max_pixels) + ":" + std::to_string(rights.limits.max_memory) + ":" +
         std::to_string(rights.memory) + ":" + (rights.sandbox ? "1" : "0");
}

DecoderRights parse_rights(const std::string& word) {
  DecoderRights rights;
  std::istringstream parts(word);
  char colon = ':';
  parts >> rights.limits.max_pixels >> colon >> rights.limits.max_memory >> colon >> rights.memory >> colon >> rights.sandbox;
  return rights;
}

}  // namespace thumbline
