#include "producer/source_thread.h"

#include <poll.h>

#include <atomic>
#include <stdexcept>

#include "tests/catch.h"

using namespace thumbline;

namespace {

/// Gives out `count` links, then ends or throws.
class Counting : public LinkSource {
 public:
  Counting(std::uint64_t count, bool throws, std::atomic<std::uint64_t>& given)
      : count_(count), throws_(throws), given_(given) {}
  std::optional<Found> next(std::stop_token /*stop*/) override {
    if (given_ == count_) {
      if (throws_) throw std::runtime_error("the disk is gone");
      return std::nullopt;
    }
    Found found;
    found.link.id = ++given_;
    return found;
  }
  [[nodiscard]] std::string remark() const override { return "that was all"; }

 private:
  std::uint64_t count_;
  bool throws_;
  std::atomic<std::uint64_t>& given_;
};

void wait_for(const SourceThread& source) {
  pollfd item{source.fd(), POLLIN, 0};
  REQUIRE(::poll(&item, 1, 60'000) == 1);
}

}  // namespace

TEST_CASE("everything that a source gives arrives once and in order, and the end is told with its remark") {
  std::atomic<std::uint64_t> given = 0;
  SourceThread source(std::make_unique<Counting>(5000, false, given));
  std::uint64_t expected = 0;
  SourceThread::Batch batch;
  while (!batch.ended) {
    wait_for(source);
    batch = source.take();
    for (const Found& found : batch.found) REQUIRE(found.link.id == ++expected);
  }
  CHECK(expected == 5000);
  CHECK(batch.remark == "that was all");
}

TEST_CASE("a source is not read far ahead of what is wanted") {
  std::atomic<std::uint64_t> given = 0;
  SourceThread source(std::make_unique<Counting>(1'000'000, false, given));
  wait_for(source);
  source.take();
  wait_for(source);
  CHECK(given < 5000);
}

TEST_CASE("what a source throws is thrown where its links are taken") {
  std::atomic<std::uint64_t> given = 0;
  SourceThread source(std::make_unique<Counting>(0, true, given));
  wait_for(source);
  CHECK_THROWS_AS(source.take(), std::runtime_error);
}
