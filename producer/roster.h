#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "proto/pipeline.pb.h"

namespace thumbline {

/// Which workers are there, by what was heard of them last. Pure: the time is an argument.
class Roster {
 public:
  /// A worker has said that it is there. `peer`: its connection; `address`: of its host, as ZeroMQ has it.
  void heard(const std::string& peer, const std::string& address, const wire::Present& present, Moment now);

  /// Appends all who give out pictures and were heard of lately.
  void tell(wire::Places& places, Moment now);

  /// A host of which workers are there now and were not when this was asked before, or the other way round.
  struct Change {
    std::string host;
    bool joined;
  };
  std::vector<Change> changes(Moment now);

  /// How an address is written in an endpoint: "" for this host, which others know by their own name for it; an IPv6 address
  /// in brackets.
  static std::string address_for_others(const std::string& address);

 private:
  struct Entry {
    wire::Source source;
    std::string host;
    Moment heard;
  };
  void forget(Moment now);

  std::map<std::string, Entry> entries_;  ///< by the connection
  std::set<std::string> known_;           ///< hosts, when changes() was asked last
};

}  // namespace thumbline
