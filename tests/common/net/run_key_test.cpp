#include "common/net/run_key.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "common/base/program.h"
#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;

TEST_CASE("a key is read as it was written, and only its owner may read it") {
  const test::ScratchFolder folder;
  const RunKey key = RunKey::generate();
  key.save(folder / "run.key");
  const RunKey loaded = RunKey::load(folder / "run.key");
  CHECK(loaded.public_key == key.public_key);
  CHECK(loaded.secret_key == key.secret_key);
  struct stat info {};
  REQUIRE(::stat((folder / "run.key").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777U) == 0600U);
}

TEST_CASE("the key of a run that is going on stays") {
  const test::ScratchFolder folder;
  const RunKey first = RunKey::generate();
  first.save(folder / "run.key");
  RunKey::generate().save(folder / "run.key");
  CHECK(RunKey::load(folder / "run.key").public_key == first.public_key);
}

TEST_CASE("a key that is missing, damaged or open to others is refused by name") {
  const test::ScratchFolder folder;
  const std::string file = folder / "run.key";
  const auto refused = [&] {
    try {
      RunKey::load(file);
    } catch (const Stop& stop) {
      return stop.code() == ExitCode::bad_usage && std::string(stop.what()).find(file) != std::string::npos;
    }
    return false;
  };
  CHECK(refused());
  ::mkdir(file.c_str(), 0700);
  CHECK(refused());
  ::rmdir(file.c_str());
  for (const char* text : {"", "public x\nsecret y\n", "public 0123456789012345678901234567890123456789\n"}) {
    std::ofstream(file) << text;
    ::chmod(file.c_str(), 0600);
    CHECK(refused());
  }
  ::unlink(file.c_str());
  RunKey::generate().save(file);
  ::chmod(file.c_str(), 0640);
  CHECK(refused());
}
