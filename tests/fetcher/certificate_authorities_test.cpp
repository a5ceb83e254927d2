#include "fetcher/certificate_authorities.h"

#include <fstream>

#include "common/base/program.h"
#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;
using namespace thumbline::test;

namespace {

/// What is wrong with the file; "nothing" where nothing is.
std::string refusal(const std::string& file) {
  try {
    require_certificates(file);
    return "nothing";
  } catch (const Stop& stop) {
    CHECK(stop.code() == ExitCode::bad_usage);
    return stop.what();
  }
}

}  // namespace

TEST_CASE("a file of certificate authorities has to be there and to hold a certificate") {
  const ScratchFolder folder;
  const std::string file = folder.path() / "authorities.pem";
  const auto refusal_of = [&](const std::string& text) {
    std::ofstream(file) << text;
    return refusal(file);
  };
  CHECK(refusal_of("# ours\n-----BEGIN CERTIFICATE-----\n") == "nothing");
  CHECK(refusal_of("-----BEGIN TRUSTED CERTIFICATE-----\r\n") == "nothing");
  for (const char* text : {"", "no certificate\n", "-----BEGIN EC PRIVATE KEY-----\n"}) {
    CHECK(refusal_of(text) == "--ca-file " + file + ": there is no certificate in PEM in this file");
  }
  CHECK(refusal(folder.path() / "missing") ==
        "--ca-file " + (folder.path() / "missing").string() + ": No such file or directory");
  CHECK(refusal(folder.path()) != "nothing");
}
