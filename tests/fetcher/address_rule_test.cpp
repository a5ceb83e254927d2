#include "fetcher/address_rule.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "tests/catch.h"

using thumbline::address_text;
using thumbline::is_public_address;

TEST_CASE("addresses of the open internet may be connected to") {
  for (const char* text : {"1.1.1.1",
                           "9.255.255.255",
                           "11.0.0.0",
                           "100.63.255.255",
                           "100.128.0.0",
                           "126.255.255.255",
                           "128.0.0.0",
                           "151.101.36.193",
                           "169.253.255.255",
                           "172.15.255.255",
                           "172.32.0.0",
                           "161.25.255.255",
                           "161.27.0.0",
                           "166.7.255.255",
                           "166.12.0.0",
                           "168.63.129.15",
                           "168.63.129.17",
                           "192.80.8.123",
                           "192.80.8.125",
                           "199.36.153.3",
                           "199.36.153.12",
                           "192.0.1.0",
                           "192.88.98.255",
                           "192.167.255.255",
                           "192.169.0.0",
                           "198.17.255.255",
                           "198.20.0.0",
                           "223.255.255.255",
                           "2606:4700:4700::1111",
                           "2001:200::1",
                           "2001:4860:4860::8888",
                           "2a04:4e42::193",
                           "2003::1"}) {
    INFO(text);
    CHECK(is_public_address(text));
  }
}

TEST_CASE("special addresses are refused, at both ends of their ranges") {
  for (const char* text : {"0.0.0.0",      "0.255.255.255",
                           "10.0.0.0",     "10.255.255.255",
                           "100.64.0.0",   "100.127.255.255",
                           "127.0.0.1",    "127.255.255.255",
                           "169.254.0.0",  "169.254.169.254",
                           "172.16.0.0",   "172.31.255.255",
                           "192.0.0.0",    "192.0.0.255",
                           "192.0.2.1",    "192.88.99.1",
                           "192.168.0.0",  "192.168.255.255",
                           "198.18.0.0",   "198.19.255.255",
                           "198.51.100.1", "203.0.113.255",
                           "224.0.0.1",    "239.255.255.255",
                           "240.0.0.0",    "255.255.255.255",
                           "::",           "::1",
                           "100::1",       "2001::1",
                           "2001:0:1::1",  "2001:10::1",
                           "2001:20::1",   "2001:2::1",
                           "2001:db8::1",  "2002:808:808::1",
                           "3fff::1",      "fc00::1",
                           "fdff:ffff::1", "fe80::1",
                           "febf::1",      "fec0::1",
                           "ff02::1",      "4000::1",
                           "64:ff9b:1::1", "64:ff9b:1::808:808",
                           "100:0:0:1::1", "5f00::1"}) {
    INFO(text);
    CHECK_FALSE(is_public_address(text));
  }
}

TEST_CASE("an IPv4 address does not get through in the clothes of IPv6") {
  for (const char* text : {"::ffff:127.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1",
                           "2002:7f00:1::", "::ffff:8.8.8.8", "::8.8.8.8", "2002:808:808::1", "2001::808:808"}) {
    INFO(text);
    CHECK_FALSE(is_public_address(text));
  }
}

TEST_CASE("what clouds keep for their own machines is refused") {
  for (const char* text :
       {"168.63.129.16", "161.26.0.10", "166.9.14.2", "192.80.8.124", "199.36.153.4", "199.36.153.11", "100.100.100.200",
        "192.0.0.192", "169.254.169.254", "169.254.170.2", "fd00:ec2::254", "fd20:ce::254", "64:ff9b::168.63.129.16"}) {
    INFO(text);
    CHECK_FALSE(is_public_address(text));
  }
}

TEST_CASE("through NAT64 the IPv4 address within decides") {
  for (const std::string text : {"8.8.8.8", "151.101.36.193"}) CHECK(is_public_address("64:ff9b::" + text));
  for (const std::string text : {"0.0.0.0", "10.1.2.3", "127.0.0.1", "169.254.169.254", "192.168.0.1", "255.255.255.255"}) {
    INFO(text);
    CHECK_FALSE(is_public_address("64:ff9b::" + text));
  }
  // Only where the ninety-six bits are those: RFC 6052, 2.1.
  for (const char* text : {"64:ff9b::1:808:808", "64:ff9a::808:808", "64:ff9b:0:0:1:0:808:808"}) {
    INFO(text);
    CHECK_FALSE(is_public_address(text));
  }
}

TEST_CASE("what is no address is refused") {
  for (const char* text : {"", "localhost", "1.1.1", "1.1.1.1.1", "1.1.1.1 ", "0x7f.1", "::g"}) {
    INFO(text);
    CHECK_FALSE(is_public_address(text));
  }
}

TEST_CASE("socket addresses are judged as their texts are") {
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = htons(443);
  REQUIRE(::inet_pton(AF_INET, "151.101.36.193", &four.sin_addr) == 1);
  CHECK(is_public_address(reinterpret_cast<const sockaddr&>(four)));
  CHECK(address_text(reinterpret_cast<const sockaddr&>(four)) == "151.101.36.193");
  REQUIRE(::inet_pton(AF_INET, "10.1.2.3", &four.sin_addr) == 1);
  CHECK_FALSE(is_public_address(reinterpret_cast<const sockaddr&>(four)));

  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  REQUIRE(::inet_pton(AF_INET6, "2a04:4e42::193", &six.sin6_addr) == 1);
  CHECK(is_public_address(reinterpret_cast<const sockaddr&>(six)));
  REQUIRE(::inet_pton(AF_INET6, "::ffff:10.1.2.3", &six.sin6_addr) == 1);
  CHECK_FALSE(is_public_address(reinterpret_cast<const sockaddr&>(six)));

  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  CHECK_FALSE(is_public_address(reinterpret_cast<const sockaddr&>(local)));
}

TEST_CASE("hosts that are private by what a URL says") {
  for (const char* host : {"127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[fd00::1]", "[::ffff:10.0.0.1]",
                           "[fe80::1%25eth0]", "localhost", "a.localhost", "localhost."}) {
    INFO(host);
    CHECK(thumbline::names_private_host(host));
  }
  for (const char* host :
       {"a.example", "8.8.8.8", "[2a00:1450::1]", "notlocalhost", "localhost.example", "10.0.0.1.example", ""}) {
    INFO(host);
    CHECK_FALSE(thumbline::names_private_host(host));
  }
}
