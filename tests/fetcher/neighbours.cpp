#include "tests/fetcher/neighbours.h"

#include <algorithm>
#include <iterator>

#include "common/net/message.h"

namespace thumbline::test {
namespace {

bool readable(zmq::socket_t& socket, std::chrono::milliseconds limit) {
  std::vector<zmq::pollitem_t> items{{socket.handle(), 0, ZMQ_POLLIN, 0}};
  return zmq::poll(items, limit) > 0;
}

void send_patiently(zmq::socket_t& socket, auto& message) {
  std::vector<zmq::pollitem_t> items{{socket.handle(), 0, ZMQ_POLLOUT, 0}};
  while (!send(socket, message)) {
    if (zmq::poll(items, patience) == 0) throw std::runtime_error("nobody takes the message");
  }
}

}  // namespace

Neighbours::Neighbours()
    : key_(RunKey::generate()),
      network_(key_),
      worker_network_(key_.for_workers()),
      links_(network_.bind(zmq::socket_type::push, "links", "tcp://127.0.0.1:*", Flow::tight())),
      results_(network_.bind(zmq::socket_type::pull, "results", "tcp://127.0.0.1:*", Flow{})) {
  key_.save(folder_ / "key");
}

std::vector<std::string> Neighbours::fetcher_command(const std::vector<std::string>& more) const {
  auto endpoint = [](const zmq::socket_t& socket) { return socket.get(zmq::sockopt::last_endpoint); };
  std::vector<std::string> command{std::string(THUMBLINE_PROGRAMS) + "/thumbline-fetcher",
                                   "--key",
                                   folder_ / "key",
                                   "--quiet",
                                   "--links",
                                   endpoint(links_),
                                   "--results",
                                   endpoint(results_),
                                   "--store",
                                   store()};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

void Neighbours::publish(wire::Link link) {
  send_patiently(links_, link);
}

std::optional<wire::Outcome> Neighbours::outcome_within(std::chrono::milliseconds limit) {
  if (outcomes_.empty() && readable(results_, limit)) {
    wire::ToCollector message;
    if (receive(results_, message) != Received::message) throw std::runtime_error("a damaged message for the collector");
    std::ranges::move(*message.mutable_outcomes(), std::back_inserter(outcomes_));
    std::ranges::reverse(outcomes_);
  }
  if (outcomes_.empty()) return std::nullopt;
  wire::Outcome outcome = std::move(outcomes_.back());
  outcomes_.pop_back();
  return outcome;
}

wire::Outcome Neighbours::outcome() {
  auto outcome = outcome_within(patience);
  if (!outcome) throw std::runtime_error("no outcome has come");
  return *outcome;
}

void Neighbours::resizer_asks(const std::string& paths, std::uint32_t slots) {
  resizer_ = worker_network_.connect(zmq::socket_type::dealer, paths, Flow{}, Role::worker);
  wire::Credit credit;
  credit.set_slots(slots_ = slots);
  send_patiently(*resizer_, credit);
}

void Neighbours::resizer_is_done(std::uint32_t slots) {
  wire::Credit credit;
  credit.set_slots(slots_);
  credit.set_done(slots);
  send_patiently(*resizer_, credit);
}

std::optional<wire::Path> Neighbours::path_within(std::chrono::milliseconds limit) {
  if (paths_.empty()) {
    if (!readable(*resizer_, limit)) return std::nullopt;
    wire::Path path;
    if (receive(*resizer_, path) != Received::message) throw std::runtime_error("a damaged message for the resizer");
    for (wire::Path& one : take_apart(path)) paths_.push_back(std::move(one));
  }
  wire::Path path = paths_.front();
  paths_.pop_front();
  return path;
}

wire::Path Neighbours::path() {
  auto path = path_within(patience);
  if (!path) throw std::runtime_error("no picture has come");
  return *path;
}

wire::Link link_to(const std::string& url, std::uint64_t id, const std::string& name) {
  wire::Link link;
  link.set_id(id);
  link.set_url(url);
  link.set_name(name);
  link.set_attempt(1);
  wire::Recipe& recipe = *link.mutable_recipe();
  recipe.set_width(128);
  recipe.set_height(128);
  recipe.set_fit("inside");
  recipe.set_format("same");
  return link;
}

}  // namespace thumbline::test
