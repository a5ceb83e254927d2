#include "collector/sync_watermark.h"

#include <chrono>
#include <utility>

namespace thumbline {
namespace {

constexpr std::chrono::seconds between_syncs(30);

}  // namespace

SyncWatermark::SyncWatermark(Ledger& ledger, const std::filesystem::path& folder, std::string boot)
    : ledger_(ledger), boot_(std::move(boot)), sync_({folder / "images", folder / "thumbnails", folder}) {
  const Ledger::Synced synced = ledger.synced();
  synced_ = synced.seq;
  // The clock goes on from one process to the next, until the machine is started anew.
  next_ = Moment(std::chrono::microseconds(synced.at_us)) + between_syncs;
}

void SyncWatermark::advance(Moment now) {
  if (const auto written = sync_.result()) {
    if (*written) {
      ledger_.set_synced({boot_, going_on_, static_cast<std::int64_t>(to_us(now.time_since_epoch()))});
      synced_ = going_on_;
    }
    next_ = now + between_syncs;
  }
  if (sync_.is_going_on() || now < next_) return;
  next_ = now + between_syncs;
  begin();
}

void SyncWatermark::begin_last() {
  if (!sync_.is_going_on()) begin();
}

void SyncWatermark::begin() {
  going_on_ = ledger_.last_seq();
  if (going_on_ > synced_) sync_.start();
}

}  // namespace thumbline
