#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/net/run_key.h"

namespace thumbline {

/// Has `to` name the same attempt at the same link as `from`, with its token.
template <class From, class To>
void name_same_attempt(const From& from, To& to) {
  to.set_id(from.id());
  to.set_url(from.url());
  to.set_name(from.name());
  to.set_attempt(from.attempt());
  to.set_last_attempt(from.last_attempt());
  to.set_token(from.token());
  to.set_tries(from.tries());
  if constexpr (requires { to.set_extension(from.extension()); }) to.set_extension(from.extension());
}

/// Tells outcomes of links that were given out from made-up ones, without a list of them: each link travels with a keyed hash
/// of what names it (SipHash-2-4 of 128 bits, Aumasson and Bernstein 2012), which workers can pass on, and cannot make. The
/// coordinator's alone.
class LinkTokens {
 public:
  /// `run` tells runs apart that have the same keys.
  LinkTokens(const RunKey& key, std::string run);

  [[nodiscard]] const std::string& run() const { return run_; }

  /// Of a Link, a Path or an Outcome, by the fields that name_same_attempt() copies.
  template <class Message>
  [[nodiscard]] std::string token(const Message& message) const {
    std::string_view extension;
    if constexpr (requires { message.extension(); }) extension = message.extension();
    return token({message.id(), message.attempt() * std::uint64_t{2} + (message.last_attempt() ? 1 : 0)},
                 {message.url(), message.name(), extension});
  }
  /// Whether `message` has its own token.
  template <class Message>
  [[nodiscard]] bool fits(const Message& message) const {
    return same(token(message), message.token());
  }

 private:
  [[nodiscard]] std::string token(std::array<std::uint64_t, 2> numbers, std::array<std::string_view, 3> texts) const;
  static bool same(const std::string& ours, const std::string& theirs);

  std::string secret_;
  std::string run_;
};

}  // namespace thumbline
