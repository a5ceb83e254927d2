#include "producer/source_thread.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace thumbline {
namespace {

constexpr std::size_t most_ahead = 2048;

}  // namespace

SourceThread::SourceThread(std::unique_ptr<LinkSource> source)
    : source_(std::move(source)), event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (event_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

SourceThread::~SourceThread() {
  thread_.request_stop();
  thread_.join();
  ::close(event_);
}

SourceThread::Batch SourceThread::take() {
  std::uint64_t ignored = 0;
  [[maybe_unused]] const auto read = ::read(event_, &ignored, sizeof ignored);
  const std::lock_guard lock(mutex_);
  if (error_ != nullptr) std::rethrow_exception(std::exchange(error_, nullptr));
  Batch batch{std::exchange(found_, {}), ended_, ended_ ? source_->remark() : std::string()};
  has_room_.notify_one();
  return batch;
}

void SourceThread::run(const std::stop_token& stop) {
  std::exception_ptr error;
  try {
    while (std::optional<Found> one = source_->next(stop)) {
      std::unique_lock lock(mutex_);
      if (!has_room_.wait(lock, stop, [this] { return found_.size() < most_ahead; })) break;
      found_.push_back(std::move(*one));
      if (found_.size() == 1) signal();
    }
  } catch (...) {
    error = std::current_exception();  // the producer's own thread reports it
  }
  const std::lock_guard lock(mutex_);
  error_ = error;
  ended_ = true;
  signal();
}

void SourceThread::signal() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(event_, &one, sizeof one);
}

}  // namespace thumbline
