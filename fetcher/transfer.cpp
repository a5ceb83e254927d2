#include "fetcher/transfer.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <new>
#include <utility>

#include "common/base/printable.h"
#include "common/base/store_trial.h"
#include "fetcher/address_rule.h"
#include "fetcher/certificate_authorities.h"
#include "fetcher/request_url.h"
#include "fetcher/verdict.h"

namespace thumbline {
namespace {

constexpr long redirects_followed = 5;
constexpr long receive_bytes = 64 << 10;
// The body of an error is read to its end where it is short, so that the connection can be used again.
constexpr std::uint64_t unwanted_bytes_read = 64 << 10;
// libcurl passes over the body of a redirect.
constexpr curl_off_t redirect_bytes_read = 256 << 10;
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

curl_slist* request_headers() {
  static curl_slist* const headers = curl_slist_append(nullptr, "Accept: image/*,*/*;q=0.5");
  return headers;
}

}  // namespace

Transfer::Transfer(Store& store, const TransferLimits& limits, LaneParts parts)
    : store_(store), limits_(limits), parts_(parts), easy_(curl_easy_init(), curl_easy_cleanup), picture_(store) {
  if (!easy_) throw std::bad_alloc();
  set_what_never_changes();
  set_callbacks();
}

void Transfer::set_what_never_changes() {
  CURL* easy = easy_.get();
  set(easy, CURLOPT_PRIVATE, static_cast<void*>(this));
  set(easy, CURLOPT_ERRORBUFFER, error_.data());
  set(easy, CURLOPT_SHARE, parts_.shared);
  set(easy, CURLOPT_NOSIGNAL, 1L);
  // A name server that does not answer must not hold up the lane when its transfer is given up.
  set(easy, CURLOPT_QUICK_EXIT, 1L);

  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  set(easy, CURLOPT_FOLLOWLOCATION, 1L);
  set(easy, CURLOPT_MAXREDIRS, redirects_followed);
  set(easy, CURLOPT_PROXY, "");  // also those of the environment: the address checked would be the proxy's
  set(easy, CURLOPT_USERAGENT, THUMBLINE_USER_AGENT);
  set(easy, CURLOPT_HTTPHEADER, request_headers());
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  trust_authorities(easy, limits_.ca_file);
  set(easy, CURLOPT_TCP_NODELAY, 1L);
  set(easy, CURLOPT_DNS_CACHE_TIMEOUT, 300L);
  set(easy, CURLOPT_BUFFERSIZE, receive_bytes);

  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits_.connect.count()));
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(limits_.whole.count()));
  set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);  // bytes a second
  set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(limits_.stalled.count()));
  // Acts on an announced length alone; on_body() counts what comes.
  set(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(limits_.max_bytes));
  // No CURLOPT_ACCEPT_ENCODING: without it libcurl leaves what servers compress unasked (Content-Encoding) as it is.
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
  body_ = Body::unknown;
  unwanted_bytes_ = 0;
  header_.begin();
  connection_ = 0;
  has_it_alone_ = false;
  body_start_.clear();
  refused_address_.clear();
  body_failure_.reset();
  thrown_ = nullptr;
  error_[0] = '\0';
  {
    const DoingFiles doing(parts_.pulse);
    picture_.begin(order_.id, order_.name, limits_.max_bytes);
  }
  const std::string url = request_url(order_.url);
  set(easy_.get(), CURLOPT_URL, url.c_str());
  // Over TLS wait for the first connection to a host to say whether it takes all transfers at once (HTTP/2). Without TLS it
  // never does, and waiting for the first answer of a slow server would hold up all others.
  set(easy_.get(), CURLOPT_PIPEWAIT, url.starts_with("https:") ? 1L : 0L);
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
    const bool wanted =
        is_success(number(CURLINFO_RESPONSE_CODE)) && !is_removed_notice(last_url(), number(CURLINFO_REDIRECT_COUNT));
    body_ = wanted ? Body::picture : Body::unwanted;
  }
  if (body_ == Body::picture) {
    const DoingFiles doing(parts_.pulse);
    if (auto taken = picture_.take(bytes); !taken) body_failure_ = std::move(taken.error());
    return !body_failure_;
  }
  const std::size_t kept = std::min(bytes.size(), body_start_kept - body_start_.size());
  body_start_.append(reinterpret_cast<const char*>(bytes.data()), kept);
  unwanted_bytes_ += bytes.size();
  return unwanted_bytes_ <= unwanted_bytes_read;
}

/// Called with every piece of a body, one that is passed over as well: `down` bytes of it have come.
int Transfer::on_progress(void* self, curl_off_t /*all_down*/, curl_off_t down, curl_off_t /*all_up*/, curl_off_t /*up*/) {
  auto& transfer = *static_cast<Transfer*>(self);
  const bool go_on = transfer.guarded(false, [&] {
    if (down > redirect_bytes_read && is_redirect(transfer.number(CURLINFO_RESPONSE_CODE))) {
      transfer.body_failure_.emplace(
          Reason::too_large, "the body of its redirect is longer than " + std::to_string(redirect_bytes_read) + " bytes");
    }
    return !transfer.body_failure_;
  });
  return go_on ? 0 : 1;
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

curl_socket_t Transfer::on_socket(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  return transfer.guarded(CURL_SOCKET_BAD, [&]() -> curl_socket_t {
    if (!transfer.limits_.allow_private && !is_public_address(address->addr)) {
      transfer.refused_address_ = address_text(address->addr);
      return CURL_SOCKET_BAD;
    }
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
    if (transfer.limits_.allow_private || is_public_address(peer)) {
      transfer.connected_ = true;
      transfer.connection_ = 0;
      transfer.has_it_alone_ = false;
      transfer.ends_.peer = peer;
      transfer.ends_.peer_port = peer_port;
      transfer.ends_.local_port = local_port;
      return CURL_PREREQFUNC_OK;
    }
    transfer.refused_address_ = peer;
    return CURL_PREREQFUNC_ABORT;
  });
}

Fetched Transfer::finish(CURLcode code, Moment at) {
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
  const DoingFiles doing(parts_.pulse);
  Fetched fetched;
  fetched.id = order_.id;
  fetched.ended = at;
  fetched.connected = connected_;
  fetched.failure = failure_of(code);
  if (!fetched.failure) {
    auto stored = picture_.finish();
    if (stored) {
      fetched.fetch.set_path(std::move(stored->path));
    } else {
      body_failure_ = std::move(stored.error());
      fetched.failure = failure_of(code);
    }
  }
  if (fetched.failure) try_store(*fetched.failure, store_.full(""), "images");
  fill(fetched.fetch);
  fetched.fetch.set_duration_us(to_us(at - started_));
  picture_.drop();
  order_.id = 0;
  return fetched;
}

std::optional<Failure> Transfer::failure_of(CURLcode code) {
  const long status = number(CURLINFO_RESPONSE_CODE);
  const long redirects = number(CURLINFO_REDIRECT_COUNT);
  if (code == CURLE_OK && is_success(status) && redirects == 0 && !body_failure_) return std::nullopt;
  TransferEnd end;
  end.code = code;
  end.error = error_.data();
  end.status = status;
  end.redirects = redirects;
  end.url = last_url();
  end.host = printable(host_of(end.url));
  if (const std::string answering = host_and_port_of(end.url); redirects > 0 && answering != host_and_port_of(order_.url)) {
    end.other_host = answering;
  }
  end.bytes = picture_.bytes();
  end.connected = connected_;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RETRY_AFTER, &retry_after);
  end.retry_after = std::chrono::seconds(retry_after);  // before 8.12 it may be negative
  end.refused_address = refused_address_;
  end.body_failure = body_failure_;
  end.body_start = body_start_;
  return judge(end);
}

void Transfer::fill(wire::Fetch& fetch) const {
  fetch.set_bytes(picture_.bytes());
  fetch.set_http_status(static_cast<std::uint32_t>(number(CURLINFO_RESPONSE_CODE)));
  fetch.set_first_byte_us(microseconds(CURLINFO_STARTTRANSFER_TIME_T));
  if (number(CURLINFO_NUM_CONNECTS) == 0) return;  // a kept connection: no name was looked up, nothing connected
  fetch.set_dns_us(microseconds(CURLINFO_NAMELOOKUP_TIME_T));
  fetch.set_connect_us(std::max(microseconds(CURLINFO_CONNECT_TIME_T), microseconds(CURLINFO_APPCONNECT_TIME_T)));
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

std::string Transfer::last_url() const {
  char* url = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_EFFECTIVE_URL, &url);
  return url == nullptr ? "" : url;
}

}  // namespace thumbline
