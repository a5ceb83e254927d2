#include "fetcher/fetcher.h"

#include <fstream>
#include <map>
#include <set>

#include "tests/catch.h"
#include "tests/fetcher/gallery.h"
#include "tests/fetcher/neighbours.h"

using namespace thumbline;
using namespace thumbline::test;

namespace {

/// Answered at once, without any transfer: what was published before it has been seen when its outcome is here.
wire::Link fence(std::uint64_t id) {
  return link_to("http://127.0.0.1/", id, "not/a/name");
}

/// How often the gallery was asked for what, as JSON.
std::string requests(const Gallery& gallery) {
  ProgramRun ask(
      {"python3", "-c", "import sys, urllib.request; print('asked', urllib.request.urlopen(sys.argv[1]).read().decode())",
       gallery.url("/requests.json")},
      ProgramRun::Lines::printed);
  return ask.line_after("asked");
}

}  // namespace

TEST_CASE("without resizers, what is fetched is reported as done") {
  const Gallery gallery;
  Neighbours neighbours;
  ProgramRun fetcher(neighbours.fetcher_command({"--allow-private", "--threads", "2", "--transfers", "2"}));
  std::map<std::uint64_t, std::string> names;
  for (const std::string& extension : {std::string("jpg"), std::string("png")}) {
    for (const std::string& name : gallery.names(extension)) {
      const std::uint64_t id = names.size() + 1;
      names[id] = name;
      wire::Link link = link_to(gallery.url("/" + name), id, "picture-" + std::to_string(id));
      link.set_attempt(3);
      link.set_last_attempt(true);
      neighbours.publish(link);
    }
  }
  REQUIRE(names.size() > 8);
  for (std::size_t i = names.size(); i > 0; --i) {
    const wire::Outcome outcome = neighbours.outcome();
    INFO(outcome.url());
    CHECK_FALSE(outcome.has_failure());
    REQUIRE(names.contains(outcome.id()));
    CHECK(outcome.url() == gallery.url("/" + names[outcome.id()]));
    CHECK(outcome.name() == "picture-" + std::to_string(outcome.id()));
    CHECK(outcome.attempt() == 3);
    CHECK(outcome.last_attempt());
    CHECK(outcome.fetch().worker().ends_with(":" + std::to_string(fetcher.pid())));
    CHECK(file_bytes(neighbours.stored(outcome.fetch().path())) == gallery.bytes(names[outcome.id()]));
    names.erase(outcome.id());
  }
  fetcher.signal(SIGTERM);
  CHECK(fetcher.exit_code() == 0);
  CHECK_FALSE(std::filesystem::exists(neighbours.stored(".partial")));
}

TEST_CASE("a resizer gets the pictures that it asked for, and no more") {
  const Gallery gallery;
  Neighbours neighbours;
  ProgramRun fetcher(neighbours.fetcher_command({"--allow-private", "--paths", "tcp://127.0.0.1:*"}));
  neighbours.resizer_asks(fetcher.line_after("paths"), 2);
  const std::string name = gallery.names("jpg").front();
  for (std::uint64_t id = 1; id <= 5; ++id) neighbours.publish(link_to(gallery.url("/" + name), id, "p" + std::to_string(id)));
  const wire::Path path = neighbours.path();
  CHECK(path.source() == "images/" + path.name() + ".jpg");
  CHECK(path.recipe().width() == 128);
  CHECK(path.recipe().fit() == "inside");
  CHECK(path.attempt() == 1);
  CHECK(path.fetch().bytes() == gallery.bytes(name).size());
  std::set<std::uint64_t> seen{path.id(), neighbours.path().id()};
  CHECK_FALSE(neighbours.path_within(std::chrono::milliseconds(200)).has_value());
  neighbours.resizer_is_done(2);
  for (int i = 0; i < 2; ++i) seen.insert(neighbours.path().id());
  neighbours.resizer_is_done(1);
  seen.insert(neighbours.path().id());
  CHECK(seen.size() == 5);
  CHECK_FALSE(neighbours.outcome_within(std::chrono::milliseconds(0)).has_value());
}

TEST_CASE("failures go straight to the collector, also where there are resizers") {
  const Gallery gallery;
  Neighbours neighbours;
  ProgramRun fetcher(neighbours.fetcher_command({"--allow-private", "--paths", "tcp://127.0.0.1:*"}));
  neighbours.publish(link_to(gallery.url("/fault/429/9/12/x.jpg"), 7, "x"));
  const wire::Outcome outcome = neighbours.outcome();
  CHECK(outcome.id() == 7);
  CHECK(outcome.failure().reason() == "rate-limited");
  CHECK(outcome.failure().transient());
  CHECK(outcome.failure().retry_after_ms() == 12'000);
  CHECK(outcome.failure().detail().find("127.0.0.1") != std::string::npos);
  CHECK(outcome.fetch().http_status() == 429);
  CHECK(outcome.failure().asked_by().empty());  // the link's own host
}

TEST_CASE("who asks for patience is named where it is not the link's own host") {
  const Gallery gallery;
  Neighbours neighbours;
  ProgramRun fetcher(neighbours.fetcher_command({"--allow-private"}));
  const auto asked_by = [&](const std::string& host) {
    const std::string path = ":" + gallery.port() + "/fault/429/9/12/x.jpg";
    neighbours.publish(link_to(gallery.url("/fault/redirect-to/http:%2F%2F" + host + path), 7, "x"));
    const wire::Outcome outcome = neighbours.outcome();
    CHECK(outcome.failure().reason() == "rate-limited");
    return outcome.failure().asked_by();
  };
  CHECK(asked_by("LOCALHOST") == "localhost:" + gallery.port());
  CHECK(asked_by("127.0.0.1").empty());
}

TEST_CASE("a link that is in hand already is not fetched twice; the repetition counts as its attempt") {
  const Gallery gallery;
  Neighbours neighbours;
  ProgramRun fetcher(neighbours.fetcher_command({"--allow-private", "--paths", "tcp://127.0.0.1:*"}));
  const std::string path = "/" + gallery.names("jpg").front();
  wire::Link link = link_to(gallery.url(path), 1, "once");
  neighbours.publish(link);
  link.set_attempt(2);
  link.set_last_attempt(true);
  neighbours.publish(link);
  neighbours.publish(fence(2));
  CHECK(neighbours.outcome().id() == 2);
  neighbours.resizer_asks(fetcher.line_after("paths"), 10);
  const wire::Path sent = neighbours.path();
  CHECK(sent.id() == 1);
  CHECK(sent.attempt() == 2);
  CHECK(sent.last_attempt());
  CHECK_FALSE(neighbours.path_within(std::chrono::milliseconds(200)).has_value());
  CHECK(requests(gallery).find("\"" + path + "\": 1") != std::string::npos);
}

TEST_CASE("a backup copy of a link that this fetcher had before tells the same transfer") {
  const Gallery gallery;
  Neighbours neighbours;
  ProgramRun fetcher(neighbours.fetcher_command({"--allow-private", "--paths", "tcp://127.0.0.1:*"}));
  neighbours.resizer_asks(fetcher.line_after("paths"), 10);
  wire::Link link = link_to(gallery.url("/" + gallery.names("jpg").front()), 1, "twice");
  neighbours.publish(link);
  const wire::Path first = neighbours.path();
  link.set_maybe_here(true);
  neighbours.publish(link);
  const wire::Path copy = neighbours.path();
  CHECK_FALSE(copy.fetch().reused());
  CHECK(copy.source() == first.source());
  CHECK(copy.fetch().duration_us() == first.fetch().duration_us());
  CHECK(copy.fetch().http_status() == 200);
}

TEST_CASE("what an earlier attempt left in the store is not fetched again") {
  const Gallery gallery;
  Neighbours neighbours;
  ProgramRun fetcher(neighbours.fetcher_command({"--allow-private"}));
  const std::string bytes = gallery.bytes(gallery.names("png").front());
  std::filesystem::create_directories(neighbours.stored("images"));
  std::ofstream(neighbours.stored("images/here.png"), std::ios::binary) << bytes;

  wire::Link here = link_to(gallery.url("/fault/status/404/here"), 1, "here");
  here.set_maybe_here(true);
  neighbours.publish(here);
  const wire::Outcome reused = neighbours.outcome();
  CHECK_FALSE(reused.has_failure());
  CHECK(reused.fetch().reused());
  CHECK(reused.fetch().path() == "images/here.png");
  CHECK(reused.fetch().bytes() == bytes.size());

  wire::Link gone = link_to(gallery.url("/" + gallery.names("png").front()), 2, "gone");
  gone.set_maybe_here(true);
  neighbours.publish(gone);
  const wire::Outcome fetched = neighbours.outcome();
  CHECK_FALSE(fetched.has_failure());
  CHECK_FALSE(fetched.fetch().reused());
  CHECK(file_bytes(neighbours.stored("images/gone.png")) == bytes);

  SECTION("unless the producer knows that it must be fetched") {
    here.set_id(3);
    here.set_maybe_here(false);
    neighbours.publish(here);
    CHECK(neighbours.outcome().failure().reason() == "http-404");
  }
}

TEST_CASE("a name that leads out of the store is refused") {
  Neighbours neighbours;
  ProgramRun fetcher(neighbours.fetcher_command({"--allow-private"}));
  neighbours.publish(link_to("http://127.0.0.1/x.jpg", 1, "../../x"));
  CHECK(neighbours.outcome().failure().reason() == "bad-link");
}

TEST_CASE("a busy host's links wait, those of others do not wait for them") {
  const Gallery gallery;
  Neighbours neighbours;
  ProgramRun fetcher(neighbours.fetcher_command({"--allow-private", "--threads", "1", "--transfers", "2", "--per-host", "1"}));
  neighbours.publish(link_to(gallery.url("/fault/hang/x.jpg"), 1, "a"));
  neighbours.publish(link_to(gallery.url("/fault/hang/y.jpg"), 2, "b"));
  neighbours.publish(link_to("http://localhost:" + gallery.port() + "/" + gallery.names("jpg").front(), 3, "c"));
  const wire::Outcome outcome = neighbours.outcome();
  CHECK(outcome.id() == 3);
  CHECK_FALSE(outcome.has_failure());
  CHECK(requests(gallery).find("y.jpg") == std::string::npos);
}

TEST_CASE("a download thread that hangs or fails ends the process, which says at which link") {
  const auto [order, words] = GENERATE(table<std::string, std::string>({
      {"THUMBLINE_HANG_AT", "a download thread hangs with the files of the store"},
      {"THUMBLINE_THROW_AT", "a download thread failed"},
  }));
  const Gallery gallery;
  const ScratchFolder folder;
  Neighbours neighbours;
  const std::vector<std::string> fetcher_command = neighbours.fetcher_command({"--allow-private", "--hang-limit", "0.5"});
  std::vector<std::string> command{"sh", "-c", "exec env \"$@\" 2>" + (folder / "said"), "sh",
                                   order + "=fetcher:has-half:" + (folder / "once")};
  command.insert(command.end(), fetcher_command.begin(), fetcher_command.end());
  ProgramRun fetcher(command);
  const std::string url = gallery.url("/fault/huge/1000000/x.jpg");
  neighbours.publish(link_to(url, 1, "x"));
  CHECK(fetcher.exit_code() == 3);
  const std::string said = file_bytes(folder / "said");
  INFO(said);
  CHECK(said.find(words) != std::string::npos);
  CHECK(said.find(url) != std::string::npos);
}

TEST_CASE("pictures are never held in memory whole") {
  const Gallery gallery;
  Neighbours neighbours;
  ProgramRun fetcher(neighbours.fetcher_command({"--allow-private", "--threads", "2", "--transfers", "4"}));
  constexpr std::uint64_t size = 31 << 20;
  constexpr std::uint64_t links = 8;
  for (std::uint64_t id = 1; id <= links; ++id) {
    neighbours.publish(link_to(gallery.url("/fault/huge/" + std::to_string(size) + "/x.jpg"), id, std::to_string(id)));
  }
  for (std::uint64_t id = 1; id <= links; ++id) CHECK(neighbours.outcome().fetch().bytes() == size);
  std::ifstream status("/proc/" + std::to_string(fetcher.pid()) + "/status");
  std::string word;
  std::uint64_t peak_kib = 0;
  while (status >> word) {
    if (word == "VmHWM:") status >> peak_kib;
  }
  CHECK(peak_kib > 0);
  CHECK(peak_kib * 1024 < links * size / 2);
}

TEST_CASE("asked to end at once, also while it drains, the fetcher hands back what it has in the middle of its work") {
  const Gallery gallery;
  Neighbours neighbours;
  ProgramRun fetcher(neighbours.fetcher_command({"--allow-private"}));
  neighbours.publish(link_to(gallery.url("/fault/hang/x.jpg"), 1, "hangs"));
  neighbours.publish(fence(2));
  CHECK(neighbours.outcome().id() == 2);
  if (GENERATE(true, false)) fetcher.signal(SIGTERM);
  fetcher.signal(SIGINT);
  CHECK(fetcher.exit_code() == 0);
  const wire::Outcome outcome = neighbours.outcome();
  CHECK(outcome.id() == 1);
  CHECK(outcome.handed_back());
  CHECK(outcome.failure().transient());
}

TEST_CASE("a fetcher that drains ends its transfers and hands back what it has not begun") {
  const Gallery gallery;
  Neighbours neighbours;
  ProgramRun fetcher(neighbours.fetcher_command({"--allow-private", "--threads", "1", "--transfers", "1"}));
  neighbours.publish(link_to(gallery.url("/fault/delay/1500/x.jpg"), 1, "slow"));
  while (requests(gallery).find("delay") == std::string::npos) {
  }
  for (std::uint64_t id = 2; id <= 3; ++id) neighbours.publish(link_to(gallery.url("/fault/delay/0/y.jpg"), id, "waits"));
  fetcher.signal(SIGTERM);
  std::map<std::uint64_t, bool> handed_back;
  while (!handed_back.contains(1)) {
    const wire::Outcome outcome = neighbours.outcome();
    handed_back[outcome.id()] = outcome.handed_back();
  }
  CHECK(fetcher.exit_code() == 0);
  CHECK_FALSE(handed_back[1]);
  handed_back.erase(1);
  for (const auto& [id, back] : handed_back) CHECK(back);  // the others may not have arrived
}

TEST_CASE("a wrong command line is told from a right one") {
  const Neighbours neighbours;
  const auto exit_code = [](std::vector<std::string> command) {
    return ProgramRun(std::move(command), ProgramRun::Lines::printed).exit_code();
  };
  const std::string program = THUMBLINE_PROGRAMS "/thumbline-fetcher";
  CHECK(exit_code({program, "--help"}) == 0);
  CHECK(exit_code({program}) == 2);
  CHECK(exit_code(neighbours.fetcher_command({"--threads", "0"})) == 2);
  CHECK(exit_code(neighbours.fetcher_command({"--timeout", "soon"})) == 2);
}
