#include "common/base/boot_id.h"

#include <cstdlib>
#include <fstream>

namespace thumbline {

std::string boot_id() {
  if (const char* given = std::getenv("THUMBLINE_BOOT_ID")) return given;  // NOLINT(concurrency-mt-unsafe): nobody sets it
  std::ifstream in("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(in, id);
  return id;
}

}  // namespace thumbline
