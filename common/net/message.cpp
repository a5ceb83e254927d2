#include "common/net/message.h"

#include <spdlog/spdlog.h>

namespace thumbline {

bool send_bytes(zmq::socket_t& socket, const google::protobuf::MessageLite& message) {
  zmq::message_t frame(message.ByteSizeLong());
  message.SerializeWithCachedSizesToArray(frame.data<std::uint8_t>());
  return socket.send(frame, zmq::send_flags::dontwait).has_value();
}

Received receive_bytes(zmq::socket_t& socket, google::protobuf::MessageLite& message) {
  zmq::message_t frame;
  if (!socket.recv(frame, zmq::recv_flags::dontwait)) return Received::nothing;
  int frames = 1;
  for (bool more = frame.more(); more; ++frames) {  // ours have one frame
    zmq::message_t rest;
    if (!socket.recv(rest, zmq::recv_flags::none)) break;
    more = rest.more();
  }
  if (frames == 1 && message.ParseFromArray(frame.data(), static_cast<int>(frame.size()))) return Received::message;
  spdlog::warn("dropped a damaged message of {} bytes", frame.size());
  return Received::damaged;
}

void log_other_version(std::uint32_t version) {
  spdlog::error("dropped a message of protocol version {}; this program speaks {}: use the same thumbline everywhere", version,
                protocol_version);
}

}  // namespace thumbline
