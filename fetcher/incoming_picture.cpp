#include "fetcher/incoming_picture.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

#include "common/base/crash_point.h"

namespace thumbline {
namespace {

Result<void> refuse(std::span<const std::byte> head) {
  if (head.empty()) return failed(Reason::not_an_image, "the answer is empty");
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  const bool page = text.find_first_not_of(" \t\r\n") != std::string_view::npos &&
                    text[text.find_first_not_of(" \t\r\n")] == '<' && !text.starts_with("<svg");
  return failed(Reason::not_an_image, page ? "the answer is a page, not a picture" : "the first bytes are those of no picture");
}

}  // namespace

void IncomingPicture::begin(std::uint64_t id, std::string name, std::uint64_t max_bytes) {
  drop();
  id_ = id;
  name_ = std::move(name);
  max_bytes_ = max_bytes;
  before_ = store_.mark(name_);
}

void IncomingPicture::drop() {
  bytes_ = 0;
  block_.clear();
  kind_.reset();
  file_.reset();
}

Result<void> IncomingPicture::take(std::span<const std::byte> bytes) {
  bytes_ += bytes.size();
  if (bytes_ > max_bytes_) return failed(Reason::too_large, "more than " + std::to_string(max_bytes_) + " bytes have come");
  while (!bytes.empty()) {
    const std::size_t taken = std::min(bytes.size(), block_bytes - block_.size());
    block_.insert(block_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    bytes = bytes.subspan(taken);
    if (!kind_ && block_.size() >= image_kind_bytes) {
      if (auto known = know_kind(); !known) return known;
    }
    if (block_.size() == block_bytes) {
      if (auto written = write_block(); !written) return written;
      crash_point(CrashPoint::fetcher_has_half);
    }
  }
  return {};
}

Result<StoredPicture> IncomingPicture::finish() {
  if (!kind_) {
    if (auto known = know_kind(); !known) return tl::unexpected(known.error());
  }
  if (auto written = write_block(); !written) return tl::unexpected(written.error());
  crash_point(CrashPoint::fetcher_before_rename);
  if (auto theirs = store_.changed_since(before_, name_)) return take_over(std::move(*theirs));
  StoredPicture stored{Store::picture_path(name_, *kind_), bytes_};
  const auto first = file_->commit_if_first(store_.full(stored.path));
  if (!first) return tl::unexpected(first.error());
  if (!*first) {
    if (auto theirs = store_.find(name_)) return take_over(std::move(*theirs));
    // What lies there is no picture: a power cut has left it.
    if (auto named = file_->commit(store_.full(stored.path)); !named) return tl::unexpected(named.error());
  }
  crash_point(CrashPoint::fetcher_after_rename);
  file_.reset();
  return stored;
}

StoredPicture IncomingPicture::take_over(StoredPicture theirs) {
  file_.reset();
  bytes_ = theirs.bytes;
  return theirs;
}

Result<void> IncomingPicture::know_kind() {
  kind_ = image_kind(block_);
  if (!kind_) return refuse(block_);
  return {};
}

Result<void> IncomingPicture::write_block() {
  if (!file_) {
    auto created = AsideFile::create(store_.aside_path(id_));
    if (!created) return tl::unexpected(created.error());
    file_ = std::move(*created);
  }
  auto written = file_->write(block_);
  block_.clear();
  return written;
}

}  // namespace thumbline
