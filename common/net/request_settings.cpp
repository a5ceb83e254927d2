#include "common/net/request_settings.h"

#include <algorithm>
#include <utility>

#include "common/base/header_field.h"
#include "common/base/program.h"

namespace thumbline {
namespace {

constexpr int most_redirects = 100;

void check(const RequestSettings& settings) {
  for (const std::string& field : settings.headers) {
    if (const std::string fault = fault_of_header(field); !fault.empty()) throw Stop(ExitCode::bad_usage, "--header: " + fault);
  }
  const bool is_text = std::ranges::none_of(settings.user_agent, [](unsigned char c) { return c < ' ' || c == 0x7f; });
  if (!is_text) throw Stop(ExitCode::bad_usage, "--user-agent: there are control characters in it");
}

}  // namespace

void add_request_options(CLI::App& app, RequestSettings& settings) {
  app.add_option("--max-redirects", settings.max_redirects, "Redirects that are followed for one link")
      ->check(CLI::Range(0, most_redirects))
      ->capture_default_str();
  app.add_option("--user-agent", settings.user_agent, "User-Agent of requests for pictures")->type_name("TEXT");
  app.add_option(
         "--header", settings.headers,
         "Header field of requests for pictures, 'Name: value' (repeatable); also one a line in the environment variable "
         "THUMBLINE_HEADERS, where other users do not see them")
      ->type_name("FIELD")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void complete_request_settings(RequestSettings& settings) {
  for (std::string& field : headers_of_environment()) settings.headers.push_back(std::move(field));
  check(settings);
}

wire::Requests to_wire(const RequestSettings& settings) {
  wire::Requests requests;
  requests.set_user_agent(settings.user_agent);
  for (const std::string& field : settings.headers) requests.add_headers(field);
  requests.set_max_redirects(static_cast<std::uint32_t>(settings.max_redirects));
  return requests;
}

RequestSettings from_wire(const wire::Requests& requests) {
  RequestSettings settings;
  settings.user_agent = requests.user_agent();
  settings.headers.assign(requests.headers().begin(), requests.headers().end());
  settings.max_redirects = static_cast<int>(std::min<std::uint32_t>(requests.max_redirects(), most_redirects));
  check(settings);
  return settings;
}

}  // namespace thumbline
