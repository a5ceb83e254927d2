#include "common/net/dispatcher.h"

#include <algorithm>
#include <chrono>

#include "common/net/message.h"

namespace thumbline {
namespace {

constexpr unsigned most_slots = 64;  // that one resizer may ask for
// Resizers say twice a second what they are working on; whoever is silent for longer may be gone.
constexpr std::chrono::seconds believed_for{3};

}  // namespace

Dispatcher::Dispatcher(Network& network, const std::string& endpoint)
    : socket_(network.bind(zmq::socket_type::router, "paths", endpoint, Flow::closing_at_once())) {}

void Dispatcher::take_credit() {
  zmq::message_t id;
  while (socket_.recv(id, zmq::recv_flags::dontwait)) {
    wire::Credit credit;
    if (!id.more() || receive(socket_, credit) != Received::message) continue;
    if (credit.leaving()) {
      say_goodbye(id.to_string());
      continue;
    }
    if (credit.working_on() != 0) {
      at_work_.insert_or_assign(id.to_string(), Work{credit.working_on(), now()});
    } else {
      at_work_.erase(id.to_string());
    }
    // A connection that is not known yet is a new resizer, or one that comes back to a dispatcher which was started again.
    const auto [peer, is_new] = credit_.try_emplace(id.to_string(), 0);
    // However often it asks, it never stands in line for more than the most.
    const unsigned more = std::min(is_new ? credit.slots() : credit.done(), most_slots - peer->second);
    peer->second += more;
    ready_.insert(ready_.end(), more, peer->first);
  }
}

/// Its credit is void. Whatever it was sent before arrives before this.
void Dispatcher::say_goodbye(const std::string& id) {
  credit_.erase(id);
  std::erase(ready_, id);
  wire::Path goodbye;
  try {
    if (socket_.send(zmq::buffer(id), zmq::send_flags::sndmore | zmq::send_flags::dontwait)) send(socket_, goodbye);
  } catch (const zmq::error_t& error) {
    if (error.num() != EHOSTUNREACH) throw;
  }
}

bool Dispatcher::is_worked_on(std::uint64_t id) {
  if (at_work_.empty()) return false;
  std::erase_if(at_work_, [at = now()](const auto& entry) { return at - entry.second.said > believed_for; });
  return std::ranges::any_of(at_work_, [id](const auto& entry) { return entry.second.id == id; });
}

bool Dispatcher::offer(wire::Path& path) {
  if (is_worked_on(path.id())) return true;
  while (!ready_.empty()) {
    const std::string id = std::move(ready_.front());
    ready_.pop_front();
    try {
      // ROUTER_MANDATORY: an id whose connection is gone is an error here, not a picture that silently disappears.
      if (socket_.send(zmq::buffer(id), zmq::send_flags::sndmore | zmq::send_flags::dontwait) && send(socket_, path)) {
        --credit_[id];
        return true;
      }
    } catch (const zmq::error_t& error) {
      if (error.num() != EHOSTUNREACH) throw;
    }
    credit_.erase(id);
    std::erase(ready_, id);
  }
  return false;
}

}  // namespace thumbline
