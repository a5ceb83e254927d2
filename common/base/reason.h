#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace thumbline {

/// Why a link ended as failed, or has to be tried again. The texts ("http-404", "too-large") stand in the ledger, in
/// results.csv and in summary.json, and other people's scripts rely on them: add, never rename.
class Reason {
 public:
  enum Kind : std::uint8_t {
    bad_link,
    refused_address,
    dns,
    connect,
    tls,
    timeout,
    reset,
    http,  ///< the server's answer; carries the status
    rate_limited,
    too_many_redirects,
    removed,
    too_large,
    not_an_image,
    unsupported_format,
    truncated,
    corrupt,
    too_many_pixels,
    decode_limit,
    disk_full,
    folder_unusable,  ///< the run's own, for any file
    io,
    lost,
    crashed_the_resizer,
  };

  constexpr Reason(Kind kind) : kind_(kind) {}  // NOLINT(google-explicit-constructor): a Kind is a Reason
  static constexpr Reason http_status(int status) { return Reason(http, status); }

  /// The reason with this text; nothing where there is none.
  static std::optional<Reason> parse(std::string_view text);

  [[nodiscard]] std::string text() const;
  [[nodiscard]] constexpr Kind kind() const { return kind_; }

  /// Whether trying again may help: what is busy, slow or cut off now may answer later. A stage that knows better says so
  /// in its Failure.
  [[nodiscard]] bool is_transient() const;

  friend constexpr bool operator==(Reason, Reason) = default;

 private:
  constexpr Reason(Kind kind, int status) : kind_(kind), status_(static_cast<std::uint16_t>(status)) {}

  Kind kind_;
  std::uint16_t status_ = 0;  ///< with `http` alone
};

}  // namespace thumbline
