#include "fetcher/transfer.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <new>
#include <utility>

#include "common/base/printable.h"
#include "common/base/store_trial.h"
#include "fetcher/address_rule.h"
#include "fetcher/certificate_authorities.h"
#include "fetcher/redirect.h"
#include "fetcher/request_url.h"
#include "fetcher/verdict.h"

namespace thumbline {
namespace {

constexpr long receive_bytes = 64 << 10;
// The body of an error is read to its end where it is short, so that the connection can be used again.
constexpr std::uint64_t unwanted_bytes_read = 64 << 10;
// That of a redirect, for the same reason, is taken to be hostile where it is longer.
constexpr std::uint64_t redirect_bytes_read = 256 << 10;
constexpr std::size_t body_start_kept = 1024;

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  if (curl_easy_setopt(easy, option, value) != CURLE_OK) throw std::bad_alloc();
}

/// What may come over a connection for one picture, of whose body `taken` bytes have come out. HTTP and TLS add a few per cent,
/// and very small chunks several times as much. What the kernel holds and nobody has read yet counts as well.
std::uint64_t most_bytes_over_connection(std::uint64_t max_bytes, std::uint64_t taken) {
  constexpr std::uint64_t least_spare = 1 << 20;
  constexpr std::uint64_t unread = 8 << 20;  // more than Linux's tcp_rmem allows (tcp(7))
  return std::min(max_bytes + max_bytes / 4 + least_spare, 5 * taken + unread);
}

}  // namespace

Transfer::Transfer(Store& store, const TransferLimits& limits, LaneParts parts)
    : store_(store),
      limits_(limits),
      parts_(parts),
      easy_(curl_easy_init(), curl_easy_cleanup),
      picture_(store),
      headers_(limits.request.headers),
      decoder_(parts.decoders) {
  if (!easy_) throw std::bad_alloc();
  set_what_never_changes();
  set_callbacks();
}

void Transfer::set_what_never_changes() {
  CURL* easy = easy_.get();
  set(easy, CURLOPT_PRIVATE, static_cast<void*>(this));
  set(easy, CURLOPT_ERRORBUFFER, error_.data());
  set(easy, CURLOPT_NOSIGNAL, 1L);
  // A name server that does not answer must not hold up the lane when its transfer is given up.
  set(easy, CURLOPT_QUICK_EXIT, 1L);

  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);  // finish() does
  set(easy, CURLOPT_NOPROXY, "");         // ProxyRule knows better
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(easy, CURLOPT_COOKIEFILE, "");  // none, but those that redirects set are sent back
  const std::string& agent = limits_.request.user_agent;
  set(easy, CURLOPT_USERAGENT, agent.empty() ? THUMBLINE_USER_AGENT : agent.c_str());
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  trust_authorities(easy, limits_.ca_file);
  if (limits_.request.insecure) {
    set(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    set(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  set(easy, CURLOPT_TCP_NODELAY, 1L);
  set(easy, CURLOPT_BUFFERSIZE, receive_bytes);

  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits_.connect.count()));
  set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);  // bytes a second
  set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(std::chrono::ceil<std::chrono::seconds>(limits_.stalled).count()));
  // Acts on an announced length alone; on_body() counts what comes.
  set(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(limits_.max_bytes));
}

void Transfer::set_callbacks() {
  CURL* easy = easy_.get();
  auto* self = static_cast<void*>(this);
  set(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(easy, CURLOPT_HEADERDATA, self);
  set(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(easy, CURLOPT_WRITEDATA, self);
  set(easy, CURLOPT_NOPROGRESS, 0L);
  set(easy, CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
  set(easy, CURLOPT_XFERINFODATA, self);
  set(easy, CURLOPT_PREREQFUNCTION, &Transfer::on_request);
  set(easy, CURLOPT_PREREQDATA, self);
  set(easy, CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_socket);
  set(easy, CURLOPT_OPENSOCKETDATA, self);
  // A connection may outlive the transfer that has opened it.
  set(easy, CURLOPT_CLOSESOCKETFUNCTION, &Transfer::on_socket_closed);
  set(easy, CURLOPT_CLOSESOCKETDATA, static_cast<void*>(&parts_.connections));
}

Transfer& Transfer::of(CURL* handle) {
  char* self = nullptr;
  curl_easy_getinfo(handle, CURLINFO_PRIVATE, &self);
  return *reinterpret_cast<Transfer*>(self);
}

void Transfer::begin(Order order, Moment at) {
  order_ = std::move(order);
  started_ = at;
  connected_ = false;
  header_.begin();
  fetch_.Clear();
  redirects_ = 0;
  decodes_ = true;
  is_fresh_ = false;
  thrown_ = nullptr;
  set(easy_.get(), CURLOPT_COOKIELIST, "ALL");  // those of the link before are forgotten
  begin_picture();
  prepare_request(request_url(order_.url), at);
}

void Transfer::begin_picture() {
  const DoingFiles doing(parts_.pulse);
  picture_.begin(order_.id, order_.name, limits_.max_bytes);
}

void Transfer::prepare_request(std::string url, Moment at) {
  url_ = std::move(url);
  request_started_ = at;
  has_sent_request_ = false;
  is_kept_ = false;
  body_ = Body::unknown;
  has_window_ = false;
  decoder_.give_back();
  has_it_alone_ = false;
  lost_connection_ = 0;
  connection_ = 0;
  unwanted_bytes_ = 0;
  body_start_.clear();
  refused_address_.clear();
  body_failure_.reset();
  error_[0] = '\0';
  CURL* easy = easy_.get();
  set(easy, CURLOPT_URL, url_.c_str());
  proxy_ = limits_.request.proxies.proxy_for(url_);
  set(easy, CURLOPT_PROXY, proxy_.c_str());
  choose_caches(at);
  const bool is_of_the_link = redirects_ == 0 || origin_of(url_) == origin_of(order_.url);
  set(easy, CURLOPT_HTTPHEADER, is_of_the_link ? headers_.for_link() : headers_.for_others());
  set(easy, CURLOPT_COOKIE, is_of_the_link ? headers_.cookie() : nullptr);
  // Nobody is asked to compress, which pictures are already; what comes compressed all the same is decoded.
  set(easy, CURLOPT_ACCEPT_ENCODING, decodes_ ? "identity" : nullptr);
  set(easy, CURLOPT_FRESH_CONNECT, is_fresh_ ? 1L : 0L);
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(limits_.whole - (at - started_));
  set(easy, CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(left.count())));
  // Over TLS wait for the first connection to a host to say whether it takes all transfers at once (HTTP/2). Without TLS it
  // never does, and waiting for the first answer of a slow server would hold up all others.
  set(easy, CURLOPT_PIPEWAIT, is_https(url_) ? 1L : 0L);
}

void Transfer::choose_caches(Moment at) {
  host_ = host_and_port_of(url_);
  const bool is_address = is_literal_address(host_);
  set(easy_.get(), CURLOPT_SHARE, parts_.shared.of(host_, is_address));
  set(easy_.get(), CURLOPT_DNS_CACHE_TIMEOUT, is_address ? 0L : static_cast<long>(parts_.dns.at(at).count()));
}

/// With a proxy, it is the only name that is looked up.
void Transfer::note_lookup(Moment at) {
  if (proxy_.empty() && !is_literal_address(host_)) parts_.dns.looked_up(host_, at);
}

template <class Step>
auto Transfer::guarded(decltype(std::declval<Step>()()) refusal, Step step) noexcept {
  try {
    parts_.pulse.now_at(order_.id);
    return step();
  } catch (...) {
    thrown_ = std::current_exception();
    return refusal;
  }
}

std::size_t Transfer::on_header(char* line, std::size_t /*one*/, std::size_t size, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const bool go_on = transfer.guarded(false, [&] { return transfer.take_header({line, size}); });
  return go_on ? size : CURL_WRITEFUNC_ERROR;
}

bool Transfer::take_header(std::string_view line) {
  if (line.starts_with("HTTP/")) has_it_alone_ = line.starts_with("HTTP/1");
  if (auto taken = header_.take(line); !taken) body_failure_ = std::move(taken.error());
  return !body_failure_;
}

std::size_t Transfer::on_body(char* data, std::size_t /*one*/, std::size_t size, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const bool go_on = transfer.guarded(false, [&] { return transfer.take_body(std::as_bytes(std::span(data, size))); });
  return go_on ? size : CURL_WRITEFUNC_ERROR;
}

bool Transfer::take_body(std::span<const std::byte> bytes) {
  if (body_ == Body::unknown) {
    const long status = number(CURLINFO_RESPONSE_CODE);
    const bool wanted =
        (is_success(status) || brings_picture(status, header("Content-Range"))) && !is_removed_notice(url_, redirects_);
    body_ = wanted ? Body::picture : Body::unwanted;
    has_window_ = decodes_ && header_.is_decoded_with_window();
  }
  return body_ == Body::picture ? take_picture(bytes) : take_unwanted(bytes);
}

bool Transfer::take_picture(std::span<const std::byte> bytes) {
  if (has_window_ && !decoder_.grow_to(picture_.bytes() + bytes.size())) {
    body_failure_.emplace(Reason::too_large, "too many large pictures come compressed at once");
    body_failure_->transient = true;
    return false;
  }
  const DoingFiles doing(parts_.pulse);
  if (auto taken = picture_.take(bytes); !taken) body_failure_ = std::move(taken.error());
  return !body_failure_;
}

bool Transfer::take_unwanted(std::span<const std::byte> bytes) {
  const std::size_t kept = std::min(bytes.size(), body_start_kept - body_start_.size());
  body_start_.append(reinterpret_cast<const char*>(bytes.data()), kept);
  unwanted_bytes_ += bytes.size();
  if (!is_redirect(number(CURLINFO_RESPONSE_CODE))) return unwanted_bytes_ <= unwanted_bytes_read;
  if (unwanted_bytes_ <= redirect_bytes_read) return true;
  body_failure_.emplace(Reason::too_large,
                        "the body of its redirect is longer than " + std::to_string(redirect_bytes_read) + " bytes");
  return false;
}

/// Called now and then: ends what look_at_connection() wants to end.
int Transfer::on_progress(void* self, curl_off_t /*all_down*/, curl_off_t /*down*/, curl_off_t /*all_up*/, curl_off_t /*up*/) {
  auto& transfer = *static_cast<Transfer*>(self);
  return transfer.guarded(false, [&] { return !transfer.body_failure_; }) ? 0 : 1;
}

void Transfer::look_at_connection() {
  // Over HTTP/2 others' bytes come the same way; there nothing of a stream passes by the callbacks.
  if (!has_it_alone_) return;
  if (connection_ == 0) {
    connection_ = parts_.connections.find(ends_);
    received_before_ = parts_.connections.bytes_received(connection_);
    return;
  }
  const std::uint64_t most = most_bytes_over_connection(limits_.max_bytes, picture_.bytes() + unwanted_bytes_);
  const std::uint64_t received = parts_.connections.bytes_received(connection_);
  if (body_failure_ || received < received_before_ || received - received_before_ <= most) return;
  body_failure_.emplace(Reason::too_large,
                        "more than " + std::to_string(most) +
                            " bytes have come in all, more than a picture of that size needs");  // on_progress() ends it
}

bool Transfer::may_go_to(bool is_public, const std::string& address) {
  if (limits_.allow_private) return true;
  const std::string host = proxy_.empty() ? "" : host_of(url_);
  if (proxy_.empty() ? is_public : !names_private_host(host)) return true;
  refused_address_ = proxy_.empty() ? address : host;
  return false;
}

curl_socket_t Transfer::on_socket(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  return transfer.guarded(CURL_SOCKET_BAD, [&]() -> curl_socket_t {
    transfer.note_lookup(now());
    if (!transfer.may_go_to(is_public_address(address->addr), address_text(address->addr))) return CURL_SOCKET_BAD;
    const int socket = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (socket >= 0) transfer.parts_.connections.opened(socket);
    return socket;
  });
}

int Transfer::on_socket_closed(void* connections, curl_socket_t socket) {
  static_cast<ConnectionMeter*>(connections)->closed(socket);
  return ::close(socket);
}

int Transfer::on_request(void* self, char* peer, char* /*local*/, int peer_port, int local_port) {
  auto& transfer = *static_cast<Transfer*>(self);
  return transfer.guarded(CURL_PREREQFUNC_ABORT, [&]() -> int {
    if (!transfer.may_go_to(is_public_address(peer), peer)) return CURL_PREREQFUNC_ABORT;
    transfer.connected_ = transfer.has_sent_request_ = true;
    transfer.is_kept_ = transfer.number(CURLINFO_NUM_CONNECTS) == 0;
    transfer.connection_ = 0;
    transfer.has_it_alone_ = false;
    transfer.ends_.peer = peer;
    transfer.ends_.peer_port = peer_port;
    transfer.ends_.local_port = local_port;
    return CURL_PREREQFUNC_OK;
  });
}

std::optional<Fetched> Transfer::finish(CURLcode code, Moment at) {
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
  note_request();
  if (code == CURLE_COULDNT_RESOLVE_HOST) note_lookup(at);  // libcurl may keep that, too (from 8.16 on)
  if (code == CURLE_OK && !header_.has_ended()) {           // to libcurl the connection's end is the header's end, too
    code = CURLE_GOT_NOTHING;
    std::snprintf(error_.data(), error_.size(), "the connection ended within the header of the answer");
  }
  std::optional<Failure> failure = failure_of(code);
  if (const auto more = goes_on(code, failure, at); !more) {
    failure = more.error();
  } else if (*more) {
    return std::nullopt;
  }
  return end(std::move(failure), at);
}

void Transfer::note_request() {
  if (const long status = number(CURLINFO_RESPONSE_CODE); status != 0)
    fetch_.set_http_status(static_cast<std::uint32_t>(status));
  fetch_.set_first_byte_us(to_us(request_started_ - started_) + microseconds(CURLINFO_STARTTRANSFER_TIME_T));
  if (number(CURLINFO_NUM_CONNECTS) == 0) return;  // a kept connection: no name was looked up, nothing connected
  fetch_.set_dns_us(fetch_.dns_us() + microseconds(CURLINFO_NAMELOOKUP_TIME_T));
  fetch_.set_connect_us(fetch_.connect_us() +
                        std::max(microseconds(CURLINFO_CONNECT_TIME_T), microseconds(CURLINFO_APPCONNECT_TIME_T)));
}

Result<bool> Transfer::goes_on(CURLcode code, const std::optional<Failure>& failure, Moment at) {
  if (!failure) return false;
  if (const std::string location = header("Location");
      code == CURLE_OK && !body_failure_ && is_redirect(number(CURLINFO_RESPONSE_CODE)) && !location.empty()) {
    if (redirects_ >= limits_.request.max_redirects) {
      return failed(Reason::too_many_redirects,
                    printable(host_of(url_)) + " redirects once more, after " + std::to_string(redirects_) + " redirects");
    }
    auto target = redirect_target(number(CURLINFO_RESPONSE_CODE), url_, location);
    if (!target) return tl::unexpected(std::move(target.error()));
    ++redirects_;
    is_fresh_ = false;
    prepare_request(std::move(*target), at);
    return true;
  }
  if (at - started_ >= limits_.whole) return false;
  if (is_kept_ && !is_fresh_ && is_fault_of_connection(failure->reason)) {
    is_fresh_ = true;
    const int shared = has_it_alone_ ? 0 : ends_.local_port;
    begin_again(at);
    lost_connection_ = shared;
    return true;
  }
  if (code == CURLE_BAD_CONTENT_ENCODING && decodes_) {  // unknown to libcurl, or it is not what it says
    decodes_ = false;
    begin_again(at);
    return true;
  }
  return false;
}

/// The same request.
void Transfer::begin_again(Moment at) {
  begin_picture();
  prepare_request(std::move(url_), at);
}

void Transfer::use_any_connection() {
  set(easy_.get(), CURLOPT_FRESH_CONNECT, 0L);
}

Fetched Transfer::end(std::optional<Failure> failure, Moment at) {
  const DoingFiles doing(parts_.pulse);
  Fetched fetched;
  fetched.id = order_.id;
  fetched.ended = at;
  fetched.connected = connected_;
  if (!failure) {
    auto stored = picture_.finish();
    if (stored) {
      fetch_.set_path(std::move(stored->path));
    } else {
      body_failure_ = std::move(stored.error());
      failure = failure_of(CURLE_OK);
    }
  }
  if (failure) try_store(*failure, store_.full(""), "images");
  fetch_.set_bytes(picture_.bytes());
  fetch_.set_duration_us(to_us(at - started_));
  fetched.failure = std::move(failure);
  fetched.fetch = fetch_;
  picture_.drop();
  decoder_.give_back();
  order_.id = 0;
  return fetched;
}

std::optional<Failure> Transfer::failure_of(CURLcode code) {
  if (code == CURLE_OK && is_success(number(CURLINFO_RESPONSE_CODE)) && redirects_ == 0 && !body_failure_) return std::nullopt;
  TransferEnd end;
  end.code = code;
  end.error = error_.data();
  end.status = fetch_.http_status();
  end.content_range = header("Content-Range");
  end.redirects = redirects_;
  end.url = url_;
  end.host = printable(host_of(url_));
  if (const std::string answering = host_and_port_of(url_); redirects_ > 0 && answering != host_and_port_of(order_.url)) {
    end.other_host = answering;
  }
  end.bytes = picture_.bytes();
  end.connected = connected_;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RETRY_AFTER, &retry_after);
  end.retry_after = std::chrono::seconds(retry_after);  // before 8.12 it may be negative
  end.proxy_status = number(CURLINFO_HTTP_CONNECTCODE);
  end.refused_address = refused_address_;
  end.coding = decodes_ ? "" : header("Content-Encoding");
  end.body_failure = body_failure_;
  end.body_start = body_start_;
  return judge(end);
}

long Transfer::number(CURLINFO what) const {
  long value = 0;
  curl_easy_getinfo(easy_.get(), what, &value);
  return value;
}

std::uint64_t Transfer::microseconds(CURLINFO what) const {
  curl_off_t value = 0;
  curl_easy_getinfo(easy_.get(), what, &value);
  return value < 0 ? 0 : static_cast<std::uint64_t>(value);
}

/// The first field of this name in the last answer; empty where there is none.
std::string Transfer::header(const char* name) const {
  constexpr int last_request = -1;
  curl_header* found = nullptr;
  const CURLHcode code = curl_easy_header(easy_.get(), name, 0, CURLH_HEADER, last_request, &found);
  if (code != CURLHE_OK) return {};
  std::string value(found->value);
  value.erase(std::min(value.find_last_not_of(" \t\r\n") + 1, value.size()));
  return value;
}

}  // namespace thumbline
