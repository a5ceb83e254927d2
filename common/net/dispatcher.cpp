#include "common/net/dispatcher.h"

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "common/net/message.h"
#include "common/net/uninterrupted.h"

namespace thumbline {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_slots = 64;  // that one resizer may ask for
// Resizers say twice a second what they are working on; one that is silent for longer may be gone.
constexpr auto claim_believed_for = 3s;
// Each resizer sends two heartbeats a second, and all of them together no more than 500.
constexpr auto shortest_heartbeat = 500ms;
constexpr auto heartbeat_per_peer = 2ms;
// After so long a silence, or three heartbeats, it is tried whether the connection still stands.
constexpr auto shortest_silence = 10s;
constexpr int missed_heartbeats = 3;

}  // namespace

Dispatcher::Dispatcher(Network& network, const std::string& endpoint)
    : socket_(network.bind(zmq::socket_type::router, "paths", endpoint, Flow::closing_at_once())) {}

void Dispatcher::take_credit(Moment at) {
  zmq::message_t id;
  while (uninterrupted([&] { return socket_.recv(id, zmq::recv_flags::dontwait); })) {
    wire::Credit credit;
    if (!id.more() || receive(socket_, credit) != Received::message) continue;
    if (credit.leaving()) {
      say_goodbye(id.to_string());
    } else {
      take(id.to_string(), credit, at);
    }
  }
  forget_gone(at);
}

void Dispatcher::take(const std::string& id, const wire::Credit& credit, Moment at) {
  // A connection that is not known yet is a new resizer, or one that comes back to a dispatcher which was started again.
  const auto [entry, is_new] = peers_.try_emplace(id);
  Peer& peer = entry->second;
  if (is_new) {
    peer.heartbeat = shortest_heartbeat;
    peer.turn = by_age_.insert(by_age_.end(), &entry->first);
  } else {
    by_age_.splice(by_age_.end(), by_age_, peer.turn);
  }
  peer.heard = at;
  note_work(id, peer, credit.working_on(), at);
  leave_line(peer);
  peer.slots = std::min<std::size_t>(credit.slots(), most_slots);
  peer.out -= std::min<std::size_t>(credit.done(), peer.out);
  stand_in_line(*entry);
  pace(id, peer);
}

void Dispatcher::note_work(const std::string& id, Peer& peer, std::uint64_t picture, Moment at) {
  if (peer.working_on != picture) {
    const auto claim = claims_.find(peer.working_on);
    if (claim != claims_.end() && claim->second.peer == id) claims_.erase(claim);
  }
  peer.working_on = picture;
  if (picture != 0) claims_.insert_or_assign(picture, Claim{id, at});
}

/// Tells a resizer how long to wait between heartbeats, where that is very different from what it knows.
void Dispatcher::pace(const std::string& id, Peer& peer) {
  const auto wanted = std::max<std::chrono::milliseconds>(shortest_heartbeat, peers_.size() * heartbeat_per_peer);
  if (wanted <= 2 * peer.heartbeat && peer.heartbeat <= 2 * wanted) return;
  wire::Path path;
  path.set_heartbeat_ms(static_cast<std::uint32_t>(wanted.count()));
  if (send_to(id, path) == Sent::yes) peer.heartbeat = wanted;
}

/// One that was stopped is silent but connected, and keeps its pictures and its credit.
void Dispatcher::forget_gone(Moment at) {
  while (!by_age_.empty()) {
    const auto oldest = peers_.find(*by_age_.front());
    if (oldest == peers_.end()) break;  // cannot be
    Peer& peer = oldest->second;
    if (at - peer.heard <= std::max<Moment::duration>(shortest_silence, missed_heartbeats * peer.heartbeat)) break;
    wire::Path path;
    path.set_heartbeat_ms(static_cast<std::uint32_t>(peer.heartbeat.count()));
    if (send_to(oldest->first, path) == Sent::gone) {
      remove(oldest);
    } else {
      peer.heard = at;
      by_age_.splice(by_age_.end(), by_age_, peer.turn);
    }
  }
}

void Dispatcher::remove(Peers::iterator peer) {
  note_work(peer->first, peer->second, 0, {});
  leave_line(peer->second);
  std::ranges::move(peer->second.to_send, std::back_inserter(stranded_));
  by_age_.erase(peer->second.turn);
  peers_.erase(peer);
}

void Dispatcher::stand_in_line(Peers::value_type& peer) {
  if (peer.second.out >= peer.second.slots) return;
  peer.second.place = {peer.second.out, ++turns_};
  ready_.emplace(peer.second.place, &peer);
}

void Dispatcher::leave_line(Peer& peer) {
  ready_.erase(peer.place);  // nothing where it is full
}

/// Its credit is void. Whatever it was sent before arrives before this.
void Dispatcher::say_goodbye(const std::string& id) {
  if (const auto peer = peers_.find(id); peer != peers_.end()) remove(peer);
  wire::Path goodbye;
  send_to(id, goodbye);
}

bool Dispatcher::is_worked_on(std::uint64_t picture) {
  const auto claim = claims_.find(picture);
  if (claim == claims_.end()) return false;
  if (now() - claim->second.said <= claim_believed_for) return true;
  claims_.erase(claim);
  return false;
}

bool Dispatcher::offer(wire::Path path) {
  if (is_worked_on(path.id())) return true;
  if (ready_.empty()) return false;
  Peers::value_type& entry = *ready_.begin()->second;
  Peer& peer = entry.second;
  leave_line(peer);
  ++peer.out;
  stand_in_line(entry);
  if (peer.to_send.empty()) addressed_.push_back(entry.first);
  peer.to_send.push_back(std::move(path));
  return true;
}

std::size_t Dispatcher::flush() {
  std::size_t sent = 0;
  do {
    while (!stranded_.empty() && offer(stranded_.front())) stranded_.pop_front();
    for (const std::string& id : std::exchange(addressed_, {})) {
      const auto peer = peers_.find(id);
      if (peer == peers_.end()) continue;
      std::vector<wire::Path> paths = std::exchange(peer->second.to_send, {});
      wire::Path message = std::move(paths.front());
      std::ranges::move(paths.begin() + 1, paths.end(), google::protobuf::RepeatedFieldBackInserter(message.mutable_more()));
      if (send_to(id, message) == Sent::yes) {
        sent += paths.size();
        continue;
      }
      remove(peer);
      std::ranges::move(*message.mutable_more(), std::back_inserter(stranded_));
      message.clear_more();
      stranded_.push_back(std::move(message));
    }
  } while (!stranded_.empty() && has_credit());
  return sent;
}

Dispatcher::Sent Dispatcher::send_to(const std::string& id, wire::Path& path) {
  try {
    // ROUTER_MANDATORY: an id whose connection is gone is an error here, not a picture that silently disappears.
    const auto flags = zmq::send_flags::sndmore | zmq::send_flags::dontwait;
    const bool sent = uninterrupted([&] { return socket_.send(zmq::buffer(id), flags); }) && send(socket_, path);
    return sent ? Sent::yes : Sent::no_room;
  } catch (const zmq::error_t& error) {
    if (error.num() != EHOSTUNREACH) throw;
    return Sent::gone;
  }
}

}  // namespace thumbline
