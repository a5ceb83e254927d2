#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/aside_file.h"
#include "common/base/result.h"
#include "fetcher/store.h"

namespace thumbline {

/// The bytes of one picture on their way from the network into the store. Never holds more than block_bytes of it; one that
/// fits into a block is written in one go. Used again for one picture after the other, so that the block is allocated once.
class IncomingPicture {
 public:
  static constexpr std::size_t block_bytes = 64 << 10;

  explicit IncomingPicture(Store& store) : store_(store) { block_.reserve(block_bytes); }

  /// The next picture begins; what was there of the one before is forgotten, and its partial file removed.
  void begin(std::uint64_t id, std::string name, std::uint64_t max_bytes);

  /// The next bytes. Fails with `not-an-image` as soon as the first bytes say so, with `too-large`, `disk-full` or `io`.
  Result<void> take(std::span<const std::byte> bytes);

  /// All bytes have come: gives the file its name. Fails as take() does. Where there is a whole picture of that name already,
  /// or another fetcher has brought one of another kind since begin(), that one stays and is the result: the ledger may tell of
  /// it already.
  Result<StoredPicture> finish();

  /// Removes what is there.
  void drop();

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  Result<void> know_kind();
  Result<void> write_block();
  StoredPicture take_over(StoredPicture theirs);

  Store& store_;
  std::uint64_t id_ = 0;
  std::string name_;
  std::uint64_t max_bytes_ = 0;
  Store::Mark before_;  ///< what was there when it began
  std::uint64_t bytes_ = 0;
  std::vector<std::byte> block_;
  std::optional<ImageKind> kind_;
  std::optional<AsideFile> file_;
};

}  // namespace thumbline
