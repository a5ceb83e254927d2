#include "producer/door.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "common/net/message.h"
#include "common/net/uninterrupted.h"

namespace thumbline {
namespace {

constexpr std::chrono::seconds between_looks{30};

/// Whether so many workers leave few descriptors for others: each has a connection here, and each fetcher one more for links.
bool are_too_many(std::size_t workers) {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && workers > limit.rlim_cur / 5 * 2;
}

wire::Places for_all(wire::Places places) {
  places.clear_sources();
  places.clear_requests();
  return places;
}

}  // namespace

Door::Door(Network& network, const std::string& endpoint, wire::Places places, std::uint64_t session)
    : socket_(network.bind(zmq::socket_type::router, "door", endpoint, Flow{})),
      places_(for_all(places)),
      requests_(places.requests()),
      roster_(session, places.sources()) {}

void Door::answer(Moment now) {
  zmq::message_t id;
  while (uninterrupted([&] { return socket_.recv(id, zmq::recv_flags::dontwait); })) {
    wire::Present present;
    if (!id.more()) continue;
    std::string address;
    // One that speaks another version is answered, too: by our version it knows why it cannot work here.
    if (receive_bytes(socket_, present, &address) != Received::message) continue;
    const std::string peer = id.to_string();
    wire::Places places = places_for(present);
    if (present.version() == protocol_version) {
      silent_.erase(peer);
      roster_.heard(peer, address, present, now);
      roster_.tell(peer, present, places);
    }
    if (!tell(peer, places)) roster_.forget(peer);
  }
  forget(now);
  if (!warned_ && are_too_many(roster_.size())) {
    warned_ = true;
    spdlog::warn(
        "{} workers are here, and each takes one or two of the open files that this program may have: more of them need a "
        "higher limit (ulimit -Hn) where the head is started",
        roster_.size());
  }
}

wire::Places Door::places_for(const wire::Present& present) const {
  wire::Places places = places_;
  if (present.wants_requests()) *places.mutable_requests() = requests_;
  return places;
}

/// Who is silent but still connected hears of the end like all others; whose connection is gone is forgotten altogether.
void Door::forget(Moment now) {
  const auto stands = [this](const std::string& peer) {
    wire::Places places = places_;
    return tell(peer, places);
  };
  for (std::string& peer : roster_.forget(now)) {
    if (stands(peer)) silent_.insert(std::move(peer));
  }
  if (now < next_look_) return;
  next_look_ = now + between_looks;
  std::erase_if(silent_, [&](const std::string& peer) { return !stands(peer); });
}

void Door::say_farewell() {
  wire::Places places = places_;
  places.set_over(true);
  for (const std::string& peer : roster_.peers()) tell(peer, places);
  for (const std::string& peer : silent_) tell(peer, places);
}

/// False where the connection is gone.
bool Door::tell(const std::string& peer, wire::Places& places) {
  try {
    const auto flags = zmq::send_flags::sndmore | zmq::send_flags::dontwait;
    if (uninterrupted([&] { return socket_.send(zmq::buffer(peer), flags); })) send(socket_, places);
  } catch (const zmq::error_t& error) {
    if (error.num() != EHOSTUNREACH) throw;
    return false;
  }
  return true;
}

}  // namespace thumbline
