#include "fetcher/verdict.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "common/base/printable.h"

namespace thumbline {
namespace {

constexpr long forbidden = 403;
constexpr long too_many_requests = 429;
constexpr long service_unavailable = 503;

bool is_imgur(std::string_view host) {
  return host == "imgur.com" || host.ends_with(".imgur.com");
}

bool says_over_capacity(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text.find("over capacity") != std::string::npos;
}

Failure transient(Failure failure) {
  failure.transient = true;
  return failure;
}

Failure judge_status(const TransferEnd& end) {
  const std::string said = end.host + " answered " + std::to_string(end.status);
  const auto patience = std::max(end.retry_after, std::chrono::seconds(0));
  const auto busy = [&](Reason reason, const std::string& what) {
    const std::string when = patience.count() > 0 ? what + ", try again in " + std::to_string(patience.count()) + " s" : what;
    Failure failure(reason, when);
    failure.asked_by = end.other_host;
    failure.retry_after = std::min<std::chrono::seconds>(patience, longest_retry_after);
    if (patience > longest_retry_after) {  // sooner would be against its wish, and that late nobody waits
      failure.transient = false;
      failure.detail += ", which is longer than a run waits";
    }
    return failure;
  };
  if (end.status == too_many_requests) return busy(Reason::rate_limited, said + " (too many requests)");
  // Imgur answers 403 to those who ask too fast, with or without these words.
  if (end.status == forbidden && (is_imgur(end.host) || says_over_capacity(end.body_start))) {
    return busy(Reason::rate_limited, said + " (over capacity)");
  }
  const Reason reason = Reason::http_status(static_cast<int>(end.status));
  if (end.status == service_unavailable) return busy(reason, said);
  return {reason, said};
}

/// What libcurl does not take as a URL: the link itself, or what it leads to.
Failure judge_url(const TransferEnd& end, const std::string& why) {
  if (end.redirects > 0) return {Reason::http_status(static_cast<int>(end.status)), "redirected to " + why};
  return {Reason::bad_link, why};
}

bool is_about_names(std::string_view why) {
  return why.find("Resolving timed out") != std::string_view::npos || why.find("resolve host") != std::string_view::npos;
}

/// What is wrong with a server's certificate, in libcurl's words where those are clear.
std::string about_certificate(const std::string& why) {
  const auto says = [&](std::string_view words) { return why.find(words) != std::string::npos; };
  if (says("subject name") || says("subjectAltName")) return "its certificate is for another host";
  if (says("local issuer") || says("self-signed") || says("self signed")) return why + " (--ca-file names whom to trust)";
  return why;
}

/// What libcurl could not do. Its codes: https://curl.se/libcurl/c/libcurl-errors.html
Failure judge_code(const TransferEnd& end) {
  const std::string why = end.error.empty() ? curl_easy_strerror(end.code) : printable(end.error);
  const std::string at_host = end.host.empty() ? why : end.host + ": " + why;
  switch (end.code) {
    case CURLE_URL_MALFORMAT: return judge_url(end, at_host);
    case CURLE_LOGIN_DENIED: return judge_url(end, "a URL with a user name or a password in it is not followed");
    case CURLE_UNSUPPORTED_PROTOCOL:
      // libcurl uses the same code for a scheme that is not allowed and for an answer without an HTTP status line, which may be
      // what another answer left behind on a kept connection.
      if (why.find("HTTP/0.9") != std::string::npos) return {Reason::reset, end.host + " does not answer in HTTP"};
      return judge_url(end, "neither http nor https: " + why);
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST: return {Reason::dns, at_host};
    case CURLE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED: return {Reason::connect, at_host};
    case CURLE_PEER_FAILED_VERIFICATION: return {Reason::tls, end.host + ": " + about_certificate(why)};
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE: return {Reason::tls, at_host};
    case CURLE_SSL_CONNECT_ERROR:
      return transient({Reason::tls, at_host});  // a handshake also breaks off when a server is busy
    case CURLE_OPERATION_TIMEDOUT: return {is_about_names(why) ? Reason::dns : Reason::timeout, at_host};
    case CURLE_FILESIZE_EXCEEDED: return {Reason::too_large, end.host + " announces more bytes than --max-bytes allows"};
    case CURLE_PARTIAL_FILE:
      return transient(
          {Reason::truncated, end.host + " ended the answer early, after " + std::to_string(end.bytes) + " bytes"});
    case CURLE_BAD_CONTENT_ENCODING: return {Reason::not_an_image, at_host};
#if LIBCURL_VERSION_NUM >= 0x080600
    case CURLE_TOO_LARGE: return {Reason::too_large, at_host};
#endif
#if LIBCURL_VERSION_NUM < 0x080600
    // Of a line of a header that is longer than it takes (100 KB), too.
    case CURLE_OUT_OF_MEMORY:
      if (end.connected) return {Reason::too_large, end.host + ": a line of its headers is too long"};
      return transient({Reason::io, at_host});
#else
    case CURLE_OUT_OF_MEMORY: return transient({Reason::io, at_host});
#endif
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    default: return {Reason::reset, at_host + (end.bytes > 0 ? " (after " + std::to_string(end.bytes) + " bytes)" : "")};
  }
}

}  // namespace

bool is_removed_notice(std::string_view url, long redirects) {
  return redirects > 0 && url.substr(0, url.find_first_of("?#")).ends_with("/removed.png");
}

bool is_of_the_host(Reason reason) {
  return reason == Reason::connect || reason == Reason::timeout || reason == Reason::dns;
}

bool brings_picture(long status, std::string_view content_range) {
  if (is_success(status)) return true;
  constexpr std::string_view from_the_start = "bytes 0-";
  constexpr long partial_content = 206;
  if (status != partial_content || !content_range.starts_with(from_the_start)) return false;
  const std::string_view rest = content_range.substr(from_the_start.size());
  std::uint64_t last = 0;
  std::uint64_t all = 0;
  const auto [slash, no_last] = std::from_chars(rest.data(), rest.data() + rest.size(), last);
  if (no_last != std::errc{} || slash == rest.data() + rest.size() || *slash != '/') return false;
  const auto [end, no_all] = std::from_chars(slash + 1, rest.data() + rest.size(), all);
  return no_all == std::errc{} && end == rest.data() + rest.size() && all > 0 && last == all - 1;
}

std::optional<Failure> judge(const TransferEnd& end) {
  if (!end.refused_address.empty() && end.code != CURLE_OK) {
    const std::string address =
        end.host == end.refused_address ? end.host + " is" : end.host + " is at " + end.refused_address + ", which is";
    return Failure(Reason::refused_address, address + " no address of the open internet (--allow-private allows it)");
  }
  if (end.proxy_status >= 300) {
    Failure failure(Reason::connect,
                    "the proxy answered " + std::to_string(end.proxy_status) + " when asked for a tunnel to " + end.host);
    failure.transient = end.proxy_status >= 500;
    return failure;
  }
  // An answer with an error's status is that error, however its body ended.
  constexpr long first_error = 400;
  if (end.status >= first_error) return judge_status(end);
  const bool is_picture = brings_picture(end.status, end.content_range);
  if (is_picture && is_removed_notice(end.url, end.redirects)) {
    return Failure(Reason::removed, end.host + " says that the picture was removed");
  }
  if (end.body_failure) {
    Failure failure = *end.body_failure;
    const bool local = failure.reason == Reason::disk_full || failure.reason == Reason::io;
    if (!local) failure.detail = end.host + ": " + failure.detail;
    if (!end.coding.empty()) failure.detail += " (Content-Encoding: " + printable(end.coding) + ", which cannot be decoded)";
    return failure;
  }
  // Of an answer that is not wanted, too long a body is not read to its end.
  const bool unwanted = !is_picture && (end.code == CURLE_OK || end.code == CURLE_WRITE_ERROR);
  if (unwanted) return judge_status(end);
  if (end.code != CURLE_OK) return judge_code(end);
  return std::nullopt;
}

}  // namespace thumbline
