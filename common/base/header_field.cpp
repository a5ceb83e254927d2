#include "common/base/header_field.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace thumbline {
namespace {

bool is_token_character(char c) {  // RFC 9110, 5.6.2
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

}  // namespace

std::string header_name(std::string_view field) {
  std::string name(field.substr(0, field.find(':')));
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return name;
}

std::string fault_of_header(std::string_view field) {
  constexpr std::array ours{"connection",       "content-length", "expect", "host",    "keep-alive",
                            "proxy-connection", "range",          "te",     "trailer", "upgrade",
                            "transfer-encoding"};
  const std::size_t colon = field.find(':');
  const bool has_value = colon != std::string_view::npos && field.find_first_not_of(" \t", colon + 1) != std::string_view::npos;
  const std::string name = header_name(field);
  if (!has_value || name.empty() || !std::ranges::all_of(name, is_token_character) || std::ranges::any_of(field, is_control)) {
    return "wanted is 'Name: value'";
  }
  if (name == "proxy-authorization") return "a proxy's user name and password belong into its URL (--proxy)";
  if (std::ranges::find(ours, name) != ours.end() || name.starts_with("if-")) {
    return "the field " + name + " is thumbline's own to set";
  }
  return {};
}

std::vector<std::string> headers_of_environment() {
  std::vector<std::string> fields;
  const char* const value = std::getenv("THUMBLINE_HEADERS");
  std::string_view text(value == nullptr ? "" : value);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) fields.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return fields;
}

}  // namespace thumbline
