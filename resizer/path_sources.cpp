#include "resizer/path_sources.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

#include "common/net/message.h"
#include "resizer/slots.h"

namespace thumbline {
namespace {

// A restarted coordinator has to hear from all sources first.
constexpr std::chrono::seconds remembered_for{15};
constexpr std::chrono::milliseconds longest_heartbeat{60'000};

}  // namespace

PathSources::PathSources(Network& network, std::string worker)
    : network_(network), worker_(std::move(worker)), slots_(Slots::fewest) {}

PathSources::Source& PathSources::add(const std::string& endpoint, Role giver) {
  const auto [source, is_new] = sources_.try_emplace(endpoint);
  if (is_new) {
    source->second.giver = giver;
    source->second.socket = network_.connect(zmq::socket_type::dealer, endpoint, Flow::closing_at_once(), giver);
    send_credit(source->second, 0);
  }
  return source->second;
}

void PathSources::connect(const std::string& endpoint, Role giver) {
  add(endpoint, giver).stays = true;
}

void PathSources::update(const Head& head, const wire::Places& places, const std::string& store, Moment now) {
  if (leaving_) return;
  for (auto& [endpoint, source] : sources_) source.is_named = source.stays;
  for (const wire::Source& named : places.sources()) {
    if (named.store() != store) continue;
    Source& source = add(head.endpoint(named), named.is_coordinator() ? Role::coordinator : Role::worker);
    source.is_named = true;
    source.missed_since = Moment::max();
  }
  for (auto item = sources_.begin(); item != sources_.end();) {
    Source& source = item->second;
    if (!source.is_named) source.missed_since = std::min(source.missed_since, now);
    const bool is_gone = !source.is_named && now - source.missed_since >= remembered_for;
    if (is_gone) spdlog::info("{} no longer hands out pictures", item->first);
    item = is_gone ? sources_.erase(item) : std::next(item);
  }
}

void PathSources::add_to(std::vector<zmq::pollitem_t>& items) {
  for (auto& [endpoint, source] : sources_) items.push_back({source.socket.handle(), 0, ZMQ_POLLIN, 0});
}

bool PathSources::take(wire::Path& path) {
  // Round robin: start with the source after the last one.
  const auto begin = sources_.upper_bound(taken_from_);
  auto at = begin;
  for (std::size_t i = 0; i < sources_.size(); ++i, ++at) {
    if (at == sources_.end()) at = sources_.begin();
    Source& source = at->second;
    if (source.waiting.empty() && !receive_from(source)) continue;
    path = std::move(source.waiting.front());
    source.waiting.pop_front();
    taken_from_ = at->first;
    giver_ = source.giver;
    return true;
  }
  return false;
}

/// Receives the paths of one message; false if there are none.
bool PathSources::receive_from(Source& source) {
  wire::Path path;
  if (receive(source.socket, path) != Received::message) return false;
  if (path.id() == 0) {
    if (path.heartbeat_ms() != 0) {
      source.heartbeat = std::min(std::chrono::milliseconds(path.heartbeat_ms()), longest_heartbeat);
    } else {
      source.is_finished = true;
    }
    return false;
  }
  for (wire::Path& one : take_apart(path)) {
    if (one.id() != 0) source.waiting.push_back(std::move(one));
  }
  return true;
}

void PathSources::done() {
  const auto source = sources_.find(taken_from_);
  if (source == sources_.end()) return;
  if (2 * ++source->second.done >= slots_) send_credit(source->second, 0);
}

void PathSources::send_credits() {
  for (auto& [endpoint, source] : sources_) {
    if (source.done > 0) send_credit(source, 0);
  }
}

void PathSources::send_heartbeats(std::uint64_t working_on, Moment now) {
  for (auto& [endpoint, source] : sources_) {
    if (working_on == 0 && now < source.next_heartbeat) continue;
    send_credit(source, working_on);
    source.next_heartbeat = now + source.heartbeat;
  }
}

void PathSources::leave() {
  leaving_ = true;
  for (auto& [endpoint, source] : sources_) send_credit(source, 0);
}

bool PathSources::are_finished() const {
  return std::ranges::all_of(sources_, [](const auto& item) { return item.second.is_finished; });
}

void PathSources::send_credit(Source& source, std::uint64_t working_on) {
  wire::Credit credit;
  credit.set_slots(slots_);
  credit.set_done(source.done);
  credit.set_worker(worker_);
  credit.set_working_on(working_on);
  credit.set_leaving(leaving_);
  if (send(source.socket, credit)) source.done = 0;
}

}  // namespace thumbline
