#include "producer/roster.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "common/base/printable.h"

namespace thumbline {
namespace {

using namespace std::chrono_literals;

// Each worker speaks twice a second, and all of them together no more than 500 times: of 10,000 each does so every 20 s.
constexpr auto shortest_heartbeat = 500ms;
constexpr auto heartbeat_per_worker = 2ms;
constexpr auto shortest_belief = 5s;
constexpr int missed_heartbeats = 3;

bool same(const wire::Source& one, const wire::Source& other) {
  return one.port() == other.port() && one.address() == other.address();
}

}  // namespace

Roster::Roster(std::uint64_t first_version, const google::protobuf::RepeatedPtrField<wire::Source>& sources)
    : first_version_(std::max<std::uint64_t>(first_version, 1)), last_version_(first_version_) {
  for (const wire::Source& source : sources) {
    Store& store = stores_[source.store()];
    store.version = ++last_version_;
    store.sources.emplace(Key{store.sources.size(), ""}, source);
  }
}

std::string Roster::address_for_others(const std::string& address) {
  constexpr std::string_view mapped = "::ffff:";  // RFC 4291, 2.5.5.2: an IPv4 peer of a socket for both
  std::string plain = address.starts_with(mapped) ? address.substr(mapped.size()) : address;
  if (plain.starts_with("127.") || plain == "::1") return "";
  return plain.find(':') == std::string::npos ? plain : "[" + plain + "]";
}

std::chrono::milliseconds Roster::heartbeat() const {
  return std::max<std::chrono::milliseconds>(shortest_heartbeat, entries_.size() * heartbeat_per_worker);
}

void Roster::heard(const std::string& peer, const std::string& address, const wire::Present& present, Moment now) {
  const auto [at, is_new] = entries_.try_emplace(peer);
  Entry& entry = at->second;
  if (is_new) {
    entry.turn = by_age_.insert(by_age_.end(), &at->first);
  } else {
    by_age_.splice(by_age_.end(), by_age_, entry.turn);
  }
  entry.heard = now;
  entry.heartbeat = heartbeat();
  move_to_host(entry, present.host(), is_new);
  if (present.paths() == 0 || present.store().empty()) {
    take_back(peer, entry);
    return;
  }
  wire::Source source;
  source.set_address(address_for_others(address));
  source.set_port(present.paths());
  source.set_store(present.store());
  give(peer, entry, std::move(source));
}

void Roster::move_to_host(Entry& entry, const std::string& host, bool is_new) {
  const std::string name = printable(host);
  if (!is_new) {
    if (entry.host->first == name) return;
    leave_host(entry);
  }
  entry.host = hosts_.try_emplace(name).first;
  if (++entry.host->second.workers == 1) changed_.insert(name);
}

void Roster::leave_host(Entry& entry) {
  if (--entry.host->second.workers == 0) changed_.insert(entry.host->first);
}

void Roster::give(const std::string& peer, Entry& entry, wire::Source source) {
  if (entry.gives != source.store()) take_back(peer, entry);
  entry.gives = source.store();
  Store& store = stores_[entry.gives];
  const auto [known, is_new] = store.sources.try_emplace(Key{std::hash<std::string>{}(peer), peer}, source);
  if (!is_new && same(known->second, source)) return;
  known->second = std::move(source);
  store.version = ++last_version_;
}

void Roster::take_back(const std::string& peer, Entry& entry) {
  if (entry.gives.empty()) return;
  const auto store = stores_.find(entry.gives);
  entry.gives.clear();
  if (store->second.sources.erase(Key{std::hash<std::string>{}(peer), peer}) == 0) return;
  store->second.version = ++last_version_;
  if (store->second.sources.empty()) stores_.erase(store);
}

void Roster::tell(const std::string& peer, const wire::Present& present, wire::Places& places) {
  places.set_heartbeat_ms(static_cast<std::uint32_t>(heartbeat().count()));
  if (!present.wants_sources()) return;
  const auto store = stores_.find(present.store());
  places.set_sources_version(store == stores_.end() ? first_version_ : store->second.version);
  if (present.sources_known() == places.sources_version()) {
    places.set_same_sources(true);
    return;
  }
  if (store == stores_.end()) return;
  const auto& sources = store->second.sources;
  auto next = sources.lower_bound(Key{std::hash<std::string>{}(peer), ""});
  for (std::size_t left = std::min(sources.size(), most_sources); left > 0; --left, ++next) {
    if (next == sources.end()) next = sources.begin();
    *places.add_sources() = next->second;
  }
}

void Roster::remove(Entries::iterator entry) {
  take_back(entry->first, entry->second);
  leave_host(entry->second);
  by_age_.erase(entry->second.turn);
  entries_.erase(entry);
}

std::vector<std::string> Roster::forget(Moment now) {
  std::vector<std::string> forgotten;
  while (!by_age_.empty()) {
    const auto oldest = entries_.find(*by_age_.front());
    if (oldest == entries_.end()) break;  // cannot be
    const auto believed_for = std::max<Moment::duration>(shortest_belief, missed_heartbeats * oldest->second.heartbeat);
    if (now - oldest->second.heard <= believed_for) break;
    forgotten.push_back(oldest->first);
    remove(oldest);
  }
  return forgotten;
}

void Roster::forget(const std::string& peer) {
  if (const auto entry = entries_.find(peer); entry != entries_.end()) remove(entry);
}

std::vector<std::string> Roster::peers() const {
  std::vector<std::string> peers;
  peers.reserve(entries_.size());
  for (const auto& [peer, entry] : entries_) peers.push_back(peer);
  return peers;
}

std::vector<Roster::Change> Roster::changes() {
  std::vector<Change> changes;
  for (const std::string& name : std::exchange(changed_, {})) {
    const auto host = hosts_.find(name);
    const bool is_there = host->second.workers > 0;
    if (is_there != host->second.announced) changes.push_back({name, is_there});
    host->second.announced = is_there;
    if (!is_there) hosts_.erase(host);
  }
  return changes;
}

}  // namespace thumbline
