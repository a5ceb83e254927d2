#include "collector/collector.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "collector/sqlite.h"
#include "common/base/store_id.h"
#include "tests/catch.h"
#include "tests/collector/peers.h"

// The whole program, driven over real sockets by a test that plays the producer and the workers.

using namespace thumbline;
using test::done_link;
using test::failed_link;
using test::Peers;

namespace {

const std::string settings = "run 128x128 inside same";

rapidjson::Document summary(const Peers& peers) {
  rapidjson::Document json;
  json.Parse(test::content(peers.out() + "/summary.json").c_str());
  REQUIRE_FALSE(json.HasParseError());
  return json;
}

wire::Outcome transient(wire::Outcome outcome) {
  outcome.set_last_attempt(false);
  outcome.mutable_failure()->set_transient(true);
  return outcome;
}

}  // namespace

TEST_CASE("a run: outcomes get receipts, and at the end there are the table and the files") {
  Peers peers;
  peers.start();
  CHECK(peers.settled(settings, 1).empty());
  for (std::uint64_t id = 1; id <= 20; ++id) peers.send(done_link(id));
  peers.send(failed_link(21, "http-404"));
  for (std::uint64_t id = 1; id <= 21; ++id) CHECK(peers.receipt(id).settled());
  CHECK(peers.finish() == 0);

  const auto json = summary(peers);
  CHECK(json["links"].GetInt() == 21);
  CHECK(json["done"].GetInt() == 20);
  CHECK(json["failed"].GetInt() == 1);
  CHECK(json["reasons"]["http-404"].GetInt() == 1);
  CHECK(json["stages"]["fetch"]["count"].GetInt() == 20);
  CHECK(json["stages"]["fetch"]["bytes"].GetInt() == 20 * 1000);
  CHECK(json["stages"]["fetch"]["p99_ms"].GetDouble() == Approx(40));
  CHECK(json["stages"]["resize"]["busy_s"].GetDouble() == Approx(20 * 0.003));
  CHECK(json["wall_s"].GetDouble() > 0);
  const std::string csv = test::content(peers.out() + "/results.csv");
  CHECK(std::ranges::count(csv, '\n') == 22);
  CHECK(peers.printed().find("failed: 1 http-404\n") != std::string::npos);
  CHECK(peers.printed().find("21 links in ") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(peers.out() + "/ledger.sqlite-wal"));
}

TEST_CASE("what fails but is tried again is answered at once and not written") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  wire::Outcome busy = transient(failed_link(1, "rate-limited"));
  busy.mutable_failure()->set_retry_after_ms(1500);
  busy.mutable_failure()->set_asked_by("busy.example:80");
  peers.send(busy);
  const wire::Receipt answer = peers.receipt(1);
  CHECK_FALSE(answer.settled());
  CHECK(answer.attempt() == 1);
  CHECK(answer.refusal().reason() == "rate-limited");
  CHECK(answer.refusal().retry_after_ms() == 1500);
  CHECK(answer.refusal().asked_by() == "busy.example:80");

  peers.send(transient(failed_link(1, "timeout")));
  CHECK_FALSE(peers.receipt(1).has_refusal());
  wire::Outcome done = done_link(1);
  done.set_attempt(4);  // one was handed back
  done.set_tries(3);
  peers.send(done);
  const wire::Receipt last = peers.receipt(1);
  CHECK(last.settled());
  CHECK(last.attempt() == 4);
  CHECK(peers.finish() == 0);
  CHECK(summary(peers)["attempts"].GetInt() == 3);
  CHECK(summary(peers)["failed"].GetInt() == 0);
}

TEST_CASE("what a worker hands back has not failed: its receipt says so, and nothing is written") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  wire::Outcome back = transient(failed_link(1, "lost"));
  back.set_handed_back(true);
  peers.send(back);
  const wire::Receipt answer = peers.receipt(1);
  CHECK(answer.handed_back());
  CHECK_FALSE(answer.settled());
  CHECK(answer.attempt() == 1);
  peers.send(transient(failed_link(1, "timeout")));
  CHECK_FALSE(peers.receipt(1).handed_back());
  peers.send(done_link(1));
  CHECK(peers.receipt(1).settled());
  CHECK(peers.finish() == 0);
  CHECK(summary(peers)["failed"].GetInt() == 0);
}

TEST_CASE("outcomes of another run are none of this one's, those of its own are") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  const auto own = make_store_id(peers.out(), "0123456789abcdef");
  REQUIRE(own);
  for (const std::string& run : {std::string("another"), *own}) {
    wire::ToCollector message;
    *message.add_outcomes() = done_link(run == *own ? 2 : 1);
    message.set_run(run);
    peers.send(std::move(message));
  }
  CHECK(peers.receipt(2).settled());
  CHECK(peers.finish() == 0);
  CHECK(summary(peers)["links"].GetInt() == 1);
}

TEST_CASE("outcomes with a name that come before this run has one are another run's") {
  Peers peers;
  peers.start();
  const auto send = [&](std::uint64_t id) {
    wire::ToCollector message;
    *message.add_outcomes() = done_link(id);
    message.set_run("0123456789abcdef");
    peers.send(std::move(message));
  };
  send(1);
  peers.settled(settings, 1);
  send(2);
  CHECK(peers.receipt(2).settled());
  CHECK(peers.finish() == 0);
  CHECK(summary(peers)["links"].GetInt() == 1);
}

TEST_CASE("the last attempt's failure is final, however transient") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  wire::Outcome lost = transient(failed_link(1, "timeout"));
  lost.set_last_attempt(true);
  peers.send(lost);
  CHECK(peers.receipt(1).settled());
  CHECK(peers.finish() == 0);
  CHECK(summary(peers)["reasons"]["timeout"].GetInt() == 1);
}

TEST_CASE("a second outcome gets its receipt again and changes nothing") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  peers.send(done_link(1));
  CHECK(peers.receipt(1).settled());
  peers.send(failed_link(1, "lost"));
  CHECK(peers.receipt(1).settled());
  CHECK(peers.finish() == 0);
  CHECK(summary(peers)["done"].GetInt() == 1);
  CHECK(summary(peers)["failed"].GetInt() == 0);
}

TEST_CASE("killed in the middle and started again, it has everything that it gave a receipt for") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  std::set<std::uint64_t> promised;
  std::uint64_t next = 1;
  for (int round = 0; round < 5; ++round) {
    const std::uint64_t before = next;
    for (int i = 0; i < 400; ++i, ++next) peers.send(next % 7 == 0 ? failed_link(next, "dns") : done_link(next));
    // Some of them have their receipt, others are on their way.
    for (std::uint64_t id = before; id < before + 150; ++id) promised.insert(peers.receipt(id).id());
    peers.program().signal(SIGKILL);
    CHECK(peers.program().exit_code() == 128 + SIGKILL);
    peers.start_again();
    const std::set<std::uint64_t> known = peers.settled(settings, static_cast<std::uint64_t>(round) + 2);
    CHECK(std::ranges::includes(known, promised));
  }
  // What got no receipt is sent again, as the producer's leases see to.
  for (std::uint64_t id = 1; id < next; ++id) peers.send(id % 7 == 0 ? failed_link(id, "dns") : done_link(id));
  for (std::uint64_t id = 1; id < next; ++id) peers.receipt(id);
  CHECK(peers.finish() == 0);
  const auto json = summary(peers);
  CHECK(json["links"].GetUint64() == next - 1);
  CHECK(json["failed"].GetUint64() == (next - 1) / 7);
}

TEST_CASE("a producer that asks gets every id, however many there are, and again when it asks again") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  std::set<std::uint64_t> all;
  constexpr std::uint64_t more_than_two_messages = 20'000;
  for (std::uint64_t id = 1; id <= more_than_two_messages;) {
    wire::ToCollector message;
    for (int i = 0; i < 500; ++i, ++id) {
      *message.add_outcomes() = done_link(id * 0x9e3779b97f4a7c15);
      all.insert(id * 0x9e3779b97f4a7c15);
    }
    peers.send(message);
  }
  for (const std::uint64_t id : all) peers.receipt(id);
  CHECK(peers.settled(settings, 2) == all);
  CHECK(peers.settled(settings, 2) == all);
}

TEST_CASE("other settings are refused, to the producer and to the user") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  peers.say_hello("run 64x64 inside same", 2);
  wire::ToProducer answer = peers.answer();
  CHECK(answer.session() == 2);
  CHECK(answer.refused().find(settings) != std::string::npos);
  CHECK(answer.refused().find("64x64") != std::string::npos);
  CHECK(peers.program().exit_code() == 2);
  CHECK(peers.complained().find("made with other settings") != std::string::npos);
}

TEST_CASE("the option --retry-failed asks for another try, but not for a second time in the same run") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  peers.send(done_link(1));
  wire::Outcome broken = failed_link(2, "truncated");
  broken.set_name(done_link(2).name());
  *broken.mutable_fetch() = done_link(2).fetch();
  peers.send(broken);
  peers.send(failed_link(3, "dns"));
  peers.receipt(3);
  CHECK(peers.finish() == 0);
  const std::string original = peers.out() + "/" + broken.fetch().path();
  std::filesystem::create_directory(peers.out() + "/images");
  std::ofstream(original) << "half";

  const std::vector<std::string> again{"--retry-failed", "--invocation", "again"};
  peers.start(again);
  CHECK(peers.settled(settings, 2) == std::set<std::uint64_t>{1, 2, 3});
  CHECK(peers.to_try_again() == std::set<std::uint64_t>{2, 3});
  CHECK(std::filesystem::exists(original));  // link 2 may not be of this list
  wire::ToCollector question;
  question.add_retries(2);
  peers.send(question);
  CHECK(peers.answer().retries(0) == 2);
  CHECK_FALSE(std::filesystem::exists(original));
  peers.send(failed_link(2, "connect"));
  CHECK(peers.receipt(2).settled());
  peers.program().signal(SIGKILL);
  peers.program().exit_code();
  peers.start_again(again);
  CHECK(peers.settled(settings, 2).size() == 3);
  CHECK(peers.to_try_again() == std::set<std::uint64_t>{3});
  CHECK(peers.finish() == 0);
  CHECK(summary(peers)["reasons"]["connect"].GetInt() == 1);
  CHECK(summary(peers)["reasons"]["dns"].GetInt() == 1);
}

TEST_CASE("a folder that is moved while the run is at work in it, or loses its ledger, ends the run") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  peers.send(done_link(1));
  peers.receipt(1);
  const std::filesystem::path folder = peers.out();
  const bool moved = GENERATE(true, false);
  if (moved) {
    std::filesystem::rename(folder, folder.string() + ".moved");
  } else {
    std::filesystem::remove(folder / "ledger.sqlite");
  }
  CHECK(peers.program().exit_code() == 3);
  CHECK(peers.complained().find("was moved") != std::string::npos);
}

TEST_CASE("a ledger that was damaged before is told from a whole one while the run goes on") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  for (std::uint64_t id = 1; id <= 100; ++id) peers.send(done_link(id));
  for (std::uint64_t id = 1; id <= 100; ++id) peers.receipt(id);
  CHECK(peers.finish() == 0);
  {
    Database ledger(peers.out() + "/ledger.sqlite");
    ledger.execute("UPDATE links SET attempts = 7 WHERE id = 50");
  }
  peers.start();
  CHECK(peers.program().exit_code() == 3);
  CHECK(peers.complained().find("ledger.sqlite is damaged (a row is not what was written); move it away") != std::string::npos);
  CHECK(peers.printed().empty());
}

TEST_CASE("after another boot what was not on the disk is done again, and the ledger says so") {
  Peers peers;
  ::setenv("THUMBLINE_BOOT_ID", "one", 1);
  peers.start();
  peers.settled(settings, 1);
  std::filesystem::create_directory(peers.out() + "/images");
  std::filesystem::create_directory(peers.out() + "/thumbnails");
  const auto write = [&](const std::string& path, std::size_t bytes) {
    std::ofstream(peers.out() + "/" + path) << std::string(bytes, 'x');
  };
  for (std::uint64_t id = 1; id <= 3; ++id) {
    const wire::Outcome outcome = done_link(id);
    write(outcome.fetch().path(), outcome.fetch().bytes());
    write(outcome.resize().path(), outcome.resize().bytes());
    peers.send(outcome);
    peers.receipt(id);
  }
  peers.program().signal(SIGKILL);
  peers.program().exit_code();
  write(done_link(2).fetch().path(), 0);
  peers.start();
  CHECK(peers.settled(settings, 2).size() == 3);  // the same boot: the files are what they are
  CHECK_FALSE(peers.greeting().rebooted());
  peers.program().signal(SIGKILL);
  peers.program().exit_code();

  ::setenv("THUMBLINE_BOOT_ID", "two", 1);
  peers.start();
  CHECK(peers.settled(settings, 3) == std::set<std::uint64_t>{1, 3});
  CHECK(peers.greeting().rebooted());
  CHECK_FALSE(std::filesystem::exists(peers.out() + "/" + done_link(2).fetch().path()));
  CHECK(peers.complained().find("of the last 3 outcomes, the files of 1 were lost; they are done again") != std::string::npos);
  CHECK(Database(peers.out() + "/ledger.sqlite").number("SELECT total(redone) FROM sessions") == 1);
  peers.start();
  CHECK(peers.settled(settings, 4).size() == 2);
  CHECK_FALSE(peers.greeting().rebooted());
  ::unsetenv("THUMBLINE_BOOT_ID");
}

TEST_CASE("a producer that is started again is told how far its list was read") {
  Peers peers;
  peers.start({"--invocation", "one"});
  peers.settled(settings, 1);
  wire::ToCollector message;
  message.mutable_plan()->set_read(500);
  peers.send(message);
  peers.send(done_link(1));
  peers.receipt(1);
  peers.settled(settings, 2);
  CHECK(peers.greeting().read_before() == 500);
  peers.program().signal(SIGKILL);
  peers.program().exit_code();
  peers.start_again({"--invocation", "one"});
  peers.settled(settings, 2);
  CHECK(peers.greeting().read_before() == 500);
}

TEST_CASE("a run on a folder that is done adds nothing and prints the same numbers") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  peers.send(done_link(1));
  peers.receipt(1);
  CHECK(peers.finish() == 0);
  const std::string before = test::content(peers.out() + "/summary.json");
  const std::string printed = peers.printed();
  peers.start();
  CHECK(peers.settled(settings, 2).size() == 1);
  CHECK(peers.finish() == 0);
  CHECK(test::content(peers.out() + "/summary.json") == before);
  const std::string remark = "nothing was left to do: all of this is from earlier runs\n";
  std::string again = peers.printed();
  REQUIRE(again.find(remark) != std::string::npos);
  again.erase(again.find(remark), remark.size());
  CHECK(again == printed);
}

TEST_CASE("the option --strict ends with 1 if links failed") {
  Peers peers;
  peers.start({"--strict"});
  peers.settled(settings, 1);
  peers.send(done_link(1));
  peers.receipt(1);
  SECTION("none did") {
    CHECK(peers.finish() == 0);
  }
  SECTION("one did") {
    peers.send(failed_link(2, "dns"));
    peers.receipt(2);
    CHECK(peers.finish() == 1);
  }
}

TEST_CASE("a signal ends it with what is there, no final files, and a word on how to go on") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  peers.send(done_link(1));
  peers.receipt(1);
  peers.program().signal(GENERATE(SIGTERM, SIGINT));
  CHECK(peers.program().exit_code() == 3);
  CHECK(peers.complained() == "thumbline-collector: interrupted at 1; the same command goes on from there\n");
  CHECK(peers.printed().empty());
  CHECK_FALSE(std::filesystem::exists(peers.out() + "/summary.json"));
  peers.start();
  CHECK(peers.settled(settings, 2).size() == 1);
}

TEST_CASE("a stage's full disk ends the run; what came before is kept, the failure is not") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  peers.send(done_link(1));
  wire::Outcome full = transient(failed_link(2, "disk-full"));
  full.mutable_failure()->set_detail("cannot write /data/x.jpg: No space left on device");
  full.set_last_attempt(true);
  peers.send(full);
  CHECK(peers.program().exit_code() == 3);
  CHECK(peers.complained().find("no room left: cannot write /data/x.jpg") != std::string::npos);
  peers.start();
  CHECK(peers.settled(settings, 2) == std::set<std::uint64_t>{1});
}

TEST_CASE("a folder that no picture gets into ends the run, and fails no link") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  wire::Outcome unusable = transient(failed_link(1, "folder-unusable"));
  unusable.mutable_failure()->set_detail("cannot rename to /data/images/x.jpg: Invalid cross-device link");
  unusable.set_last_attempt(true);
  peers.send(unusable);
  CHECK(peers.program().exit_code() == 3);
  CHECK(peers.complained().find("the folder cannot be used: cannot rename to /data/images/x.jpg") != std::string::npos);
  peers.start();
  CHECK(peers.settled(settings, 2).empty());
}

TEST_CASE("a second collector on the same folder does not start") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  test::ProgramRun second({std::string(THUMBLINE_PROGRAMS) + "/thumbline-collector", "--key", peers.out() + "/../run.key",
                           "--out", peers.out(), "--results", "tcp://127.0.0.1:*", "--receipts", "tcp://127.0.0.1:*"});
  CHECK(second.exit_code() == 3);
  peers.send(done_link(1));
  CHECK(peers.receipt(1).settled());
}

TEST_CASE("the progress says what the producer knows of the run, and its remark once") {
  Peers peers;
  peers.start({"--progress", "terminal"});
  peers.settled(settings, 1);
  wire::ToCollector message;
  message.mutable_plan()->set_links(5000);
  message.mutable_plan()->set_complete(true);
  message.mutable_plan()->set_repeats(7);
  message.mutable_plan()->set_remark("the gallery has no more pictures");
  peers.send(message);
  peers.send(message);
  peers.send(done_link(1));
  peers.receipt(1);
  const auto deadline = std::chrono::steady_clock::now() + test::patience;
  while (peers.complained().find("done 1 of 5 000") == std::string::npos && std::chrono::steady_clock::now() < deadline) {
    ::poll(nullptr, 0, 20);
  }
  CHECK(peers.finish() == 0);
  const std::string shown = peers.complained();
  CHECK(shown.find("done 1 of 5 000") != std::string::npos);
  const std::size_t remark = shown.find("the gallery has no more pictures\n");
  CHECK(remark != std::string::npos);
  CHECK(shown.find("the gallery", remark + 1) == std::string::npos);
  CHECK(peers.printed().find("7 repeated") != std::string::npos);
}

TEST_CASE("the option --quiet shows no progress, but the table") {
  Peers peers;
  peers.start({"--quiet"});
  peers.settled(settings, 1);
  peers.send(done_link(1));
  peers.receipt(1);
  CHECK(peers.finish() == 0);
  CHECK(peers.complained().empty());
  CHECK(peers.printed().find("1 link in ") != std::string::npos);
}

TEST_CASE("bytes that are no message of ours, and outcomes of no link, are passed over") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  peers.send_raw("\xff\xff\xff rubbish");
  wire::Outcome of_nothing = done_link(2);
  of_nothing.clear_url();
  peers.send(of_nothing);
  peers.send(done_link(1));
  CHECK(peers.receipt(1).settled());
}

TEST_CASE("a worker says what became of the links that it was given") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  peers.send_as_worker(done_link(1));
  CHECK(peers.receipt(1).settled());
  CHECK(peers.finish() == 0);
  CHECK(summary(peers)["done"].GetInt() == 1);
}

TEST_CASE("tokens hold when the collector is started again") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  peers.program().signal(SIGKILL);
  CHECK(peers.program().exit_code() == 128 + SIGKILL);
  peers.start_again();
  peers.send_as_worker(done_link(1));
  CHECK(peers.receipt(1).settled());
}

TEST_CASE("what the producer alone may say is not taken from a worker") {
  Peers peers;
  peers.start({"--progress", "lines"});
  peers.settled(settings, 1);
  wire::ToCollector message;
  SECTION("that the run is over") {
    message.set_over(true);
  }
  SECTION("other settings, which would end it as well") {
    message.mutable_hello()->set_settings("fetch");
    message.mutable_hello()->set_session(2);
  }
  SECTION("how large it is, and a remark for the terminal") {
    message.mutable_plan()->set_links(3);
    message.mutable_plan()->set_remark("\x1b]0;owned\x07");
  }
  SECTION("the ledger of another run, which would end it as well") {
    message.mutable_plan()->set_run("another");
  }
  peers.send_as_worker(message);
  peers.send_as_worker(done_link(1));
  CHECK(peers.receipt(1).settled());
  CHECK(peers.finish() == 0);
  CHECK(summary(peers)["links"].GetInt() == 1);
  CHECK(peers.complained().find("owned") == std::string::npos);
}

TEST_CASE("outcomes of links that were not given out are no rows") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  wire::ToCollector message;
  *message.add_outcomes() = done_link(2);
  wire::Outcome guessed = done_link(3);
  guessed.set_token(std::string(16, 'x'));
  *message.add_outcomes() = guessed;
  wire::Outcome full = failed_link(4, "disk-full");  // which would end the run
  *message.add_outcomes() = full;
  peers.send_as_worker(message);
  peers.send_as_worker(done_link(1));
  CHECK(peers.receipt(1).settled());
  CHECK(peers.finish() == 0);
  CHECK(summary(peers)["links"].GetInt() == 1);
}

TEST_CASE("a worker that was given a link writes no other file than its thumbnail; that attempt fails, the run goes on") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  wire::Outcome outcome = done_link(1);
  outcome.mutable_resize()->set_thumbnail("\xff\xd8\xff\xe0 as a JPEG file begins");
  outcome.mutable_resize()->set_bytes(outcome.resize().thumbnail().size());
  const std::string path =
      GENERATE(as<std::string>(), "thumbnails/.htaccess", "thumbnails/sub/shell.php", "thumbnails/picture2_thumbnail.jpg",
               "thumbnails/" + std::string(300, 'a') + "_thumbnail.jpg", "../outside.jpg");
  wire::Outcome wrong = outcome;
  wrong.mutable_resize()->set_path(path);
  peers.send_as_worker(wrong);
  CHECK_FALSE(peers.receipt(1).settled());
  CHECK_FALSE(std::filesystem::exists(peers.out() + "/" + path));
  outcome.set_attempt(2);
  peers.send_as_worker(outcome);
  CHECK(peers.receipt(1).settled());
  CHECK(peers.finish() == 0);
  CHECK(summary(peers)["done"].GetInt() == 1);
  CHECK(std::filesystem::exists(peers.out() + "/thumbnails/picture1_thumbnail.jpg"));
}

TEST_CASE("a worker that calls itself, and what failed, by bytes that are no UTF-8 is heard") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  wire::Outcome outcome = failed_link(1, "b\xfcro");
  outcome.mutable_fetch()->set_worker("b\xfcro:11");
  peers.send_as_worker(outcome);
  CHECK(peers.receipt(1).settled());
  CHECK(peers.finish() == 0);
  CHECK(test::content(peers.out() + "/results.csv").find("b%FCro:11") != std::string::npos);
}

TEST_CASE("a remark is shown without the escape sequences that may be in it") {
  Peers peers;
  peers.start({"--progress", "lines"});
  peers.settled(settings, 1);
  wire::ToCollector message;
  message.mutable_plan()->set_remark("the list ends at \x1b]0;owned\x07");
  peers.send(message);
  CHECK(peers.finish() == 0);
  CHECK(peers.complained().find("the list ends at ") != std::string::npos);
  CHECK(peers.complained().find('\x1b') == std::string::npos);
}

TEST_CASE("a ledger that is not the one the producer knows ends the run, for what it has is unknown") {
  Peers peers;
  peers.start();
  peers.settled(settings, 1);
  wire::ToCollector message;
  message.mutable_plan()->set_run("another");
  peers.send(message);
  CHECK(peers.program().exit_code() == 3);
  CHECK(peers.complained().find("is not the ledger that this run has begun with") != std::string::npos);
}
