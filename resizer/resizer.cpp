#include "resizer/resizer.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "common/base/aside_file.h"
#include "common/base/crash_point.h"
#include "common/net/message.h"
#include "common/net/run_key.h"
#include "resizer/thumbnail_name.h"
#include "resizer/wire_recipe.h"

namespace thumbline {
namespace {

using namespace std::chrono_literals;

// One picture in work and one that waits, so that the next is here when the first is done.
constexpr unsigned slots = 2;
// A fetcher that was started again does not know this resizer until it speaks.
constexpr auto between_heartbeats = 500ms;

struct Closing {
  int fd;
  ~Closing() { ::close(fd); }
};

}  // namespace

Resizer::Resizer(const ResizerOptions& options)
    : options_(options),
      worker_(worker_name()),
      decoder_(options.rights, options.time_limit, options.sandbox),
      network_(RunKey::load(options.program.key_file)),
      results_(network_.connect(zmq::socket_type::push, options.results, Flow{})) {
  for (const std::string& endpoint : options.from)
    sources_.push_back(network_.connect(zmq::socket_type::dealer, endpoint, Flow::closing_at_once()));
}

ExitCode Resizer::run() {
  spdlog::info("ready");
  announce(options_.program, "ready", "-");
  while (!stopped_) {
    take_paths();
    wait();
  }
  spdlog::info("stopped");
  return ExitCode::ok;
}

void Resizer::take_paths() {
  for (zmq::socket_t& source : sources_) {
    wire::Path path;
    if (!push_result() || receive(source, path) != Received::message) continue;
    crash_point(CrashPoint::resizer_has_path);
    wire::ToCollector message;
    *message.add_outcomes() = make(path, now());
    unsent_ = std::move(message);
    push_result();
    crash_point(CrashPoint::resizer_has_reported);
    give_credit(source, 1);
  }
}

wire::Outcome Resizer::make(const wire::Path& path, Moment received) {
  wire::Outcome outcome;
  outcome.set_id(path.id());
  outcome.set_url(path.url());
  outcome.set_name(path.name());
  outcome.set_attempt(path.attempt());
  outcome.set_last_attempt(path.last_attempt());

  Result<wire::Resize> made = make_thumbnail(path);
  const std::uint64_t duration = to_us(now() - received);
  if (made) {
    *outcome.mutable_resize() = std::move(*made);
  } else {
    wire::Failure& failure = *outcome.mutable_failure();
    failure.set_reason(made.error().reason.text());
    failure.set_detail(made.error().detail);
    failure.set_transient(made.error().transient);
    spdlog::info("{}: {}: {}", path.url(), failure.reason(), failure.detail());
  }
  outcome.mutable_resize()->set_duration_us(duration);
  outcome.mutable_resize()->set_worker(worker_);
  if (path.has_fetch()) {
    *outcome.mutable_fetch() = path.fetch();
    outcome.mutable_fetch()->set_ended_ago_us(path.fetch().ended_ago_us() + duration);
  }
  return outcome;
}

Result<wire::Resize> Resizer::make_thumbnail(const wire::Path& path) {
  const std::filesystem::path store(options_.store);
  const std::filesystem::path source = store / path.source();  // an absolute path replaces the store's
  const int original = ::open(source.c_str(), O_RDONLY | O_CLOEXEC);
  if (original < 0) return tl::unexpected(file_failure(errno, "cannot open", source));
  const Closing closing{original};
  auto thumbnail =
      AsideFile::create(store / ".partial" / (std::to_string(path.id()) + "-" + std::to_string(::getpid()) + "-thumbnail"));
  if (!thumbnail) return tl::unexpected(thumbnail.error());

  const auto tell_sources = [&] {
    for (zmq::socket_t& peer : sources_) give_credit(peer, 0, path.id());
  };
  Result<DecodeReply> reply = decoder_.make({recipe_of(path.recipe())}, original, thumbnail->fd(), tell_sources);
  if (!reply) return tl::unexpected(reply.error());
  const std::string target = thumbnail_path(path.name(), path.extension(), reply->kind);
  if (target.empty()) return failed(Reason::io, "the name " + path.name() + " leads out of the folder");
  crash_point(CrashPoint::resizer_before_rename);
  if (const auto committed = thumbnail->commit(store / target); !committed) return tl::unexpected(committed.error());
  crash_point(CrashPoint::resizer_after_rename);

  wire::Resize resize;
  resize.set_width(static_cast<std::uint32_t>(reply->source_width));
  resize.set_height(static_cast<std::uint32_t>(reply->source_height));
  resize.set_thumbnail_width(static_cast<std::uint32_t>(reply->width));
  resize.set_thumbnail_height(static_cast<std::uint32_t>(reply->height));
  resize.set_bytes(reply->bytes);
  resize.set_path(target);
  return resize;
}

/// False where the collector still has no room.
bool Resizer::push_result() {
  if (unsent_ && send(results_, *unsent_)) unsent_.reset();
  return !unsent_;
}

void Resizer::give_credit(zmq::socket_t& source, unsigned done, std::uint64_t working_on) {
  wire::Credit credit;
  credit.set_slots(slots);
  credit.set_done(done);
  credit.set_worker(worker_);
  credit.set_working_on(working_on);
  send(source, credit);
}

void Resizer::wait() {
  if (now() >= next_heartbeat_) {
    for (zmq::socket_t& source : sources_) give_credit(source, 0);
    next_heartbeat_ = now() + between_heartbeats;
  }
  std::vector<zmq::pollitem_t> items{{nullptr, signals_.fd(), ZMQ_POLLIN, 0}};
  if (unsent_) {
    items.push_back({results_.handle(), 0, ZMQ_POLLOUT, 0});
  } else {
    for (zmq::socket_t& source : sources_) items.push_back({source.handle(), 0, ZMQ_POLLIN, 0});
  }
  zmq::poll(items, std::chrono::ceil<std::chrono::milliseconds>(std::max<Moment::duration>(next_heartbeat_ - now(), 0ms)));
  if ((items[0].revents & ZMQ_POLLIN) != 0) stopped_ = signals_.take();
}

}  // namespace thumbline
