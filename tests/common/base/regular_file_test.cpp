#include "common/base/regular_file.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;

TEST_CASE("a file is opened, and what else there is has no picture in it") {
  const test::ScratchFolder folder;
  std::ofstream(folder / "file") << "x";
  const Result<int> file = open_regular(folder / "file");
  REQUIRE(file);
  ::close(*file);

  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  const int bound = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, (folder / "socket").c_str(), sizeof address.sun_path - 1);
  REQUIRE(::bind(bound, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  for (const std::string& other : {folder / "fifo", folder / "socket", folder.path().string(), std::string("/dev/zero")}) {
    INFO(other);
    const Result<int> refused = open_regular(other);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == Reason::not_an_image);
    CHECK(refused.error().detail.find(other) == 0);
  }
  ::close(bound);
  CHECK(open_regular(folder / "none").error().reason == Reason::io);
}
