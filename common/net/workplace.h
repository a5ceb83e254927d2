#pragma once
#include <string>

#include "proto/pipeline.pb.h"

namespace thumbline {

/// Where a worker works.
struct Workplace {
  std::string folder;
  std::string store;  ///< its id
  bool shared;        ///< it is the run's own
};

/// An id for a folder that has none: random, 32 hexadecimal digits.
std::string fresh_store_id();

/// By what the head says and the `folder` that the user gave ("" for none): the run's folder where this host sees it, else one
/// of its own where the run allows that. Throws Stop with `bad_usage` where there is neither.
Workplace find_workplace(const wire::Places& places, const std::string& folder);

}  // namespace thumbline
