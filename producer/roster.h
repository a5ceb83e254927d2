#pragma once
#include <map>
#include <string>

#include "common/base/clock.h"
#include "proto/pipeline.pb.h"

namespace thumbline {

/// Who gives out pictures, by what was heard of them last. Pure: the time is an argument.
class Roster {
 public:
  /// A worker has said that it is there. `peer`: its connection; `address`: of its host, as ZeroMQ has it.
  void heard(const std::string& peer, const std::string& address, const wire::Present& present, Moment now);

  /// Appends all who were heard of lately.
  void tell(wire::Places& places, Moment now);

  /// How an address is written in an endpoint: "" for this host, which others know by their own name for it; an IPv6 address
  /// in brackets.
  static std::string address_for_others(const std::string& address);

 private:
  struct Entry {
    wire::Source source;
    Moment heard;
  };
  std::map<std::string, Entry> entries_;  ///< by the connection
};

}  // namespace thumbline
