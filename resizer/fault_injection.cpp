#include "resizer/fault_injection.h"

#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include "resizer/decode_channel.h"

namespace thumbline {
namespace {

const char* const fault = std::getenv(fault_variable);  // NOLINT(concurrency-mt-unsafe): before any thread

const char* const delay = std::getenv("THUMBLINE_DELAY_MS");  // NOLINT(concurrency-mt-unsafe): the same

void flood() {
  const std::string screen(64U << 10, '\a');
  for (int i = 0; i < 16; ++i) {
    for (const int file : {STDOUT_FILENO, STDERR_FILENO}) {
      if (::write(file, screen.data(), screen.size()) < 0) continue;
    }
  }
}

bool can_write() {
  bool could = false;
  for (int file = 4; file < 64; ++file) could = ::write(file, "x", 1) > 0 || could;
  return could;
}

void say(int socket, DecodeReply reply, std::string_view failure) {
  reply.done = failure.empty();
  failure.copy(reply.reason.data(), reply.reason.size() - 1);
  send_reply(socket, reply, {});
}

/// Claims more bytes than it sends.
void lie(int socket, DecodeReply reply) {
  reply.done = true;
  reply.width = reply.height = reply.source_width = reply.source_height = 100;
  reply.bytes = std::uint64_t{1} << 62;
  if (::write(socket, &reply, sizeof reply) < 0) return;
}

}  // namespace

void inject_delay() {
  if (delay != nullptr) std::this_thread::sleep_for(std::chrono::milliseconds(std::strtol(delay, nullptr, 10)));
}

void inject_fault(std::span<const std::byte> picture, int socket, std::uint64_t order) {
  if (fault == nullptr) [[likely]]
    return;
  const std::string_view wanted(fault);
  const std::size_t colon = wanted.find(':');
  if (colon == std::string_view::npos || colon + 1 == wanted.size()) return;
  const std::string_view bytes(reinterpret_cast<const char*>(picture.data()), picture.size());
  if (bytes.find(wanted.substr(colon + 1)) == std::string_view::npos) return;
  DecodeReply reply;
  reply.number = order;
  if (wanted.starts_with("crash:")) __builtin_trap();
  if (wanted.starts_with("flood:")) flood();
  if (wanted.starts_with("write:") && can_write()) say(socket, reply, "io");
  if (wanted.starts_with("lie:")) lie(socket, reply);
  if (wanted.starts_with("twice:")) say(socket, reply, "corrupt");
  volatile bool for_ever = wanted.starts_with("hang:");
  while (for_ever) {
  }
}

}  // namespace thumbline
