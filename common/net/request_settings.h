#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "proto/pipeline.pb.h"

namespace thumbline {

/// How the pictures of a run are asked for: the same by all of its fetchers, to whom the head says it.
struct RequestSettings {
  std::string user_agent;            ///< empty: thumbline's own
  std::vector<std::string> headers;  ///< "Name: value"
  int max_redirects = 10;            ///< followed for one link
};

/// Adds --max-redirects, --user-agent and --header.
void add_request_options(CLI::App& app, RequestSettings& settings);

/// After the command line was parsed: adds the fields in THUMBLINE_HEADERS. Throws Stop where something cannot be sent, and
/// does not repeat it: it may be a secret.
void complete_request_settings(RequestSettings& settings);

wire::Requests to_wire(const RequestSettings& settings);

/// Throws Stop as complete_request_settings() does.
RequestSettings from_wire(const wire::Requests& requests);

}  // namespace thumbline
