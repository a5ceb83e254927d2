#include "resizer/resizer.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "common/base/aside_file.h"
#include "common/base/aside_folder.h"
#include "common/base/crash_point.h"
#include "common/base/picture_path.h"
#include "common/base/regular_file.h"
#include "common/base/run_folder_owner.h"
#include "common/base/store_trial.h"
#include "common/base/thumbnail_name.h"
#include "common/net/link_token.h"
#include "common/net/message.h"
#include "common/net/run_key.h"
#include "common/net/uninterrupted.h"
#include "resizer/fault_injection.h"
#include "resizer/wire_recipe.h"

namespace thumbline {
namespace {

using namespace std::chrono_literals;

// A restarted fetcher does not know this resizer until it gets a heartbeat.
constexpr auto between_heartbeats = 500ms;
// For the pictures already received, and until the sources are finished.
constexpr auto longest_drain = 60s;
constexpr auto longest_silence = 2s;  // a source may be gone without a word

// Bytes of a thumbnail; a message may have 4 MiB.
constexpr std::uint64_t most_to_send = 3U << 20;
// Results in one message; one with a thumbnail is the last of its message.
constexpr int most_results = 16;
// From then on heartbeats name the picture in work.
constexpr auto is_long = 400ms;

constexpr std::size_t longest_logged = 500;  // bytes of a link, and of an error message

struct Closing {
  int fd;
  ~Closing() { ::close(fd); }
};

}  // namespace

Resizer::Resizer(const ResizerOptions& options)
    : options_(options),
      worker_(worker_name(options.program)),
      decoder_(options.rights, options.time_limit, options.sandbox),
      network_(RunKey::load(options.program.key_file)),
      place_{options.store, "", true},
      sources_(network_, worker_) {
  if (options.head.empty()) {
    if (const auto own = check_run_folder_owner(options.store); !own) throw Stop(ExitCode::bad_usage, own.error().detail);
    results_ = network_.connect(zmq::socket_type::push, options.results, Flow{});
    for (const std::string& endpoint : options.from) sources_.connect(endpoint, Role::worker);
    for (const std::string& endpoint : options.from_producer) sources_.connect(endpoint, Role::coordinator);
    return;
  }
  head_.emplace(network_, options.head, options.program);
  head_->find(signals_);
  if (!head_->places().thumbnails()) throw Stop(ExitCode::ok, "no thumbnails are made in this run");
  place_ = find_workplace(head_->places(), options.store);
  head_->expect_results(network_);
  results_ = network_.connect(zmq::socket_type::push, head_->endpoint(head_->places().results()), Flow{});
  head_->look_for_sources(place_.store);
}

ExitCode Resizer::run() {
  spdlog::info("ready");
  if (!place_.shared) announce(options_.program, "local", place_.folder);
  announce(options_.program, "ready", "-");
  while (!stopped_ && !(head_ && head_->places().over())) {
    take_paths();
    wait();
  }
  if (stopped_ && !signals_.at_once()) drain();
  AsideFolder(place_.folder).remove_if_empty();  // the coordinator may have finished before the last worker
  spdlog::info("stopped");
  if (trouble_.is_hopeless()) throw Stop(ExitCode::bad_usage, trouble_.text());
  return ExitCode::ok;
}

void Resizer::take_paths() {
  wire::Path path;
  while (!signals_.at_once() && (!results_are_due() || push_results()) && sources_.take(path)) {
    crash_point(CrashPoint::resizer_has_path);
    report(path);
    if (results_are_due()) push_results();
    crash_point(CrashPoint::resizer_has_reported);
    sources_.done();
    exchange_heartbeats();
    if (signals_.take() || trouble_.is_hopeless()) {
      stopped_ = true;
      break;
    }
  }
  push_results();
}

/// Makes the thumbnails of paths that were sent before the sources knew that this resizer leaves.
void Resizer::drain() {
  sources_.leave();
  const Moment begin = now();
  Moment last_path = begin;
  while (!signals_.at_once() && now() - begin < longest_drain) {
    wire::Path path;
    if (push_results() && sources_.take(path)) {
      report(path);
      last_path = now();
      continue;
    }
    if (unsent_.outcomes_size() == 0 && (sources_.are_finished() || now() - last_path > longest_silence)) return;
    wait();
  }
}

/// Heartbeats to and from the coordinator and the sources. Called after each picture and while one takes long.
void Resizer::exchange_heartbeats(std::uint64_t working_on) {
  if (head_ && head_->attend(now())) sources_.update(*head_, head_->places(), place_.store, now());
  if (now() < next_heartbeat_ && working_on == 0) return;
  sources_.send_heartbeats(working_on, now());
  next_heartbeat_ = now() + between_heartbeats;
}

/// Makes the thumbnail and adds the outcome to the results.
void Resizer::report(const wire::Path& path) {
  wire::Outcome outcome = make(path, now());
  *unsent_.add_outcomes() = std::move(outcome);
}

wire::Outcome Resizer::make(const wire::Path& path, Moment received) {
  wire::Outcome outcome;
  name_same_attempt(path, outcome);

  Result<wire::Resize> made = make_thumbnail(path);
  const std::uint64_t duration = to_us(now() - received);
  slots_.note(std::chrono::microseconds(duration));
  sources_.set_slots(slots_.count());
  if (!made && place_.shared) try_store(made.error(), place_.folder, "thumbnails");
  if (head_ && !made) trouble_.note(made.error());
  if (made) {
    trouble_.note_success();
    *outcome.mutable_resize() = std::move(*made);
  } else {
    wire::Failure& failure = *outcome.mutable_failure();
    failure.set_reason(made.error().reason.text());
    failure.set_detail(made.error().detail);
    failure.set_transient(made.error().transient);
    failure.set_retry_after_ms(static_cast<std::uint64_t>(made.error().retry_after.count()));
    spdlog::info("{}: {}: {}", path.url().substr(0, longest_logged), failure.reason(),
                 failure.detail().substr(0, longest_logged));
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
  const std::filesystem::path store(place_.folder);
  // Workers may only name regular files in the store. The producer's paths come from the user.
  const bool named_by_user = sources_.giver() == Role::coordinator;
  if (!named_by_user && !is_picture_path(path.source(), path.name()))
    return failed(Reason::io, "not a picture in the store: " + path.source());
  const std::filesystem::path source = store / path.source();  // an absolute path replaces the store
  const Result<int> original = open_regular(source, named_by_user ? Symlinks::follow : Symlinks::refuse);
  if (!original) return tl::unexpected(original.error());
  const Closing closing{*original};
  auto thumbnail = AsideFile::create(AsideFolder(store).fresh(std::to_string(path.id()) + "-thumbnail"));
  if (!thumbnail) return tl::unexpected(thumbnail.error());

  inject_delay();
  const auto tell_others = [&, begin = now()] {
    push_results();
    sources_.send_credits();
    if (now() - begin >= is_long) exchange_heartbeats(path.id());
  };
  const auto write = [&](std::span<const std::byte> bytes) { return thumbnail->write(bytes); };
  Result<DecodeReply> reply = decoder_.make(recipe_of(path.recipe()), *original, write, tell_others);
  if (!reply) return tl::unexpected(reply.error());
  const std::string target = thumbnail_path(path.name(), path.extension(), reply->kind);
  if (target.empty()) return failed(Reason::io, "the name " + path.name() + " leads out of the store");
  crash_point(CrashPoint::resizer_before_rename);
  wire::Resize resize;
  if (place_.shared) {
    if (const auto committed = thumbnail->commit(store / target); !committed) return tl::unexpected(committed.error());
  } else {
    auto bytes = thumbnail->read_back(most_to_send);
    if (!bytes) return tl::unexpected(bytes.error());
    resize.set_thumbnail(std::move(*bytes));
  }
  crash_point(CrashPoint::resizer_after_rename);
  resize.set_width(static_cast<std::uint32_t>(reply->source_width));
  resize.set_height(static_cast<std::uint32_t>(reply->source_height));
  resize.set_thumbnail_width(static_cast<std::uint32_t>(reply->width));
  resize.set_thumbnail_height(static_cast<std::uint32_t>(reply->height));
  resize.set_bytes(reply->bytes);
  resize.set_path(target);
  return resize;
}

/// Whether to send the results now: the message is full, or pictures take long.
bool Resizer::results_are_due() const {
  const int gathered = unsent_.outcomes_size();
  if (gathered == 0) return false;
  return gathered >= most_results || slots_.count() == Slots::fewest ||
         !unsent_.outcomes(gathered - 1).resize().thumbnail().empty();
}

/// False if the collector cannot take them yet.
bool Resizer::push_results() {
  if (unsent_.outcomes_size() == 0) return true;
  if (head_) unsent_.set_run(head_->places().store());
  if (!send(results_, unsent_)) return false;
  unsent_.Clear();
  return true;
}

void Resizer::wait() {
  sources_.send_credits();
  exchange_heartbeats();
  std::vector<zmq::pollitem_t> items{{nullptr, signals_.fd(), ZMQ_POLLIN, 0}};
  if (head_) items.push_back({head_->handle(), 0, ZMQ_POLLIN, 0});
  if (unsent_.outcomes_size() > 0) {
    items.push_back({results_.handle(), 0, ZMQ_POLLOUT, 0});
  } else {
    sources_.add_to(items);
  }
  const Moment until = head_ ? std::min(next_heartbeat_, head_->due()) : next_heartbeat_;
  wait_for(items, std::chrono::ceil<std::chrono::milliseconds>(std::max<Moment::duration>(until - now(), 0ms)));
  if ((items[0].revents & ZMQ_POLLIN) != 0) stopped_ = signals_.take() || stopped_;
}

}  // namespace thumbline
