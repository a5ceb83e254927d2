#pragma once
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/base/stop_signals.h"
#include "common/net/network.h"
#include "producer/door.h"
#include "producer/lease_book.h"
#include "producer/link_set.h"
#include "producer/options.h"
#include "producer/publisher.h"
#include "producer/source_thread.h"

namespace thumbline {

/// The producer's loop: links from the source into the lease book, out of it to the workers, receipts back into it, until every
/// link has its outcome and the collector has said farewell. One thread owns all sockets; the source has a second one.
class Producer {
  static constexpr std::size_t most_retries = 512;  // that wait for the collector's word

 public:
  /// Throws Stop where the source cannot be read or a socket cannot be bound.
  explicit Producer(const ProducerOptions& options);

  ExitCode run();

 private:
  void open_door();
  bool introduce();
  void take_receipts();
  void take_answer(const wire::ToProducer& answer);
  void take_links();
  void call_for_workers();
  void publish();
  bool publish_verdict(const LeaseBook::Publication& work);
  void ask_for_retries();
  void check_length() const;
  void report();
  void wait();
  [[nodiscard]] bool has_room() const { return book_.has_room() && retries_.size() < most_retries; }
  [[nodiscard]] bool is_settled() const { return plan_.complete() && book_.empty() && retries_.empty(); }

  ProducerOptions options_;
  StopSignals signals_;
  Network network_;
  zmq::socket_t results_;
  zmq::socket_t receipts_;
  Publisher publisher_;
  std::optional<Door> door_;
  Moment all_are_back_{};  ///< workers that were there before this process have found its door by then
  LinkSet known_;
  LinkSet failed_;  ///< of these, what failed in an earlier run and is to be tried again
  std::unordered_map<std::uint64_t, Found>
      retries_;                        ///< links of the list among those, until the collector says that they may go
  std::vector<std::uint64_t> to_ask_;  ///< those that it was not asked about yet
  std::uint64_t read_before_ = 0;      ///< how much of the source the producers before this one had read, in this run
  LeaseBook book_;
  SourceThread source_;
  std::mt19937_64 random_;
  std::uint64_t session_;  ///< of this process
  wire::Plan plan_;
  bool stopped_ = false;   ///< by a signal
  bool accepted_ = false;  ///< by the collector, which has told what is settled
  bool farewell_ = false;
  bool may_resume_ = false;  ///< the ledger held something: the store may too
  bool store_is_sound_ = true;
  bool called_for_workers_ = false;
  bool blocked_ = false;  ///< nobody has room for what is next
  bool plan_changed_ = false;
  bool over_ = false;  ///< nothing is left to do
  Moment next_hello_{};
  Moment next_report_{};
  Moment next_look_{};      ///< at the source
  Moment next_question_{};  ///< about retries
};

}  // namespace thumbline
