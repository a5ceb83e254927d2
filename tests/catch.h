#pragma once
// Catch2 2 (Debian 12) and 3 (Debian 13, Ubuntu 24.04) differ in the names of their headers; the rest that we use is the same.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif
