#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace thumbline {

/// What tells links apart, in the ledger and on the wire: the first 64 bits of the SHA-256 of what makes it the same link;
/// never 0.
std::uint64_t link_id(std::string_view identity);

/// Its 16 hexadecimal digits, as they stand in the names of files: what has the same name has the same id.
std::string link_id_text(std::uint64_t id);

/// What makes it the same picture of i.imgur.com, by its ID there.
std::string imgur_identity(std::string_view imgur_id);
/// And the same picture of `resize`, by its path.
std::string file_identity(std::string_view path);

/// The id of a row whose ledger kept only the first 63 bits of it (format 2 and older). Nothing where `link` and `name` are not
/// what that was made of: the ledger keeps no more than the beginning of a bad line.
std::optional<std::uint64_t> whole_link_id(std::uint64_t bits_63, std::string_view link, std::string_view name);

}  // namespace thumbline
