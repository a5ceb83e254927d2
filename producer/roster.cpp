#include "producer/roster.h"

#include <chrono>
#include <string_view>
#include <utility>

#include "common/base/printable.h"

namespace thumbline {
namespace {

// Workers say twice a second that they are there.
constexpr std::chrono::seconds believed_for{5};

}  // namespace

std::string Roster::address_for_others(const std::string& address) {
  constexpr std::string_view mapped = "::ffff:";  // RFC 4291, 2.5.5.2: an IPv4 peer of a socket for both
  std::string plain = address.starts_with(mapped) ? address.substr(mapped.size()) : address;
  if (plain.starts_with("127.") || plain == "::1") return "";
  return plain.find(':') == std::string::npos ? plain : "[" + plain + "]";
}

void Roster::heard(const std::string& peer, const std::string& address, const wire::Present& present, Moment now) {
  Entry& entry = entries_[peer];
  entry.source.set_address(address_for_others(address));
  entry.source.set_port(present.paths());
  entry.source.set_store(present.store());
  entry.host = printable(present.host());
  entry.heard = now;
}

void Roster::forget(Moment now) {
  std::erase_if(entries_, [now](const auto& item) { return now - item.second.heard > believed_for; });
}

void Roster::tell(wire::Places& places, Moment now) {
  forget(now);
  for (const auto& [peer, entry] : entries_) {
    if (entry.source.port() != 0) *places.add_sources() = entry.source;
  }
}

std::vector<Roster::Change> Roster::changes(Moment now) {
  forget(now);
  std::set<std::string> there;
  for (const auto& [peer, entry] : entries_) there.insert(entry.host);
  std::vector<Change> changes;
  for (const std::string& host : there) {
    if (!known_.contains(host)) changes.push_back({host, true});
  }
  for (const std::string& host : known_) {
    if (!there.contains(host)) changes.push_back({host, false});
  }
  known_ = std::move(there);
  return changes;
}

}  // namespace thumbline
