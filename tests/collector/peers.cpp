#include "tests/collector/peers.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "common/net/link_token.h"
#include "common/net/message.h"

namespace thumbline::test {

Peers::Peers() : key_(RunKey::generate()), network_(key_), worker_network_(key_.for_workers()) {
  key_.save(folder_ / "run.key");
}

void Peers::run(const std::vector<std::string>& more) {
  program_.reset();
  std::vector<std::string> command{"/bin/sh", "-c", R"(exec "$@" >"$0.out" 2>"$0.err")", folder_ / "program",
                                   std::string(THUMBLINE_PROGRAMS) + "/thumbline-collector"};
  command.insert(command.end(), {"--key", folder_ / "run.key", "--out", out(), "--results", results_endpoint_, "--receipts",
                                 receipts_endpoint_});
  command.insert(command.end(), more.begin(), more.end());
  program_ = std::make_unique<ProgramRun>(command);
  results_endpoint_ = program_->line_after("results");
  receipts_endpoint_ = program_->line_after("receipts");
}

void Peers::start(const std::vector<std::string>& more) {
  results_endpoint_ = receipts_endpoint_ = "tcp://127.0.0.1:*";
  run(more);
  waiting_.clear();
  results_ = network_.connect(zmq::socket_type::push, results_endpoint_, Flow{});
  worker_results_ = worker_network_.connect(zmq::socket_type::push, results_endpoint_, Flow{});
  receipts_ = network_.connect(zmq::socket_type::pull, receipts_endpoint_, Flow{});
}

void Peers::start_again(const std::vector<std::string>& more) {
  run(more);
}

std::string Peers::printed() const {
  return content(folder_ / "program.out");
}

std::string Peers::complained() const {
  return content(folder_ / "program.err");
}

namespace {

void send_patiently(zmq::socket_t& results, wire::ToCollector& message) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!thumbline::send(results, message)) {
    std::array<zmq::pollitem_t, 1> items{{{results.handle(), 0, ZMQ_POLLOUT, 0}}};
    zmq::poll(items, std::chrono::milliseconds(100));
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("the collector takes nothing");
  }
}

}  // namespace

void Peers::send(wire::ToCollector message) {
  send_patiently(*results_, message);
}

void Peers::send_as_worker(wire::ToCollector message) {
  send_patiently(*worker_results_, message);
}

void Peers::send_as_worker(wire::Outcome outcome) {
  outcome.set_token(LinkTokens(key_, run_).token(outcome));
  wire::ToCollector message;
  *message.add_outcomes() = std::move(outcome);
  send_as_worker(std::move(message));
}

void Peers::send(const wire::Outcome& outcome) {
  wire::ToCollector message;
  *message.add_outcomes() = outcome;
  send(std::move(message));
}

void Peers::send_raw(const std::string& bytes) {
  results_->send(zmq::buffer(bytes), zmq::send_flags::none);
}

void Peers::say_hello(const std::string& settings, std::uint64_t session) {
  wire::ToCollector message;
  message.mutable_hello()->set_settings(settings);
  message.mutable_hello()->set_session(session);
  send(std::move(message));
}

void Peers::say_over() {
  wire::ToCollector message;
  message.set_over(true);
  send(std::move(message));
}

wire::ToProducer Peers::answer() {
  wire::ToProducer message;
  std::array<zmq::pollitem_t, 1> items{{{receipts_->handle(), 0, ZMQ_POLLIN, 0}}};
  zmq::poll(items, std::chrono::duration_cast<std::chrono::milliseconds>(patience));
  if (receive(*receipts_, message) != Received::message) throw std::runtime_error("the collector says nothing");
  return message;
}

wire::Receipt Peers::receipt(std::uint64_t id) {
  while (true) {
    const auto found = std::ranges::find(waiting_, id, &wire::Receipt::id);
    if (found != waiting_.end()) {
      wire::Receipt receipt = *found;
      waiting_.erase(found);
      return receipt;
    }
    const wire::ToProducer message = answer();
    waiting_.insert(waiting_.end(), message.receipts().begin(), message.receipts().end());
  }
}

std::set<std::uint64_t> Peers::settled(const std::string& settings, std::uint64_t session) {
  say_hello(settings, session);
  std::set<std::uint64_t> ids;
  to_try_again_.clear();
  while (true) {
    const wire::ToProducer message = answer();
    if (!message.refused().empty()) throw std::runtime_error(message.refused());
    if (message.session() != session) continue;
    run_ = message.run();
    ids.insert(message.settled().begin(), message.settled().end());
    to_try_again_.insert(message.failed().begin(), message.failed().end());
    greeting_ = message;
    if (message.settled_complete()) return ids;
  }
}

int Peers::finish() {
  say_over();
  while (!answer().farewell()) {
  }
  return program_->exit_code();
}

wire::Outcome done_link(std::uint64_t id) {
  const std::string name = "picture" + std::to_string(id);
  wire::Outcome outcome;
  outcome.set_id(id);
  outcome.set_url("https://example.org/" + name + ".jpg");
  outcome.set_name(name);
  outcome.set_attempt(1);
  outcome.set_tries(1);
  wire::Fetch& fetch = *outcome.mutable_fetch();
  fetch.set_bytes(1000);
  fetch.set_http_status(200);
  fetch.set_duration_us(40'000);
  fetch.set_dns_us(1'000);
  fetch.set_connect_us(2'000);
  fetch.set_first_byte_us(30'000);
  fetch.set_ended_ago_us(5'000);
  fetch.set_worker("one:11");
  fetch.set_path("images/" + name + ".jpg");
  wire::Resize& resize = *outcome.mutable_resize();
  resize.set_duration_us(3'000);
  resize.set_ended_ago_us(1'000);
  resize.set_width(640);
  resize.set_height(480);
  resize.set_thumbnail_width(128);
  resize.set_thumbnail_height(96);
  resize.set_bytes(300);
  resize.set_worker("two:22");
  resize.set_path("thumbnails/" + name + "_thumbnail.jpg");
  return outcome;
}

wire::Outcome failed_link(std::uint64_t id, const std::string& reason) {
  wire::Outcome outcome;
  outcome.set_id(id);
  outcome.set_url("https://example.org/missing" + std::to_string(id) + ".jpg");
  outcome.set_name("missing" + std::to_string(id));
  outcome.set_attempt(1);
  outcome.set_tries(1);
  outcome.set_last_attempt(true);
  outcome.mutable_failure()->set_reason(reason);
  outcome.mutable_failure()->set_detail("it is not there");
  return outcome;
}

std::string content(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Stop stop_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const Stop& stop) {
    return stop;
  }
  throw std::runtime_error("nothing was refused");
}

}  // namespace thumbline::test
