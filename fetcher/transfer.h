#pragma once
#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "fetcher/connection_meter.h"
#include "fetcher/decoder_budget.h"
#include "fetcher/dns_lifetime.h"
#include "fetcher/header_rule.h"
#include "fetcher/incoming_picture.h"
#include "fetcher/pulse.h"
#include "fetcher/request_headers.h"
#include "fetcher/request_options.h"
#include "fetcher/shared_caches.h"
#include "fetcher/store.h"
#include "proto/pipeline.pb.h"

namespace thumbline {

/// What every transfer has to keep to.
struct TransferLimits {
  std::chrono::milliseconds whole{60'000};    ///< redirects included
  std::chrono::milliseconds connect{10'000};  ///< name, TCP and TLS
  std::chrono::milliseconds stalled{20'000};  ///< without a byte
  std::uint64_t max_bytes = 32 << 20;
  bool allow_private = false;  ///< addresses that are not the open internet's
  std::string ca_file;         ///< certificate authorities, in PEM; empty: the system's
  RequestOptions request;
};

/// A link to be fetched.
struct Order {
  std::uint64_t id = 0;
  std::string url;
  std::string name;  ///< of the file, without folder and extension
};

/// How it went. `fetch` has all but the worker; the picture lies in the store where there is no failure.
struct Fetched {
  std::uint64_t id = 0;
  Moment ended;
  wire::Fetch fetch;
  std::optional<Failure> failure;
  bool connected = true;  ///< whether any host took up the connection
};

/// What the transfers of one lane have in common.
struct LaneParts {
  SharedCaches& shared;
  DnsLifetime& dns;
  ConnectionMeter& connections;
  DecoderBudget& decoders;
  Pulse& pulse;
};

/// One libcurl easy handle with what belongs to it, used for one link after the other. A link may take several requests:
/// redirects, and another one where a connection that was kept from an earlier request fails (RFC 9112, 9.3.1). Belongs to one
/// thread, and stays where it is, since libcurl knows its address.
class Transfer {
 public:
  /// `parts` must outlive it, and the multi handle.
  Transfer(Store& store, const TransferLimits& limits, LaneParts parts);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Prepares the handle for this link; then add handle() to a multi handle.
  void begin(Order order, Moment at);

  /// The handle has left the multi handle: with `code`, the picture gets its name, or the reason why not is found. Nothing
  /// where the link takes another request, for which the handle is prepared: add it again. Throws what was thrown in a callback
  /// of libcurl's.
  std::optional<Fetched> finish(CURLcode code, Moment at);

  /// After finish(), where the link takes another request because its connection has failed: the local port of that one, by
  /// which others may have lost it, too. 0 where this transfer had it alone.
  [[nodiscard]] int lost_connection() const { return lost_connection_; }
  /// Before it is added again: any open connection will do, not only a new one.
  void use_any_connection();

  /// Counts what has come over its connection since the first such look, whatever became of it; ends a transfer that has got
  /// far more than --max-bytes. To be called now and then.
  void look_at_connection();

  /// Of the link at hand; 0 where there is none.
  [[nodiscard]] std::uint64_t id() const { return order_.id; }
  [[nodiscard]] Moment started() const { return started_; }
  /// Whether a connection to its host stood and the request went out.
  [[nodiscard]] bool is_connected() const { return connected_; }
  /// The same of the request at hand.
  [[nodiscard]] bool has_sent_request() const { return has_sent_request_; }
  [[nodiscard]] CURL* handle() const { return easy_.get(); }
  static Transfer& of(CURL* handle);

 private:
  enum class Body { unknown, picture, unwanted };

  static std::size_t on_header(char* line, std::size_t one, std::size_t size, void* self);
  static std::size_t on_body(char* data, std::size_t one, std::size_t size, void* self);
  static int on_progress(void* self, curl_off_t all_down, curl_off_t down, curl_off_t all_up, curl_off_t up);
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int on_socket_closed(void* connections, curl_socket_t socket);
  static int on_request(void* self, char* peer, char* local, int peer_port, int local_port);

  void set_what_never_changes();
  void set_callbacks();
  /// For all that libcurl calls: exceptions must not pass through C, and finish() throws them.
  template <class Step>
  auto guarded(decltype(std::declval<Step>()()) refusal, Step step) noexcept;
  bool take_header(std::string_view line);
  bool take_body(std::span<const std::byte> bytes);
  bool take_picture(std::span<const std::byte> bytes);
  bool take_unwanted(std::span<const std::byte> bytes);
  /// Whether it may connect, or send its request, to a host at this address; notes where it may not. With a proxy the address
  /// is the proxy's: then what the URL says has to do.
  bool may_go_to(bool is_public, const std::string& address);

  void begin_picture();
  void prepare_request(std::string url, Moment at);
  void choose_caches(Moment at);
  void note_lookup(Moment at);
  void note_request();
  /// Prepares the next request where there has to be one; fails where a redirect cannot be followed.
  Result<bool> goes_on(CURLcode code, const std::optional<Failure>& failure, Moment at);
  void begin_again(Moment at);
  Fetched end(std::optional<Failure> failure, Moment at);

  [[nodiscard]] long number(CURLINFO what) const;
  [[nodiscard]] std::uint64_t microseconds(CURLINFO what) const;
  [[nodiscard]] std::string header(const char* name) const;
  [[nodiscard]] std::optional<Failure> failure_of(CURLcode code);

  Store& store_;
  TransferLimits limits_;
  LaneParts parts_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  IncomingPicture picture_;
  RequestHeaders headers_;

  // Of the link.
  Order order_;
  Moment started_;
  bool connected_ = false;
  HeaderRule header_;
  wire::Fetch fetch_;    ///< as far as it is known
  int redirects_ = 0;    ///< followed
  bool decodes_ = true;  ///< what comes with a Content-Encoding

  // Of the request.
  std::string url_;
  std::string host_;   ///< with its port
  std::string proxy_;  ///< empty: none
  Moment request_started_;
  bool has_sent_request_ = false;
  bool is_kept_ = false;   ///< its connection stood before
  bool is_fresh_ = false;  ///< begun again, on a new connection
  Body body_ = Body::unknown;
  bool has_window_ = false;  ///< its decoder keeps what it has decoded
  DecoderBudget::Share decoder_;
  ConnectionEnds ends_;        ///< of the connection in use
  bool has_it_alone_ = false;  ///< over HTTP/1, no other transfer's bytes come by it
  int lost_connection_ = 0;
  ConnectionMeter::Id connection_ = 0;  ///< looked at; 0: not yet
  std::uint64_t received_before_ = 0;   ///< over it, at the first look
  std::uint64_t unwanted_bytes_ = 0;
  std::string body_start_;
  std::string refused_address_;
  std::optional<Failure> body_failure_;  ///< what was not taken of the answer, its header included
  std::exception_ptr thrown_;
};

}  // namespace thumbline
