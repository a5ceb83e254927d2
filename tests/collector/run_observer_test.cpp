#include "collector/run_observer.h"

#include <array>

#include "collector/collector.h"
#include "common/net/message.h"
#include "tests/catch.h"
#include "tests/collector/book.h"

using namespace thumbline;
using namespace std::chrono_literals;

namespace {

/// Keeps what it is told.
class Recorder : public RunObserver {
 public:
  [[nodiscard]] std::chrono::milliseconds interval() const override { return 20ms; }
  void on_progress(const RunStatus& status, Moment now) override {
    CHECK_FALSE(has_ended);
    CHECK(now >= status.started);
    last = status.progress;
    figures = status.figures.figures(7);
    shares = status.figures.members().members().size();
  }
  void on_remark(const std::string& line) override { remarks.push_back(line); }
  void on_end() override { has_ended = true; }

  Progress last;
  RunFigures figures;
  std::size_t shares = 0;
  std::vector<std::string> remarks;
  bool has_ended = false;
};

}  // namespace

TEST_CASE("each observer is told how far the run is, its figures and its workers, remarks once, and the end") {
  test::ScratchFolder folder;
  test::Book book;
  book.record({test::done_link(9)});  // in an earlier run
  book.open("another invocation");
  Network network(RunKey::generate());
  Collector collector(network, "tcp://127.0.0.1:*", "tcp://127.0.0.1:*", folder.path(), *book.operator->(),
                      {now(), wall_now()});
  zmq::socket_t producer = network.connect(zmq::socket_type::push, collector.results_endpoint(), Flow{});
  wire::ToCollector message;
  message.mutable_hello()->set_settings("run 128x128 inside same");
  message.mutable_plan()->set_links(4);
  message.mutable_plan()->set_complete(true);
  message.mutable_plan()->set_remark("the gallery has no more");
  for (const auto& outcome : {test::done_link(1), test::done_link(2), test::done_link(2), test::failed_link(3, "timeout")}) {
    *message.add_outcomes() = outcome;
  }
  message.set_over(true);
  REQUIRE(send(producer, message));

  Recorder page;
  Recorder metrics;
  const std::array<RunObserver*, 2> observers{&page, &metrics};
  StopSignals signals;
  collector.run_until_over(observers, signals);
  for (const Recorder* observer : {&page, &metrics}) {
    CHECK(observer->last.done == 3);  // with that of the earlier run
    CHECK(observer->last.failed == 1);
    CHECK(observer->last.links == 4);
    CHECK(observer->last.all_known);
    CHECK(observer->figures.done == 2);  // of this one, each link once
    CHECK(observer->figures.reasons == std::map<std::string, std::uint64_t>{{"timeout", 1}});
    CHECK(observer->figures.fetch.p50_us >= 40'000);
    CHECK(observer->shares == 2);
    CHECK(observer->remarks == std::vector<std::string>{"the gallery has no more"});
    CHECK(observer->has_ended);
  }
}
