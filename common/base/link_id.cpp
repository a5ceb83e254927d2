#include "common/base/link_id.h"

#include <sodium/crypto_hash_sha256.h>

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>

namespace thumbline {

std::uint64_t link_id(std::string_view identity) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(identity.data()), identity.size());
  std::uint64_t id = 0;
  for (std::size_t i = 0; i < sizeof id; ++i) id = id << 8U | hash[i];
  return std::max<std::uint64_t>(id, 1);
}

std::string link_id_text(std::uint64_t id) {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016" PRIx64, id);
  return text.data();
}

std::string imgur_identity(std::string_view imgur_id) {
  return std::string("i.imgur.com/").append(imgur_id);
}

std::string file_identity(std::string_view path) {
  return std::string("file:").append(path);
}

std::optional<std::uint64_t> whole_link_id(std::uint64_t bits_63, std::string_view link, std::string_view name) {
  for (const std::string& identity : {std::string(link), imgur_identity(name), file_identity(link)}) {
    const std::uint64_t id = link_id(identity);
    if (id >> 1U == bits_63) return id;
  }
  return std::nullopt;
}

}  // namespace thumbline
