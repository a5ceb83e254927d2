// The whole program, with the test as its fetcher and its collector, over real sockets.
#include "resizer/resizer.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <map>
#include <set>
#include <span>
#include <sstream>
#include <string_view>

#include "common/base/image_kind.h"
#include "common/net/dispatcher.h"
#include "common/net/message.h"
#include "tests/catch.h"
#include "tests/program_run.h"
#include "tests/resizer/image/drawn_picture.h"
#include "tests/resizer/image/drawn_profile.h"

using namespace thumbline;
using namespace thumbline::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

struct Neighbours {
  Neighbours() {
    key.save(folder / "run.key");
    put("images/good.jpg", drawn::jpeg(drawn::draw(400, 300, Pixel::rgb)));
  }

  ProgramRun start(std::vector<std::string> more = {}) {
    std::vector<std::string> command{std::string(THUMBLINE_PROGRAMS) + "/thumbline-resizer",
                                     "--key",
                                     folder / "run.key",
                                     "--from-producer",
                                     dispatcher.endpoint(),
                                     "--from",
                                     fetchers_dispatcher.endpoint(),
                                     "--results",
                                     Network::bound_endpoint(results),
                                     "--store",
                                     folder.path().string()};
    command.insert(command.end(), more.begin(), more.end());
    return ProgramRun(std::move(command));
  }

  void put(const std::string& name, const drawn::Bytes& bytes) const {
    fs::create_directories((folder.path() / name).parent_path());
    std::ofstream(folder / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }

  std::string text_of(const std::string& name) const {
    std::ifstream in(folder.path() / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

  /// Gives out the path as soon as the resizer asks; each time as another link's.
  void give(const std::string& source, const std::string& name) { give(dispatcher, source, name); }
  void give(Dispatcher& giver, const std::string& source, const std::string& name) {
    offer(giver, source, name);
    giver.flush();
  }
  /// It goes with the next flush.
  void offer(Dispatcher& giver, const std::string& source, const std::string& name) {
    wire::Path path;
    path.set_id(++last_id);
    path.set_source(source);
    path.set_name(name);
    path.set_attempt(1);
    path.mutable_recipe()->set_width(100);
    path.mutable_recipe()->set_height(100);
    path.mutable_fetch()->set_ended_ago_us(5);
    const Moment deadline = now() + patience;
    while (true) {
      giver.take_credit();
      if (giver.offer(path)) return;
      if (now() > deadline) throw std::runtime_error("the resizer does not ask for work");
      std::vector<zmq::pollitem_t> items{{giver.handle(), 0, ZMQ_POLLIN, 0}};
      zmq::poll(items, 100ms);
    }
  }

  wire::Outcome outcome() {
    std::vector<zmq::pollitem_t> items{{results.handle(), 0, ZMQ_POLLIN, 0}};
    zmq::poll(items, patience);
    wire::ToCollector message;
    if (receive(results, message) != Received::message || message.outcomes_size() != 1)
      throw std::runtime_error("no outcome came");
    return message.outcomes(0);
  }

  std::uint64_t last_id = 0;
  ScratchFolder folder;
  RunKey key = RunKey::generate();
  Network network{key};
  Network worker_network{key.for_workers()};
  Dispatcher dispatcher{network, "tcp://127.0.0.1:*"};  ///< the producer's
  Dispatcher fetchers_dispatcher{worker_network, "tcp://127.0.0.1:*"};
  zmq::socket_t results = network.bind(zmq::socket_type::pull, "results", "tcp://127.0.0.1:*", Flow{});
};

/// The one child of a process.
pid_t child_of(pid_t parent) {
  const std::string file = "/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children";
  for (const Moment deadline = now() + patience; now() < deadline;) {
    pid_t child = 0;
    if (std::ifstream(file) >> child) return child;
  }
  throw std::runtime_error("no decoder was started");
}

/// A variable of this process and of all that it starts meanwhile.
struct Variable {
  Variable(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

constexpr std::string_view fault_word = "thumbline-fault";

/// The same JPEG with a comment in it, by which its decoder knows what to do (resizer/fault_injection.h).
drawn::Bytes with_fault(drawn::Bytes jpeg) {
  std::string comment("\xFF\xFE\0", 3);
  comment += static_cast<char>(fault_word.size() + 2);
  comment += fault_word;
  const auto bytes = std::as_bytes(std::span(comment));
  jpeg.insert(jpeg.begin() + 2, bytes.begin(), bytes.end());
  return jpeg;
}

/// Where the descriptors of a process lead.
std::map<int, std::string> files_of(pid_t process) {
  std::map<int, std::string> files;
  for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(process) + "/fd")) {
    files[std::stoi(entry.path().filename())] = fs::read_symlink(entry.path());
  }
  return files;
}

/// Not in a sanitizer's build, nor on a kernel without.
bool confine_system_calls_works() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(confine_system_calls() ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0) WARN("a part of this is left out; system calls cannot be confined here: " << missing_protection({}));
  return status == 0;
}

}  // namespace

TEST_CASE("a picture becomes a thumbnail under its final name, and the outcome says all about it") {
  Neighbours neighbours;
  const ProgramRun resizer = neighbours.start();
  neighbours.give("images/good.jpg", "good");
  const wire::Outcome outcome = neighbours.outcome();
  CHECK_FALSE(outcome.has_failure());
  CHECK(outcome.id() == 1);
  CHECK(outcome.resize().path() == "thumbnails/good_thumbnail.jpg");
  CHECK(outcome.resize().thumbnail_width() == 100);
  CHECK(outcome.resize().thumbnail_height() == 75);
  CHECK(outcome.resize().width() == 400);
  CHECK(outcome.resize().duration_us() > 0);
  CHECK(outcome.fetch().ended_ago_us() >= outcome.resize().duration_us());
  CHECK(fs::file_size(neighbours.folder.path() / outcome.resize().path()) == outcome.resize().bytes());
  CHECK(fs::is_empty(neighbours.folder.path() / ".partial"));
}

TEST_CASE("a worker gives out what lies in the store alone; the producer also what the user has elsewhere") {
  Neighbours neighbours;
  const ScratchFolder elsewhere;
  const std::string secret = elsewhere / "private.jpg";
  fs::copy(neighbours.folder / "images/good.jpg", secret);
  fs::create_symlink(secret, neighbours.folder / "images/link.jpg");
  const ProgramRun resizer = neighbours.start();
  const std::string way_out = "images/../../" + elsewhere.path().filename().string() + "/private.jpg";
  for (const std::string& source : {secret, way_out, std::string("images/good.jpg"), std::string("images/link.jpg")}) {
    neighbours.give(neighbours.fetchers_dispatcher, source, "link");
    CHECK(neighbours.outcome().failure().reason() == "io");
    CHECK_FALSE(fs::exists(neighbours.folder / "thumbnails/link_thumbnail.jpg"));
  }
  neighbours.give(neighbours.fetchers_dispatcher, "images/good.jpg", "good");
  CHECK_FALSE(neighbours.outcome().has_failure());
  neighbours.give(neighbours.dispatcher, secret, "private");
  CHECK_FALSE(neighbours.outcome().has_failure());
}

TEST_CASE("the same picture twice gives the same bytes") {
  Neighbours neighbours;
  const ProgramRun resizer = neighbours.start();
  std::vector<std::string> made;
  for (int i = 0; i < 2; ++i) {
    neighbours.give("images/good.jpg", "good");
    made.push_back(neighbours.text_of(neighbours.outcome().resize().path()));
  }
  CHECK_FALSE(made[0].empty());
  CHECK(made[0] == made[1]);
}

TEST_CASE("what cannot be shrunk is a failure with its reason, leaves nothing behind, and the next picture is made") {
  Neighbours neighbours;
  drawn::Bytes truncated = drawn::jpeg(drawn::draw(400, 300, Pixel::rgb));
  truncated.resize(truncated.size() / 2);
  neighbours.put("images/truncated.jpg", truncated);
  neighbours.put("images/page.jpg", {std::byte{'<'}, std::byte{'p'}, std::byte{'>'}});
  const ProgramRun resizer = neighbours.start();
  neighbours.give("images/truncated.jpg", "truncated");
  CHECK(neighbours.outcome().failure().reason() == "truncated");
  neighbours.give("images/page.jpg", "page");
  CHECK(neighbours.outcome().failure().reason() == "not-an-image");
  neighbours.give("images/missing.jpg", "missing");
  const wire::Outcome missing = neighbours.outcome();
  CHECK(missing.failure().reason() == "io");
  CHECK(missing.failure().detail().find("missing.jpg") != std::string::npos);
  neighbours.give("images/good.jpg", "../../outside");
  CHECK(neighbours.outcome().has_failure());
  neighbours.give("images/good.jpg", "good");
  CHECK_FALSE(neighbours.outcome().has_failure());
  CHECK(fs::is_empty(neighbours.folder.path() / ".partial"));
  CHECK(std::distance(fs::directory_iterator(neighbours.folder.path() / "thumbnails"), {}) == 1);
}

TEST_CASE("the decoder is confined unless it was told not to be") {
  const auto filter_of = [](const char* wish) {  // proc(5): 2 is a filter of system calls
    Neighbours neighbours;
    const ProgramRun resizer = neighbours.start({"--sandbox", wish});
    neighbours.give("images/good.jpg", "good");
    CHECK_FALSE(neighbours.outcome().has_failure());
    std::ifstream status("/proc/" + std::to_string(child_of(resizer.pid())) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("Seccomp:\t")) return line.substr(9);
    }
    return std::string("no answer");
  };
  const std::string outside = filter_of("off");
  if (confine_system_calls_works()) CHECK(filter_of("auto") == "2");
  CHECK(outside == "0");
}

TEST_CASE("a decoder without rights reads every kind of picture as one with all of them does") {
  using namespace drawn;
  const Bitmap rgb = draw(400, 300, Pixel::rgb);
  const Bitmap inks = draw(400, 300, Pixel::cmyk);
  const std::vector<int> indices(400 * 300, 1);
  const std::vector<int> samples(400 * 300 * 3, 40'000);
  std::map<std::string, Bytes> kinds{
      {"baseline.jpg", jpeg(rgb)},
      {"progressive.jpg", jpeg(rgb, {.progressive = true})},
      {"arithmetic.jpg", jpeg(rgb, {.arithmetic = true})},
      {"grey.jpg", jpeg(draw(400, 300, Pixel::grey), {.profile = grey_profile(1.8)})},
      {"turned.jpg", jpeg(rgb, {.exif = exif_segment(6, false)})},
      {"profile.jpg", jpeg(rgb, {.profile = adobe_rgb()})},
      {"inks.jpg", jpeg(inks, {.inks = Inks::adobe_ycck, .profile = inks_of_cyan()})},
      {"rows.png", png(rgb)},
      {"interlaced.png", png(rgb, true)},
      {"palette.png", png(400, 300, {.colour_type = 3, .palette = {{1, 2, 3, 255}, {90, 80, 70, 60}}}, indices)},
      {"deep.png", png(400, 300, {.depth = 16, .profile = adobe_rgb()}, samples)},
  };
  std::map<std::string, std::set<std::string>> thumbnails;
  for (const char* wish : {"auto", "off"}) {
    Neighbours neighbours;
    const ProgramRun resizer = neighbours.start({"--sandbox", wish});
    for (const auto& [name, bytes] : kinds) {
      CAPTURE(name, wish);
      neighbours.put("images/" + name, bytes);
      neighbours.give("images/" + name, name);
      const wire::Outcome outcome = neighbours.outcome();
      REQUIRE(outcome.failure().reason().empty());
      thumbnails[name].insert(neighbours.text_of(outcome.resize().path()));
    }
  }
  for (const auto& [name, made] : thumbnails) {
    CAPTURE(name);
    CHECK(made.size() == 1);
  }
}

TEST_CASE("the decoder sees nothing of the environment, and has no file open but its socket") {
  const Variable secret("THUMBLINE_TEST_SECRET", "correct-horse-battery-staple");
  Neighbours neighbours;
  const ProgramRun resizer = neighbours.start();
  for (int i = 0; i < 3; ++i) {
    neighbours.give("images/good.jpg", "good" + std::to_string(i));
    CHECK_FALSE(neighbours.outcome().has_failure());
  }
  const pid_t decoder = child_of(resizer.pid());
  std::ifstream environment("/proc/" + std::to_string(decoder) + "/environ", std::ios::binary);
  const std::string variables{std::istreambuf_iterator<char>(environment), std::istreambuf_iterator<char>()};
  CHECK(variables.find("SECRET") == std::string::npos);
  CHECK(variables.find("HOME=") == std::string::npos);
  std::map<int, std::string> files = files_of(decoder);
  CHECK(files.size() == 4);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO}) CHECK(files[standard] == "/dev/null");
  if (!is_instrumented()) CHECK(files[STDERR_FILENO] == "/dev/null");
  CHECK(files[3].starts_with("socket:"));
}

TEST_CASE("a decoder that a picture has taken over harms that picture alone") {
  const std::string effect = GENERATE("crash", "flood", "write", "lie", "twice");
  CAPTURE(effect);
  const Variable fault("THUMBLINE_FAULT", (effect + ":" + std::string(fault_word)).c_str());
  Neighbours neighbours;
  neighbours.put("images/bad.jpg", with_fault(drawn::jpeg(drawn::draw(400, 300, Pixel::rgb))));
  const std::string log = neighbours.folder / "log";
  const ProgramRun resizer = neighbours.start({"--log", log});
  neighbours.give("images/good.jpg", "before");
  REQUIRE_FALSE(neighbours.outcome().has_failure());
  const std::string before = neighbours.text_of("thumbnails/before_thumbnail.jpg");
  const std::map<std::string, std::string> reasons{
      {"crash", "crashed-the-resizer"}, {"flood", ""}, {"write", ""}, {"lie", "crashed-the-resizer"}, {"twice", "corrupt"}};
  for (int i = 0; i < 3; ++i) {
    neighbours.give("images/bad.jpg", "bad");
    const wire::Outcome outcome = neighbours.outcome();
    CHECK(outcome.failure().reason() == reasons.at(effect));
    CHECK(outcome.resize().bytes() < 1'000'000);
    neighbours.give("images/good.jpg", "after");
    CHECK_FALSE(neighbours.outcome().has_failure());
    CHECK(neighbours.text_of("thumbnails/after_thumbnail.jpg") == before);
    CHECK(neighbours.text_of("thumbnails/before_thumbnail.jpg") == before);
  }
  CHECK(fs::is_empty(neighbours.folder.path() / ".partial"));
  CHECK(fs::file_size(log) < 10'000);
}

TEST_CASE("a picture that asks for more memory than is allowed is a failure, and the next one is made") {
  if (!confine_system_calls_works()) return;  // a sanitizer's build cannot be limited
  Neighbours neighbours;
  drawn::JpegStyle style;
  style.progressive = true;  // held whole: two bytes a sample
  neighbours.put("images/large.jpg", drawn::jpeg(drawn::draw(8000, 6000, Pixel::rgb), style));
  const ProgramRun resizer = neighbours.start({"--memory-limit", "100000000"});
  neighbours.give("images/large.jpg", "large");
  CHECK(neighbours.outcome().failure().reason() == "decode-limit");
  neighbours.give("images/good.jpg", "good");
  CHECK_FALSE(neighbours.outcome().has_failure());
}

TEST_CASE("what became a FIFO since the producer looked blocks nobody") {
  Neighbours neighbours;
  const ProgramRun resizer = neighbours.start();
  fs::create_directories(neighbours.folder.path() / "images");
  REQUIRE(::mkfifo((neighbours.folder.path() / "images/fifo.jpg").c_str(), 0600) == 0);
  neighbours.give("images/fifo.jpg", "fifo");
  CHECK(neighbours.outcome().failure().reason() == "not-an-image");
  neighbours.give("images/good.jpg", "good");
  CHECK_FALSE(neighbours.outcome().has_failure());
}

TEST_CASE("a decoder that hangs is ended at the time limit, and the next picture is made") {
  Neighbours neighbours;
  const ProgramRun resizer = neighbours.start({"--time-limit", "0.5"});
  neighbours.give("images/good.jpg", "first");
  CHECK_FALSE(neighbours.outcome().has_failure());
  ::kill(child_of(resizer.pid()), SIGSTOP);
  neighbours.give("images/good.jpg", "second");
  CHECK(neighbours.outcome().failure().reason() == "decode-limit");
  neighbours.give("images/good.jpg", "third");
  CHECK_FALSE(neighbours.outcome().has_failure());
}

TEST_CASE("the results of small pictures do not wait for one that takes long") {
  const Variable fault("THUMBLINE_FAULT", ("hang:" + std::string(fault_word)).c_str());
  Neighbours neighbours;
  neighbours.put("images/small.jpg", drawn::jpeg(drawn::draw(16, 16, Pixel::rgb)));
  neighbours.put("images/hangs.jpg", with_fault(drawn::jpeg(drawn::draw(16, 16, Pixel::rgb))));
  const ProgramRun resizer = neighbours.start({"--time-limit", "3"});
  for (int i = 0; i < 100; ++i) {  // until it takes many at once
    neighbours.give("images/small.jpg", "small-" + std::to_string(i));
    CHECK_FALSE(neighbours.outcome().has_failure());
  }
  neighbours.offer(neighbours.dispatcher, "images/small.jpg", "before");
  neighbours.offer(neighbours.dispatcher, "images/hangs.jpg", "hangs");
  neighbours.dispatcher.flush();
  const Moment begin = now();
  CHECK(neighbours.outcome().name() == "before");
  const auto waited = now() - begin;
  CHECK(neighbours.outcome().failure().reason() == "decode-limit");
  CHECK(waited < (now() - begin) / 2);
}

TEST_CASE("a picture that kills its decoder fails as such, may be tried again, and the resizer goes on") {
  Neighbours neighbours;
  const ProgramRun resizer = neighbours.start();
  neighbours.give("images/good.jpg", "first");
  CHECK_FALSE(neighbours.outcome().has_failure());
  bool crashed = false;
  for (int i = 0; i < 50 && !crashed; ++i) {
    const pid_t decoder = child_of(resizer.pid());
    ::kill(decoder, SIGSTOP);
    neighbours.give("images/good.jpg", "second");
    // The thumbnail's file is there just before the order is sent; a decoder that dies before that is replaced unnoticed.
    const fs::path partial = neighbours.folder.path() / ".partial";
    for (const Moment deadline = now() + patience; fs::is_empty(partial) && now() < deadline;) {
    }
    ::kill(decoder, SIGKILL);
    const wire::Outcome outcome = neighbours.outcome();
    crashed = outcome.has_failure();
    if (!crashed) continue;
    CHECK(outcome.failure().reason() == "crashed-the-resizer");
    CHECK(outcome.failure().transient());
  }
  CHECK(crashed);
  neighbours.give("images/good.jpg", "third");
  CHECK_FALSE(neighbours.outcome().has_failure());
}

TEST_CASE("asked to stop it ends well, and its decoder with it") {
  Neighbours neighbours;
  ProgramRun resizer = neighbours.start();
  neighbours.give("images/good.jpg", "good");
  neighbours.outcome();
  const pid_t decoder = child_of(resizer.pid());
  resizer.signal(SIGTERM);
  CHECK(resizer.exit_code() == 0);
  CHECK(::kill(decoder, 0) != 0);
}

TEST_CASE("a resizer that drains makes what it was given, and asks for nothing more") {
  Neighbours neighbours;
  ProgramRun resizer = neighbours.start();
  for (int i = 0; i < 2; ++i) neighbours.give("images/good.jpg", "good" + std::to_string(i));
  resizer.signal(SIGTERM);
  for (int i = 0; i < 2; ++i) CHECK_FALSE(neighbours.outcome().has_failure());
  for (const Moment until = now() + patience; now() < until && ::kill(resizer.pid(), 0) == 0;) {
    neighbours.dispatcher.take_credit();  // answers with the goodbye
    int status = 0;
    if (::waitpid(resizer.pid(), &status, WNOHANG | WNOWAIT) != 0) break;
  }
  CHECK(resizer.exit_code() == 0);
  CHECK_FALSE(neighbours.dispatcher.has_credit());
}
