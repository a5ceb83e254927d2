#include "common/net/run_key.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>

#include "common/base/program.h"
#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;

namespace {

bool same(const KeyPair& one, const KeyPair& other) {
  return one.public_key == other.public_key && one.secret_key == other.secret_key;
}

bool is_refused(const std::string& file, const std::function<void()>& body) {
  try {
    body();
  } catch (const Stop& stop) {
    return stop.code() == ExitCode::bad_usage && std::string(stop.what()).find(file) != std::string::npos;
  }
  return false;
}

void write(const std::string& file, const std::string& text) {
  std::ofstream(file) << text;
  ::chmod(file.c_str(), 0600);
}

}  // namespace

TEST_CASE("keys are read as they were written, and only their owner may read them") {
  const test::ScratchFolder folder;
  const RunKey key = RunKey::generate();
  key.save(folder / "run.key");
  const RunKey loaded = RunKey::load_coordinator(folder / "run.key");
  CHECK(same(loaded.coordinator, key.coordinator));
  CHECK(same(loaded.worker, key.worker));
  for (const char* file : {"run.key", "coordinator.key"}) {
    struct stat info {};
    REQUIRE(::stat((folder / file).c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == 0600U);
  }
}

TEST_CASE("workers have a pair of their own, and nothing of the coordinator's secret") {
  const test::ScratchFolder folder;
  const RunKey key = RunKey::generate();
  key.save(folder / "run.key");
  const RunKey workers = RunKey::load(folder / "run.key");
  CHECK(workers.role() == Role::worker);
  CHECK(workers.coordinator.public_key == key.coordinator.public_key);
  CHECK(same(workers.own(), key.worker));
  CHECK_FALSE(same(key.own(), key.worker));
  std::ifstream in(folder / "run.key");
  CHECK(std::string(std::istreambuf_iterator<char>(in), {}).find(key.coordinator.secret_key) == std::string::npos);
}

TEST_CASE("a worker takes no coordinator's key, which then would be on its machine") {
  const test::ScratchFolder folder;
  RunKey::generate().save(folder / "run.key");
  CHECK(is_refused(folder / "coordinator.key", [&] { RunKey::load(folder / "coordinator.key"); }));
}

TEST_CASE("the keys of a run that is going on stay") {
  const test::ScratchFolder folder;
  const RunKey first = RunKey::make(folder / "run.key");
  CHECK(same(RunKey::make(folder / "run.key").worker, first.worker));
  RunKey::generate().save(folder / "run.key");
  CHECK(same(RunKey::load_coordinator(folder / "run.key").coordinator, first.coordinator));
  CHECK(same(RunKey::load(folder / "run.key").worker, first.worker));
}

TEST_CASE("a run.key that is gone is made again, as it was") {
  const test::ScratchFolder folder;
  const RunKey first = RunKey::make(folder / "run.key");
  ::unlink((folder / "run.key").c_str());
  RunKey::make(folder / "run.key");
  CHECK(same(RunKey::load(folder / "run.key").worker, first.worker));
}

TEST_CASE("the run.key of a folder from before there were roles is replaced") {
  const test::ScratchFolder folder;
  const RunKey old = RunKey::generate();
  write(folder / "run.key", "public " + old.worker.public_key + "\nsecret " + old.worker.secret_key + "\n");
  CHECK(is_refused(folder / "run.key", [&] { RunKey::load(folder / "run.key"); }));
  const RunKey made = RunKey::make(folder / "run.key");
  CHECK(same(RunKey::load(folder / "run.key").worker, made.worker));
  CHECK_FALSE(same(made.worker, old.worker));
}

TEST_CASE("a run.key of another coordinator is refused: somebody else would have the run's keys") {
  const test::ScratchFolder folder;
  RunKey::generate().save(folder / "run.key");
  ::unlink((folder / "coordinator.key").c_str());
  CHECK(is_refused(folder / "run.key", [&] { RunKey::make(folder / "run.key"); }));
  const test::ScratchFolder other;
  RunKey::generate().save(other / "run.key");
  std::filesystem::copy(other / "coordinator.key", folder / "coordinator.key");
  CHECK(is_refused(folder / "run.key", [&] { RunKey::make(folder / "run.key"); }));
}

TEST_CASE("a coordinator.key that is a link, or open to others, is refused") {
  const test::ScratchFolder folder;
  RunKey::make(folder / "run.key");
  const std::string file = folder / "coordinator.key";
  SECTION("open to others") {
    ::chmod(file.c_str(), 0640);
  }
  SECTION("a link") {
    std::filesystem::rename(file, folder / "elsewhere");
    std::filesystem::create_symlink(folder / "elsewhere", file);
  }
  CHECK(is_refused(file, [&] { RunKey::load_coordinator(folder / "run.key"); }));
}

TEST_CASE("a key that is missing, damaged or open to others is refused by name") {
  const test::ScratchFolder folder;
  const std::string file = folder / "run.key";
  const auto refused = [&] { return is_refused(file, [&] { RunKey::load(file); }); };
  CHECK(refused());
  ::mkdir(file.c_str(), 0700);
  CHECK(refused());
  ::rmdir(file.c_str());
  for (const char* text :
       {"", "coordinator-public x\nworker-secret y\n", "coordinator-public 0123456789012345678901234567890123456789\n"}) {
    write(file, text);
    CHECK(refused());
  }
  ::unlink(file.c_str());
  RunKey::generate().save(file);
  ::chmod(file.c_str(), 0640);
  CHECK(refused());
}
