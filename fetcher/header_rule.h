#pragma once
#include <cstdint>
#include <string_view>

#include "common/base/result.h"

namespace thumbline {

/// What is taken of the headers and trailers of one link: those of redirects and 1xx responses, too. libcurl hands them over
/// line by line, a response's last one before any byte of its body is decoded. Pure.
class HeaderRule {
 public:
  static constexpr std::uint64_t most_bytes = 256 << 10;
  static constexpr std::uint64_t most_lines = 2000;

  /// The next link begins.
  void begin() { *this = {}; }

  /// The next line, with or without its end. Fails with `too-large` where they become too many, and with `not-an-image` at a
  /// transfer coding other than chunked (RFC 9112, 6.1): nobody asks for one, and libcurl would decode it without a bound. So
  /// would it where one content coding is wrapped into another (RFC 9110, 8.4), of which no picture has need.
  Result<void> take(std::string_view line);

  /// Whether the header of a response that is no interim one (1xx) has come to its end.
  [[nodiscard]] bool has_ended() const { return has_ended_; }
  /// Whether the decoder of the body keeps much of what it has decoded: that of gzip and deflate does not (DecoderBudget).
  [[nodiscard]] bool is_decoded_with_window() const { return has_window_; }

 private:
  enum class Field { other, transfer_encoding, content_encoding };

  void note_end(std::string_view line);
  Result<void> check_codings(std::string_view value);

  std::uint64_t bytes_ = 0;
  std::uint64_t lines_ = 0;
  Field field_ = Field::other;  ///< at hand; a folded line goes on with it (RFC 9112, 5.2)
  int content_codings_ = 0;     ///< of the response at hand
  bool has_window_ = false;
  bool is_interim_ = false;  ///< that response
  bool has_ended_ = false;
};

}  // namespace thumbline
