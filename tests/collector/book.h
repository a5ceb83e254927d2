#pragma once
#include <memory>
#include <string>
#include <vector>

#include "collector/ledger.h"
#include "collector/ledger_check.h"
#include "tests/collector/peers.h"

namespace thumbline::test {

/// A ledger that can be closed and opened again.
class Book {
 public:
  Book() { open(); }
  void open(const std::string& invocation = {}) {
    ledger_.reset();
    ledger_ = std::make_unique<Ledger>(file(), WallTime{}, invocation);
  }
  void check() {
    Database reader(file(), Database::Access::read);
    check_ledger(reader, file());
  }
  void close() { ledger_.reset(); }
  Ledger* operator->() { return ledger_.get(); }
  [[nodiscard]] std::string file() const { return scratch_ / "ledger.sqlite"; }
  void record(const std::vector<wire::Outcome>& outcomes, std::int64_t wall_us = 1) {
    std::vector<LinkRow> rows;
    rows.reserve(outcomes.size());
    for (const wire::Outcome& outcome : outcomes) rows.push_back(link_row(outcome, 1'000'000));
    ledger_->record(rows, wall_us);
  }
  std::vector<LinkRow> rows() {
    std::vector<LinkRow> result;
    ledger_->each_row([&](const LinkRow& row) { result.push_back(row); });
    return result;
  }

 private:
  test::ScratchFolder scratch_;
  std::unique_ptr<Ledger> ledger_;
};

}  // namespace thumbline::test
