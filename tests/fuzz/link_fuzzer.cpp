// Lists of links: what is read as a link, what its files are called, and what is asked for.
#include <curl/curl.h>

#include <memory>
#include <string>

#include "common/base/thumbnail_name.h"
#include "common/base/utf8.h"
#include "fetcher/request_url.h"
#include "fetcher/store.h"
#include "producer/line_source.h"
#include "producer/link.h"
#include "tests/fuzz/input.h"

using namespace thumbline;
using namespace thumbline::fuzz;

namespace {

constexpr std::string_view white = " \t\r\n\v\f";

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

/// As libcurl reads it when it is asked for.
void check_request(const std::string& link) {
  const std::string asked = request_url(link);
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), curl_url_cleanup);
  require(curl_url_set(url.get(), CURLUPART_URL, asked.c_str(), CURLU_DISALLOW_USER) == CURLUE_OK, "a link can be asked for");
  const std::string scheme = part(url.get(), CURLUPART_SCHEME);
  require(scheme == "http" || scheme == "https", "only HTTP is asked for");
  require(part(url.get(), CURLUPART_USER).empty() && part(url.get(), CURLUPART_PASSWORD).empty(), "no credentials are sent");
  const std::size_t slashes = asked.find("://");
  const std::size_t host = slashes == std::string::npos ? 0 : slashes + 3;
  const std::string_view target = std::string_view(asked).substr(std::min(asked.find_first_of("/?#", host), asked.size()));
  require(is_printable(target) && target.find(' ') == std::string_view::npos, "what is asked for is plain");
  require(!host_of(asked).empty() && host_of(asked) == host_of(link), "the host is the link's");
}

void check_name(const std::string& name) {
  require(!name.empty() && name.size() <= 200, "a name is no longer than it may be");
  require(is_utf8(name), "a name is UTF-8");
  require(name.front() != '.' && name.front() != '-', "a name is neither hidden nor an option");
  const auto harmless = [](char c) { return static_cast<unsigned char>(c) > ' ' && c != '/' && c != '\\' && c != '\x7f'; };
  require(std::ranges::all_of(name, harmless), "a name is no path");
  require(Store::is_file_name(name), "the fetcher takes the name");
  require(thumbnail_path(name, "", ImageKind::png) == "thumbnails/" + name + "_thumbnail.png", "the resizer takes the name");
}

void check_line(std::string_view line) {
  const std::string_view content = content_of_line(line);
  if (content.empty()) return;
  require(content.front() != '#', "a comment is no content");
  require(white.find(content.front()) == std::string_view::npos, "no white space before the content");
  require(white.find(content.back()) == std::string_view::npos, "no white space behind the content");

  const Result<Link> link = parse_link(content);
  if (!link) {
    require(!link.error().transient && is_printable(link.error().detail), "a bad link is called one");
    require(bad_line(content).url.size() <= max_link_bytes, "a bad line is cut");
    return;
  }
  const Result<Link> again = parse_link(link->url);
  require(again && again->id == link->id && again->name == link->name && again->url == link->url, "a link is what it says");
  check_name(link->name);
  check_request(link->url);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Input input(data, size);
  for (std::string_view rest = input.text(); !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    check_line(line);
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  return 0;
}
