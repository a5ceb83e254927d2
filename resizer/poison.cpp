#include "resizer/poison.h"

#include <chrono>
#include <cstdlib>
#include <string_view>
#include <thread>

namespace thumbline {
namespace {

const char* const poison = std::getenv("THUMBLINE_POISON");  // NOLINT(concurrency-mt-unsafe): before any thread

const char* const dawdle = std::getenv("THUMBLINE_DAWDLE");  // NOLINT(concurrency-mt-unsafe): the same

}  // namespace

void dawdle_if_told() {
  if (dawdle != nullptr) std::this_thread::sleep_for(std::chrono::milliseconds(std::strtol(dawdle, nullptr, 10)));
}

void strike_if_poisoned(std::span<const std::byte> picture) {
  if (poison == nullptr) [[likely]]
    return;
  const std::string_view wanted(poison);
  const std::size_t colon = wanted.find(':');
  if (colon == std::string_view::npos || colon + 1 == wanted.size()) return;
  const std::string_view bytes(reinterpret_cast<const char*>(picture.data()), picture.size());
  if (bytes.find(wanted.substr(colon + 1)) == std::string_view::npos) return;
  if (wanted.starts_with("crash:")) __builtin_trap();
  volatile bool for_ever = wanted.starts_with("hang:");
  while (for_ever) {
  }
}

}  // namespace thumbline
