#include "collector/units.h"

#include "tests/catch.h"

using namespace thumbline;

TEST_CASE("counts have their digits in groups of three") {
  CHECK(count_text(0) == "0");
  CHECK(count_text(999) == "999");
  CHECK(count_text(1000) == "1 000");
  CHECK(count_text(12345) == "12 345");
  CHECK(count_text(1234567) == "1 234 567");
  CHECK(count_text(18446744073709551615ULL) == "18 446 744 073 709 551 615");
}

TEST_CASE("durations are in the unit that people would take") {
  CHECK(duration_text(0) == "0 µs");
  CHECK(duration_text(840) == "840 µs");
  CHECK(duration_text(2'340) == "2.3 ms");
  CHECK(duration_text(287'400) == "287 ms");
  CHECK(duration_text(4'210'000) == "4.21 s");
  CHECK(duration_text(32'400'000) == "32.4 s");
  CHECK(duration_text(124'000'000) == "2 min 04 s");
  CHECK(duration_text(3'720'000'000) == "1 h 02 min");
}

TEST_CASE("a duration is never rounded to a whole of the next unit in its own") {
  CHECK(duration_text(9'990) == "10 ms");
  CHECK(duration_text(999'600) == "1.00 s");
  CHECK(duration_text(59'990'000) == "1 min 00 s");
  CHECK(duration_text(119'600'000) == "2 min 00 s");
  CHECK(duration_text(3'599'700'000) == "1 h 00 min");
  CHECK(duration_text(3'700'000'000) == "1 h 02 min");
  CHECK(duration_text(7'170'000'000) == "2 h 00 min");
}

TEST_CASE("sizes count in powers of a thousand") {
  CHECK(bytes_text(503) == "503 B");
  CHECK(bytes_text(81'400) == "81.4 kB");
  CHECK(bytes_text(999'999) == "1.00 MB");
  CHECK(bytes_text(1'400'000'000) == "1.40 GB");
  CHECK(bytes_text(18446744073709551615ULL) == "18.4 EB");
}

TEST_CASE("rates have three figures or more") {
  CHECK(rate_text(0.5) == "0.50");
  CHECK(rate_text(9.996) == "10.0");
  CHECK(rate_text(99.96) == "100");
  CHECK(rate_text(154.2) == "154");
  CHECK(rate_text(12345.6) == "12 346");
}

TEST_CASE("what is left is shown as a clock does") {
  CHECK(countdown_text(0) == "0:00");
  CHECK(countdown_text(24) == "0:24");
  CHECK(countdown_text(725) == "12:05");
  CHECK(countdown_text(3723) == "1:02:03");
}
