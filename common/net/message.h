#pragma once
#include <google/protobuf/message_lite.h>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>
#include <zmq.hpp>

#include "common/net/run_key.h"
#include "proto/pipeline.pb.h"

namespace thumbline {

/// Programs of another protocol version are refused; proto/pipeline.proto says when it is raised.
inline constexpr std::uint32_t protocol_version = 5;

/// A message goes out in frames of so many bytes, the last may have less; sockets take none that is larger, so that a peer
/// which has not shown a key yet can make nobody keep more.
inline constexpr std::size_t frame_bytes = std::size_t{16} * 1024;
inline constexpr std::size_t most_message_bytes = std::size_t{4} << 20;

/// Sends without waiting; false where the peer has no room (the message is still the caller's).
bool send_bytes(zmq::socket_t& socket, const google::protobuf::MessageLite& message);

/// What receive() found.
enum class Received {
  nothing,  ///< no message waits
  message,
  damaged,  ///< one that is no message of ours; it is dropped and logged
};

/// `from`, where it is not null, becomes the address of the peer's host, empty where libzmq does not know. Of a message to a
/// ROUTER socket it knows it with the body alone: 4.3.4 forgets it with the peer's id where poll() was first to look.
/// `role`, where it is not null, becomes the sender's, as its key says; of messages to a bound socket.
Received receive_bytes(zmq::socket_t& socket, google::protobuf::MessageLite& message, std::string* from = nullptr,
                       Role* role = nullptr);
/// Logs (once a minute) that a peer speaks another version.
void log_other_version(std::uint32_t version);

template <class Message>
bool send(zmq::socket_t& socket, Message& message) {
  message.set_version(protocol_version);
  return send_bytes(socket, message);
}

/// Takes the next message without waiting.
template <class Message>
Received receive(zmq::socket_t& socket, Message& message, Role* role = nullptr) {
  const Received received = receive_bytes(socket, message, nullptr, role);
  if (received != Received::message || message.version() == protocol_version) return received;
  log_other_version(message.version());
  return Received::damaged;
}

/// The links or pictures of one message, each by itself; `message` is used up.
template <class Message>
std::vector<Message> take_apart(Message& message) {
  auto more = std::move(*message.mutable_more());
  message.clear_more();
  std::vector<Message> all;
  all.push_back(std::move(message));
  std::move(more.begin(), more.end(), std::back_inserter(all));
  return all;
}

}  // namespace thumbline
