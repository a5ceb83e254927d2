#pragma once
#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "common/base/clock.h"
#include "common/base/result.h"
#include "fetcher/incoming_picture.h"
#include "fetcher/store.h"
#include "proto/pipeline.pb.h"

namespace thumbline {

/// What every transfer has to keep to.
struct TransferLimits {
  std::chrono::milliseconds whole{60'000};    ///< redirects included
  std::chrono::milliseconds connect{10'000};  ///< name, TCP and TLS
  std::chrono::seconds stalled{20};           ///< without a byte
  std::uint64_t max_bytes = 32 << 20;
  bool allow_private = false;  ///< addresses that are not the open internet's
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

/// One libcurl easy handle with what belongs to it, used for one link after the other. Belongs to one thread, and stays where
/// it is, since libcurl knows its address.
class Transfer {
 public:
  Transfer(Store& store, const TransferLimits& limits, CURLSH* shared);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Prepares the handle for this link; then add handle() to a multi handle.
  void begin(Order order, Moment at);

  /// The handle has left the multi handle: with `code`, the picture gets its name, or the reason why not is found.
  Fetched finish(CURLcode code, Moment at);

  /// Of the link at hand; 0 where there is none.
  [[nodiscard]] std::uint64_t id() const { return order_.id; }
  /// Whether a connection to its host stood and the request went out.
  [[nodiscard]] bool is_connected() const { return connected_; }
  [[nodiscard]] CURL* handle() const { return easy_.get(); }
  static Transfer& of(CURL* handle);

 private:
  enum class Body { unknown, picture, unwanted };

  static std::size_t on_body(char* data, std::size_t one, std::size_t size, void* self);
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int on_request(void* self, char* peer, char* local, int peer_port, int local_port);

  void set_what_never_changes(CURLSH* shared);
  bool take_body(std::span<const std::byte> bytes);
  [[nodiscard]] long number(CURLINFO what) const;
  [[nodiscard]] std::uint64_t microseconds(CURLINFO what) const;
  [[nodiscard]] std::string last_url() const;
  [[nodiscard]] std::optional<Failure> failure_of(CURLcode code);
  void fill(wire::Fetch& fetch) const;

  TransferLimits limits_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  IncomingPicture picture_;
  Order order_;
  Moment started_;
  bool connected_ = false;
  Body body_ = Body::unknown;
  std::uint64_t unwanted_bytes_ = 0;
  std::string body_start_;
  std::string refused_address_;
  std::optional<Failure> body_failure_;
};

}  // namespace thumbline
