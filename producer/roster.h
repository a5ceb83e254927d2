#pragma once
#include <chrono>
#include <cstdint>
#include <list>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/base/clock.h"
#include "proto/pipeline.pb.h"

namespace thumbline {

/// The registry of workers: which are there, by their heartbeats. What a heartbeat costs does not grow with the number of
/// workers, and the more there are the less often each of them is asked for one. Pure: the time is an argument.
class Roster {
 public:
  /// `sources`: those that stay for the whole run. `first_version` of the lists should be another one in each process: a worker
  /// that knows a list of an earlier process must not take it for one of this.
  explicit Roster(std::uint64_t first_version, const google::protobuf::RepeatedPtrField<wire::Source>& sources = {});

  /// A heartbeat. `peer`: its connection; `address`: of its host, as ZeroMQ has it.
  void heard(const std::string& peer, const std::string& address, const wire::Present& present, Moment now);

  /// Adds to the answer for a worker that was heard: when to speak again, and, where it wants to know and does not know yet,
  /// who gives out pictures of its store. Where there are more than most_sources, each worker is told of others.
  void tell(const std::string& peer, const wire::Present& present, wire::Places& places);
  static constexpr std::size_t most_sources = 256;

  /// Forgets who has been silent for too long: for five seconds, or three heartbeats where these are rarer. Returns their
  /// connections.
  std::vector<std::string> forget(Moment now);
  /// Forgets one whose connection is gone.
  void forget(const std::string& peer);

  /// Connections of all who are there.
  [[nodiscard]] std::vector<std::string> peers() const;
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  /// A host of which workers are there now and were not when this was asked before, or the other way round.
  struct Change {
    std::string host;
    bool joined;
  };
  std::vector<Change> changes();

  /// How an address is written in an endpoint: "" for this host, which others know by their own name for it; an IPv6 address
  /// in brackets.
  static std::string address_for_others(const std::string& address);

 private:
  struct Host {
    std::size_t workers = 0;
    bool announced = false;
  };
  using Hosts = std::map<std::string, Host>;
  struct Entry {
    Hosts::iterator host;
    std::string gives;  ///< the store of which it gives out pictures; empty: none
    Moment heard;
    std::chrono::milliseconds heartbeat;           ///< as it was told
    std::list<const std::string*>::iterator turn;  ///< in by_age_
  };
  using Entries = std::unordered_map<std::string, Entry>;
  /// Sources in an order that has nothing to do with when they came, so that workers which are told of a part each are told of
  /// different parts: by the hash of the connection.
  using Key = std::pair<std::size_t, std::string>;
  struct Store {
    std::map<Key, wire::Source> sources;
    std::uint64_t version = 0;
  };

  [[nodiscard]] std::chrono::milliseconds heartbeat() const;
  void remove(Entries::iterator entry);
  void move_to_host(Entry& entry, const std::string& host, bool is_new);
  void leave_host(Entry& entry);
  void give(const std::string& peer, Entry& entry, wire::Source source);
  void take_back(const std::string& peer, Entry& entry);

  Entries entries_;                                ///< by the connection
  std::list<const std::string*> by_age_;           ///< connections, the one that was heard longest ago first
  std::unordered_map<std::string, Store> stores_;  ///< those of which somebody gives out pictures
  std::uint64_t first_version_;                    ///< of a list without sources
  std::uint64_t last_version_;
  Hosts hosts_;
  std::set<std::string> changed_;  ///< hosts, since changes() was asked last
};

}  // namespace thumbline
