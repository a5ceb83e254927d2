#include "producer/roster.h"

#include <chrono>
#include <string_view>

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
  if (present.paths() == 0) return;
  Entry& entry = entries_[peer];
  entry.source.set_address(address_for_others(address));
  entry.source.set_port(present.paths());
  entry.source.set_store(present.store());
  entry.heard = now;
}

void Roster::tell(wire::Places& places, Moment now) {
  std::erase_if(entries_, [now](const auto& item) { return now - item.second.heard > believed_for; });
  for (const auto& [peer, entry] : entries_) *places.add_sources() = entry.source;
}

}  // namespace thumbline
