#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include "collector/disk_sync.h"
#include "collector/ledger.h"
#include "common/base/clock.h"

namespace thumbline {

/// Up to which row of the ledger the pictures are on the disk: has the file systems written out twice a minute, and notes in
/// the ledger which rows were there before. After a power loss those behind it are looked at (lost_files()).
class SyncWatermark {
 public:
  /// `folder` is the run's.
  SyncWatermark(Ledger& ledger, const std::filesystem::path& folder, std::string boot);

  /// To be called now and then; never waits.
  void advance(Moment now);
  /// At the end: begins at once, where anything is left to write.
  void begin_last();
  [[nodiscard]] bool is_going_on() const { return sync_.is_going_on(); }

 private:
  void begin();

  Ledger& ledger_;
  std::string boot_;
  DiskSync sync_;
  std::int64_t synced_;
  std::int64_t going_on_ = 0;  ///< up to this row
  Moment next_;
};

}  // namespace thumbline
