#pragma once
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/program_run.h"

namespace thumbline::test {

/// The local gallery (tests/gallery/faulty_server.py) with a few freshly drawn pictures.
class Gallery {
 public:
  /// No picture's longer side is longer than `max_side`.
  explicit Gallery(int max_side = 64);

  /// "http://127.0.0.1:PORT" + path.
  [[nodiscard]] std::string url(const std::string& path) const { return url_ + path; }
  [[nodiscard]] std::string port() const { return url_.substr(url_.rfind(':') + 1); }

  /// The names of its pictures whose extension is `extension` ("png" or "jpg").
  [[nodiscard]] std::vector<std::string> names(const std::string& extension) const;
  /// A picture's bytes.
  [[nodiscard]] std::string bytes(const std::string& name) const;

 private:
  ScratchFolder folder_;
  std::unique_ptr<ProgramRun> server_;
  std::string url_;
};

/// All bytes of a file; throws where it cannot be read.
std::string file_bytes(const std::filesystem::path& file);

}  // namespace thumbline::test
