// Somebody at the pipeline's sockets who has no business there.
//
//   thumbline-stranger KIND results|paths|receipts ENDPOINT KEY_FILE SEED COUNT [LINKS_ENDPOINT]
//
// without a right to be there; they send messages that would end the run, if anybody read them:
//   no-key         no encryption at all
//   own-key        a key of its own, for another server
//   unlisted       knows our public key, but is nobody whom we know
// with the run's own key, but out of its mind:
//   random         random bytes
//   truncated      the beginnings of good messages
//   version        good messages of a version that nobody speaks
//   counts         lengths and numbers that are as large as they can be
//   frames         messages of many frames
//   too-large      messages above the cap
//   unknown        outcomes of links that nobody has asked for
//   credit         asks for more pictures than there are
// with the workers' key, and what a worker must not be able to do:
//   over           says that the run is over
//   hello          says that its settings are others
//   plan           says that it is small, and has a remark that a terminal would obey
//   made-up        outcomes of links that nobody has asked for, with files that nobody wants
//   liar           takes links (at LINKS_ENDPOINT), and hands over such files for them
//   thief          listens for receipts
//
// Prints "sent" when COUNT messages went out, or were refused for a while; ends when standard input does.
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <limits>
#include <random>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "common/net/link_token.h"
#include "common/net/message.h"
#include "common/net/run_key.h"
#include "proto/pipeline.pb.h"

using namespace thumbline;

namespace {

constexpr std::size_t above_the_cap = 5 << 20;
constexpr int patience_ms = 200;  // for a message that nobody takes

std::string bytes_of(const google::protobuf::MessageLite& message) {
  std::string bytes;
  message.SerializeToString(&bytes);
  return bytes;
}

/// For the collector: a few outcomes of made-up links, and that the run is over.
wire::ToCollector end_of_the_run(std::mt19937_64& chance) {
  wire::ToCollector message;
  message.set_version(protocol_version);
  for (int i = 0; i < 3; ++i) {
    wire::Outcome& outcome = *message.add_outcomes();
    outcome.set_id(chance());
    outcome.set_url("http://stranger.invalid/" + std::to_string(chance()));
    outcome.set_name("stranger");
    outcome.set_attempt(1);
  }
  message.set_over(true);
  return message;
}

wire::Credit request(std::uint32_t slots, std::uint32_t done) {
  wire::Credit credit;
  credit.set_version(protocol_version);
  credit.set_slots(slots);
  credit.set_done(done);
  credit.set_worker("stranger");
  return credit;
}

constexpr const char* terminal_sequence = "\x1b]0;owned\x07\x1b[2J";

/// Says of a link that it is done, with a file that is none of its own.
wire::Outcome lie(const wire::Link& link) {
  static int turn = 0;
  const std::array<std::string, 5> paths{"thumbnails/.htaccess", "thumbnails/sub/shell.php", "../outside.jpg",
                                         "thumbnails/" + link.name() + "_thumbnail.jpg",
                                         "thumbnails/" + std::string(300, 'a') + "_thumbnail.jpg"};
  wire::Outcome outcome;
  name_same_attempt(link, outcome);
  outcome.mutable_fetch()->set_path("images/" + link.name() + ".jpg");
  outcome.mutable_fetch()->set_worker(terminal_sequence);
  wire::Resize& resize = *outcome.mutable_resize();
  resize.set_path(paths.at(static_cast<std::size_t>(turn++) % paths.size()));
  resize.set_width(1);
  resize.set_height(1);
  resize.set_thumbnail_width(1);
  resize.set_thumbnail_height(1);
  resize.set_thumbnail("<?php owned");
  resize.set_bytes(resize.thumbnail().size());
  resize.set_worker(terminal_sequence);
  return outcome;
}

class Stranger {
 public:
  Stranger(std::string kind, bool results, unsigned seed) : kind_(std::move(kind)), results_(results), chance_(seed) {}

  /// The frames of its next message.
  std::vector<std::string> say() {
    if (kind_ == "random") return {random_bytes(chance_() % 2000)};
    if (kind_ == "truncated") {
      const std::string good = one_outcome();  // no beginning of it is a whole message with an outcome
      return {good.substr(0, chance_() % good.size())};
    }
    if (kind_ == "version") return {other_version()};
    if (kind_ == "counts") return {absurd_counts()};
    if (kind_ == "frames") return {good_message(), good_message(), random_bytes(30), ""};
    if (kind_ == "too-large") return {good_message() + std::string(above_the_cap, '\0')};
    if (kind_ == "unknown") return {unknown_link()};
    if (kind_ == "over" || kind_ == "hello" || kind_ == "plan") return {bytes_of(as_producer())};
    if (kind_ == "made-up") return {made_up()};
    if (kind_ == "credit") {
      constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
      return {bytes_of(request(most, most))};
    }
    return {good_message()};
  }

 private:
  std::string good_message() { return results_ ? bytes_of(end_of_the_run(chance_)) : bytes_of(request(64, 64)); }

  std::string one_outcome() {
    wire::ToCollector message = end_of_the_run(chance_);
    message.mutable_outcomes()->DeleteSubrange(1, 2);
    message.set_over(false);
    return bytes_of(message);
  }

  std::string random_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(chance_());
    return bytes;
  }

  std::string other_version() {
    const auto version = static_cast<std::uint32_t>(protocol_version + 1 + chance_() % 1000);
    if (!results_) {
      wire::Credit credit = request(64, 64);
      credit.set_version(version);
      return bytes_of(credit);
    }
    wire::ToCollector message = end_of_the_run(chance_);
    message.set_version(version);
    return bytes_of(message);
  }

  /// A repeated field that says to be gigabytes long, behind a version that is right.
  std::string absurd_counts() {
    std::string bytes{'\x08', static_cast<char>(protocol_version)};
    constexpr char outcomes_tag = '\x12';
    const std::string length = chance_() % 2 == 0 ? "\xff\xff\xff\xff\x07" : "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
    return bytes + outcomes_tag + length + random_bytes(100);
  }

  std::string unknown_link() {
    wire::ToCollector message;
    message.set_version(protocol_version);
    wire::Outcome& outcome = *message.add_outcomes();
    outcome.set_id(chance_());
    outcome.set_attempt(static_cast<std::uint32_t>(chance_()));
    outcome.mutable_fetch()->set_bytes(chance_());
    outcome.mutable_fetch()->set_duration_us(chance_());
    outcome.mutable_fetch()->set_path("../../../etc/passwd");
    outcome.mutable_resize()->set_ended_ago_us(chance_());
    if (chance_() % 2 == 0) outcome.mutable_failure()->set_reason(random_bytes(20));
    return bytes_of(message);
  }

  wire::ToCollector as_producer() const {
    wire::ToCollector message;
    message.set_version(protocol_version);
    if (kind_ == "over") message.set_over(true);
    if (kind_ == "hello") message.mutable_hello()->set_settings("run 1x1 fill png");
    if (kind_ == "plan") {
      message.mutable_plan()->set_links(1);
      message.mutable_plan()->set_complete(true);
      message.mutable_plan()->set_remark(terminal_sequence);
    }
    return message;
  }

  std::string made_up() {
    wire::Link link;
    link.set_id(chance_());
    link.set_url("http://stranger.invalid/" + std::to_string(chance_()));
    link.set_name(chance_() % 2 == 0 ? ".htaccess" : "sub/shell");
    link.set_attempt(1);
    link.set_token(random_bytes(16));
    wire::ToCollector message;
    message.set_version(protocol_version);
    *message.add_outcomes() = lie(link);
    return bytes_of(message);
  }

  std::string kind_;
  bool results_;
  std::mt19937_64 chance_;
};

void take_keys(zmq::socket_t& socket, const std::string& kind, const RunKey& key, Role peer) {
  if (kind == "no-key") return;
  const KeyPair& server = peer == Role::coordinator ? key.coordinator : key.worker;
  const RunKey own = RunKey::generate();
  const bool outside = kind == "own-key" || kind == "unlisted";
  socket.set(zmq::sockopt::curve_serverkey, kind == "own-key" ? own.coordinator.public_key : server.public_key);
  socket.set(zmq::sockopt::curve_publickey, outside ? own.worker.public_key : key.worker.public_key);
  socket.set(zmq::sockopt::curve_secretkey, outside ? own.worker.secret_key : key.worker.secret_key);
}

bool send_frames(zmq::socket_t& socket, const std::vector<std::string>& frames) {
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto more = i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none;
    if (!socket.send(zmq::buffer(frames[i]), more)) return false;
  }
  return true;
}

/// Takes `count` links as a fetcher does, and lies about each.
void lie_about_links(zmq::context_t& context, zmq::socket_t& results, const RunKey& key, const std::string& endpoint,
                     int count) {
  zmq::socket_t links(context, zmq::socket_type::pull);
  take_keys(links, "liar", key, Role::coordinator);
  links.connect(endpoint);
  for (int i = 0; i < count; ++i) {
    zmq::message_t frame;
    wire::Link link;
    if (!links.recv(frame) || !link.ParseFromArray(frame.data(), static_cast<int>(frame.size()))) return;
    for (const wire::Link& one : take_apart(link)) {
      wire::ToCollector message;
      message.set_version(protocol_version);
      *message.add_outcomes() = lie(one);
      send_frames(results, {bytes_of(message)});
    }
  }
}

int attack(const std::vector<std::string>& arguments) {
  if (arguments.size() != 6 && arguments.size() != 7) {
    std::cerr << "usage: thumbline-stranger KIND results|paths ENDPOINT KEY_FILE SEED COUNT [LINKS_ENDPOINT]\n";
    return 2;
  }
  const bool results = arguments[1] == "results";
  const bool thief = arguments[1] == "receipts";
  zmq::context_t context(1);
  zmq::socket_t socket(context, results ? zmq::socket_type::push : thief ? zmq::socket_type::pull : zmq::socket_type::dealer);
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::sndtimeo, patience_ms);
  socket.set(zmq::sockopt::reconnect_ivl, 50);
  take_keys(socket, arguments[0], RunKey::load(arguments[3]), arguments[1] == "paths" ? Role::worker : Role::coordinator);
  socket.connect(arguments[2]);
  Stranger stranger(arguments[0], results, static_cast<unsigned>(std::stoul(arguments[4])));
  const int count = std::stoi(arguments[5]);
  if (arguments.size() == 7) lie_about_links(context, socket, RunKey::load(arguments[3]), arguments[6], count);
  for (int i = 0; i < count && !thief && arguments.size() == 6 && send_frames(socket, stranger.say()); ++i) {
  }
  std::cout << "sent" << std::endl;
  pollfd input{STDIN_FILENO, POLLIN, 0};
  ::poll(&input, 1, -1);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return attack({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "thumbline-stranger: " << error.what() << '\n';
    return 1;
  }
}
