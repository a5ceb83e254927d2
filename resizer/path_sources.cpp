#include "resizer/path_sources.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

#include "common/net/message.h"

namespace thumbline {
namespace {

// One picture in work and one that waits, so that the next is here when the first is done.
constexpr unsigned slots = 2;
// A head that was started again has to hear of all the others first.
constexpr std::chrono::seconds remembered_for{15};
constexpr std::chrono::milliseconds longest_heartbeat{60'000};

}  // namespace

PathSources::Source& PathSources::meet(const std::string& endpoint, Role giver) {
  const auto [source, is_new] = sources_.try_emplace(endpoint);
  if (is_new) {
    source->second.giver = giver;
    source->second.socket = network_.connect(zmq::socket_type::dealer, endpoint, Flow::closing_at_once(), giver);
    say(source->second, 0, 0);
  }
  return source->second;
}

void PathSources::connect(const std::string& endpoint, Role giver) {
  meet(endpoint, giver).stays = true;
}

void PathSources::follow(const Head& head, const wire::Places& places, const std::string& store, Moment now) {
  if (leaving_) return;
  for (auto& [endpoint, source] : sources_) source.is_named = source.stays;
  for (const wire::Source& named : places.sources()) {
    if (named.store() != store) continue;
    Source& source = meet(head.endpoint(named), named.is_coordinator() ? Role::coordinator : Role::worker);
    source.is_named = true;
    source.missed_since = Moment::max();
  }
  for (auto item = sources_.begin(); item != sources_.end();) {
    Source& source = item->second;
    if (!source.is_named) source.missed_since = std::min(source.missed_since, now);
    const bool is_gone = !source.is_named && now - source.missed_since >= remembered_for;
    if (is_gone) spdlog::info("{} gives out no pictures any more", item->first);
    item = is_gone ? sources_.erase(item) : std::next(item);
  }
}

void PathSources::add_to(std::vector<zmq::pollitem_t>& items) {
  for (auto& [endpoint, source] : sources_) items.push_back({source.socket.handle(), 0, ZMQ_POLLIN, 0});
}

bool PathSources::take(wire::Path& path) {
  // The one after the last comes first: all have their turn.
  const auto begin = sources_.upper_bound(taken_from_);
  auto at = begin;
  for (std::size_t i = 0; i < sources_.size(); ++i, ++at) {
    if (at == sources_.end()) at = sources_.begin();
    if (receive(at->second.socket, path) != Received::message) continue;
    if (path.id() == 0) {
      if (path.heartbeat_ms() != 0) {
        at->second.heartbeat = std::min(std::chrono::milliseconds(path.heartbeat_ms()), longest_heartbeat);
      } else {
        at->second.said_goodbye = true;
      }
      continue;
    }
    taken_from_ = at->first;
    giver_ = at->second.giver;
    return true;
  }
  return false;
}

void PathSources::done() {
  if (const auto source = sources_.find(taken_from_); source != sources_.end()) say(source->second, 1, 0);
}

void PathSources::say_present(std::uint64_t working_on, Moment now) {
  for (auto& [endpoint, source] : sources_) {
    if (working_on == 0 && now < source.next_heartbeat) continue;
    say(source, 0, working_on);
    source.next_heartbeat = now + source.heartbeat;
  }
}

void PathSources::leave() {
  leaving_ = true;
  for (auto& [endpoint, source] : sources_) say(source, 0, 0);
}

bool PathSources::have_said_goodbye() const {
  return std::ranges::all_of(sources_, [](const auto& item) { return item.second.said_goodbye; });
}

void PathSources::say(Source& source, unsigned done, std::uint64_t working_on) {
  wire::Credit credit;
  credit.set_slots(slots);
  credit.set_done(done);
  credit.set_worker(worker_);
  credit.set_working_on(working_on);
  credit.set_leaving(leaving_);
  send(source.socket, credit);
}

}  // namespace thumbline
