#pragma once
#include <chrono>
#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "common/base/reason.h"

namespace thumbline {

/// What went wrong with one link or one picture. A value, not an exception: it travels to the ledger.
struct Failure {
  Failure(Reason why, std::string what) : reason(why), detail(std::move(what)), transient(why.is_transient()) {}

  Reason reason;
  std::string detail;                        ///< for people: what happened, to which file or host
  bool transient;                            ///< whether another attempt may help
  std::chrono::milliseconds retry_after{0};  ///< no other attempt before that long from now
  std::string asked_by;                      ///< host:port that asks for this pause; empty: the link's own
};

template <class T>
using Result = tl::expected<T, Failure>;

/// `return failed(Reason::truncated, "the data ends in row 17");`
inline tl::unexpected<Failure> failed(Reason reason, std::string detail) {
  return tl::unexpected<Failure>(Failure(reason, std::move(detail)));
}

}  // namespace thumbline
