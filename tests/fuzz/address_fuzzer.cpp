// Addresses: the rule says the same of one whichever way it is written, and of those it must refuse what it must.
#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "fetcher/address_rule.h"
#include "tests/fuzz/input.h"

using namespace thumbline;
using namespace thumbline::fuzz;

namespace {

bool verdict(const sockaddr& address) {
  const bool is_public = is_public_address(address);
  require(is_public == is_public_address(address_text(address)), "an address is judged the same as text");
  return is_public;
}

/// RFC 1918, RFC 6890: what is inside of a network, whatever else there may be.
bool is_inside(std::uint32_t address) {
  return address >> 24 == 10 || address >> 24 == 127 || address >> 24 == 0 || address >> 20 == 0xAC1 ||
         address >> 16 == 0xC0A8 || address >> 16 == 0xA9FE || address >> 28 >= 0xE;
}

void check_v4(std::uint32_t number) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(number);
  const bool is_public = verdict(reinterpret_cast<const sockaddr&>(address));
  require(!is_public || !is_inside(number), "what is inside stays inside");
}

std::uint32_t number_of(const std::array<std::uint8_t, 16>& bytes, std::size_t at) {
  return static_cast<std::uint32_t>(bytes.at(at)) << 24 | static_cast<std::uint32_t>(bytes.at(at + 1)) << 16 |
         static_cast<std::uint32_t>(bytes.at(at + 2)) << 8 | bytes.at(at + 3);
}

void check_v6(const std::array<std::uint8_t, 16>& bytes) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  std::memcpy(&address.sin6_addr, bytes.data(), bytes.size());
  const bool is_public = verdict(reinterpret_cast<const sockaddr&>(address));
  constexpr std::array<std::uint8_t, 12> nat64{0, 0x64, 0xff, 0x9b};  // RFC 6052
  if (std::equal(nat64.begin(), nat64.end(), bytes.begin())) {
    check_v4(number_of(bytes, nat64.size()));
    require(!is_public || !is_inside(number_of(bytes, nat64.size())), "what is inside stays inside");
  } else {
    require(!is_public || bytes[0] >> 5 == 1, "what is inside stays inside");  // 2000::/3, RFC 4291
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  (void)is_public_address(input.text());
  const std::string text(input.text());
  in6_addr parsed{};
  if (::inet_pton(AF_INET6, text.c_str(), &parsed) != 1 && ::inet_pton(AF_INET, text.c_str(), &parsed) != 1) {
    require(!is_public_address(text), "what is no address is refused");
  }
  std::array<std::uint8_t, 16> bytes{};
  for (std::uint8_t& byte : bytes) byte = input.byte();
  check_v4(number_of(bytes, 0));
  check_v6(bytes);
  return 0;
}
