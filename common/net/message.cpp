#include "common/net/message.h"

#include <spdlog/spdlog.h>

#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/complaint.h"
#include "common/net/doorkeeper.h"

namespace thumbline {
namespace {

#if defined(__SANITIZE_THREAD__)
/// libzmq's own threads wrote these bytes, and the thread sanitizer does not see how they were handed over: it would find a
/// race in each of them. So what is read is a copy, made where it does not look.
[[gnu::no_sanitize_thread]] std::string bytes_of(const zmq::message_t& frame) {
  std::string copy(frame.size(), '\0');
  const char* from = frame.data<char>();
  for (char& byte : copy) byte = *from++;
  return copy;
}
#else
std::string_view bytes_of(const zmq::message_t& frame) {
  return frame.to_string_view();
}
#endif

}  // namespace

bool send_bytes(zmq::socket_t& socket, const google::protobuf::MessageLite& message) {
  zmq::message_t frame(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(frame.data<std::uint8_t>());
  return socket.send(frame, zmq::send_flags::dontwait).has_value();
}

Received receive_bytes(zmq::socket_t& socket, google::protobuf::MessageLite& message, std::string* from, Role* role) {
  zmq::message_t frame;
  if (!socket.recv(frame, zmq::recv_flags::dontwait)) return Received::nothing;
  if (from != nullptr) {
    const char* address = zmq_msg_gets(frame.handle(), "Peer-Address");
    *from = address != nullptr ? address : "";
  }
  if (role != nullptr) {
    const char* id = zmq_msg_gets(frame.handle(), "User-Id");
    *role = id != nullptr && std::string_view(id) == user_id(Role::coordinator) ? Role::coordinator : Role::worker;
  }
  int frames = 1;
  for (bool more = frame.more(); more; ++frames) {  // ours have one frame
    zmq::message_t rest;
    if (!socket.recv(rest, zmq::recv_flags::none)) break;
    more = rest.more();
  }
  const auto bytes = bytes_of(frame);
  if (frames == 1 && message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return Received::message;
  static thread_local Complaint damaged;
  if (const auto times = damaged.happened(now())) {
    spdlog::warn("dropped a damaged message of {} bytes ({} since this was said last)", frame.size(), times);
  }
  return Received::damaged;
}

void log_other_version(std::uint32_t version) {
  static thread_local Complaint other_version;
  if (other_version.happened(now()) == 0) return;
  spdlog::error("dropped a message of protocol version {}; this program speaks {}: use the same thumbline everywhere", version,
                protocol_version);
}

}  // namespace thumbline
