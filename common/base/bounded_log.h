#pragma once
#include <spdlog/sinks/base_sink.h>
#include <sys/types.h>

#include <cstdint>
#include <mutex>
#include <string>

namespace thumbline {

/// A log that does not fill the disk: once the file has `most` bytes it goes on in a new one. The first full one stays as
/// NAME.first.log, for how it began; of all others the last one stays, as NAME.before.log. At most three times `most` in all.
class BoundedLog : public spdlog::sinks::base_sink<std::mutex> {
 public:
  static constexpr std::uint64_t usual_most = std::uint64_t{4} << 20U;

  /// Appends to `file`. Throws Stop (`cannot_go_on`) where it cannot be opened, or is a link.
  explicit BoundedLog(std::string file, std::uint64_t most = usual_most);
  ~BoundedLog() override;
  BoundedLog(const BoundedLog&) = delete;
  BoundedLog& operator=(const BoundedLog&) = delete;

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}

 private:
  void open();
  void make_room();

  std::string file_;
  std::uint64_t most_;
  int fd_ = -1;
};

}  // namespace thumbline
