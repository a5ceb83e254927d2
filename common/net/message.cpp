#include "common/net/message.h"

#include <spdlog/spdlog.h>

#include <string>
#include <string_view>

#include "common/base/clock.h"
#include "common/base/complaint.h"
#include "common/net/doorkeeper.h"
#include "common/net/uninterrupted.h"

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
  const std::size_t size = message.ByteSizeLong();
  if (size <= frame_bytes) {
    zmq::message_t frame(size);
    message.SerializeWithCachedSizesToArray(frame.data<std::uint8_t>());
    return uninterrupted([&] { return socket.send(frame, zmq::send_flags::dontwait); }).has_value();
  }
  std::string bytes(size, '\0');
  message.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(bytes.data()));
  bool sent = true;
  for (std::size_t at = 0; at < size; at += frame_bytes) {
    const std::string_view frame = std::string_view(bytes).substr(at, frame_bytes);
    const auto more = at + frame_bytes < size ? zmq::send_flags::sndmore : zmq::send_flags::none;
    const bool taken =
        uninterrupted([&] { return socket.send(zmq::buffer(frame), more | zmq::send_flags::dontwait); }).has_value();
    if (!taken && at == 0) return false;
    // Where the peer goes away meanwhile, libzmq drops what is left of the message, for which it has to be given that.
    sent = sent && taken;
  }
  return sent;
}

namespace {

/// Takes the frames that belong to `first`, whether they are wanted or not; false where they are none of ours.
bool take_rest(zmq::socket_t& socket, const zmq::message_t& first, std::string& all) {
  all = bytes_of(first);
  bool good = first.size() == frame_bytes;
  for (bool more = true; more;) {
    zmq::message_t frame;
    if (!uninterrupted([&] { return socket.recv(frame, zmq::recv_flags::none); })) return false;
    more = frame.more();
    good = good && (frame.size() == frame_bytes || !more) && all.size() + frame.size() <= most_message_bytes;
    if (good) all += bytes_of(frame);
  }
  return good;
}

}  // namespace

Received receive_bytes(zmq::socket_t& socket, google::protobuf::MessageLite& message, std::string* from, Role* role) {
  zmq::message_t frame;
  if (!uninterrupted([&] { return socket.recv(frame, zmq::recv_flags::dontwait); })) return Received::nothing;
  if (from != nullptr) {
    const char* address = zmq_msg_gets(frame.handle(), "Peer-Address");
    *from = address != nullptr ? address : "";
  }
  if (role != nullptr) {
    const char* id = zmq_msg_gets(frame.handle(), "User-Id");
    *role = id != nullptr && std::string_view(id) == user_id(Role::coordinator) ? Role::coordinator : Role::worker;
  }
  const auto parse = [&](std::string_view bytes) {
    return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  };
  std::string all;
  if (frame.more() ? take_rest(socket, frame, all) && parse(all) : parse(bytes_of(frame))) return Received::message;
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
