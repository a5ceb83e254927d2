#include "common/net/link_token.h"

#include <sodium/crypto_shorthash_siphash24.h>
#include <sodium/utils.h>

#include <cstring>
#include <utility>

namespace thumbline {
namespace {

constexpr std::size_t token_bytes = crypto_shorthash_siphashx24_BYTES;
static_assert(token_bytes == 16);

const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void append(std::string& to, std::uint64_t number) {
  std::array<char, sizeof number> bytes{};
  std::memcpy(bytes.data(), &number, sizeof number);  // made and checked on one machine
  to.append(bytes.data(), bytes.size());
}

}  // namespace

LinkTokens::LinkTokens(const RunKey& key, std::string run)
    : secret_(key.derived("tokens").substr(0, crypto_shorthash_siphashx24_KEYBYTES)), run_(std::move(run)) {}

std::string LinkTokens::token(std::array<std::uint64_t, 2> numbers, std::array<std::string_view, 3> texts) const {
  std::string text;
  text.reserve(run_.size() + texts[0].size() + texts[1].size() + texts[2].size() + 6 * sizeof(std::uint64_t));
  for (const std::uint64_t number : numbers) append(text, number);
  // With their lengths, so that no two lists of texts are one text.
  for (const std::string_view part : {std::string_view(run_), texts[0], texts[1], texts[2]}) {
    append(text, part.size());
    text.append(part);
  }
  std::string token(token_bytes, '\0');
  crypto_shorthash_siphashx24(reinterpret_cast<unsigned char*>(token.data()), bytes_of(text), text.size(), bytes_of(secret_));
  return token;
}

bool LinkTokens::same(const std::string& ours, const std::string& theirs) {
  return ours.size() == theirs.size() && sodium_memcmp(ours.data(), theirs.data(), ours.size()) == 0;
}

}  // namespace thumbline
