#include "producer/door.h"

#include <cerrno>
#include <utility>

#include "common/net/message.h"

namespace thumbline {

Door::Door(Network& network, const std::string& endpoint, wire::Places places)
    : socket_(network.bind(zmq::socket_type::router, "door", endpoint, Flow{})), places_(std::move(places)) {}

void Door::answer(Moment now) {
  zmq::message_t id;
  while (socket_.recv(id, zmq::recv_flags::dontwait)) {
    wire::Present present;
    if (!id.more()) continue;
    std::string address;
    // One that speaks another version is answered, too: by our version it knows why it cannot work here.
    if (receive_bytes(socket_, present, &address) != Received::message) continue;
    const std::string peer = id.to_string();
    peers_.insert(peer);
    if (present.version() == protocol_version) roster_.heard(peer, address, present, now);
    wire::Places places = places_;
    roster_.tell(places, now);
    tell(peer, std::move(places));
  }
}

void Door::say_farewell() {
  wire::Places places = places_;
  places.set_over(true);
  for (const std::string& peer : std::exchange(peers_, {})) tell(peer, places);
}

void Door::tell(const std::string& peer, wire::Places places) {
  try {
    if (socket_.send(zmq::buffer(peer), zmq::send_flags::sndmore | zmq::send_flags::dontwait)) send(socket_, places);
  } catch (const zmq::error_t& error) {
    if (error.num() != EHOSTUNREACH) throw;
    peers_.erase(peer);
  }
}

}  // namespace thumbline
