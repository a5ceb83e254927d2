#pragma once
#include <poll.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "fetcher/lane.h"
#include "tests/catch.h"
#include "tests/fetcher/gallery.h"
#include "tests/scratch_folder.h"

namespace thumbline::test {

inline TransferLimits local_limits() {
  TransferLimits limits;
  limits.allow_private = true;
  return limits;
}

/// One lane that fetches into a scratch folder.
class Fetching {
 public:
  explicit Fetching(const TransferLimits& limits = local_limits(), std::size_t connections = 32)
      : store_(folder_.path()), lane_(std::make_unique<Lane>(store_, limits, connections, silences_, done_)) {}

  void begin(const std::string& url, const std::string& name = "name") {
    std::vector<Order> orders{{next_id_++, url, name}};
    lane_->fetch(orders);
  }
  Fetched end() {
    while (ended_.empty()) {
      pollfd item{done_.fd(), POLLIN, 0};
      if (::poll(&item, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) <= 0)
        throw std::runtime_error("no end");
      ended_ = done_.take();
    }
    Fetched fetched = std::move(ended_.back());
    ended_.pop_back();
    return fetched;
  }
  Fetched fetch(const std::string& url, const std::string& name = "name") {
    begin(url, name);
    return end();
  }
  /// The reason's text; "done" where there is none.
  std::string reason(const std::string& url) {
    const Fetched fetched = fetch(url);
    if (!fetched.failure) return "done";
    UNSCOPED_INFO(url << ": " << fetched.failure->detail);
    return fetched.failure->reason.text();
  }
  void stop() { lane_.reset(); }

  [[nodiscard]] std::string stored(const std::string& path) const { return file_bytes(store_.full(path)); }
  [[nodiscard]] std::size_t partial_files() const {
    std::size_t files = 0;
    std::error_code none;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder_ / ".partial", none)) ++files;
    return files;
  }

 private:
  ScratchFolder folder_;
  Store store_;
  Mailbox<Silence> silences_;
  Mailbox<Fetched> done_;
  std::vector<Fetched> ended_;
  std::uint64_t next_id_ = 1;
  std::unique_ptr<Lane> lane_;
};

}  // namespace thumbline::test
