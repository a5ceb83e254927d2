#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace thumbline {

/// The name of a header field "Name: value", in lower case.
std::string header_name(std::string_view field);

/// Why a header field of the user's cannot be sent with the request for a picture; empty where it can. It has to be
/// "Name: value" (RFC 9110, 5.1 and 5.5), and none of those that make up the message itself, or ask for something else than
/// the whole picture.
std::string fault_of_header(std::string_view field);

/// The header fields in the environment variable THUMBLINE_HEADERS, one a line: there no other user of the machine sees them.
std::vector<std::string> headers_of_environment();

}  // namespace thumbline
