#pragma once
#include <cstddef>
#include <vector>

namespace thumbline::fuzz {

/// Makes the chunks' checksums right again, and with `packed` that of the packed pixels (Adler-32, RFC 1950), as far as they
/// can be found; without that hardly any change of a fuzzer would come to be read.
void repair_png(std::vector<std::byte>& file, bool packed);

/// Whether the packed pixels have codes that DEFLATE leaves without a meaning (RFC 1951, 3.2.6). libdeflate gives them one,
/// zlib does not.
bool has_reserved_codes(std::vector<std::byte> png);

}  // namespace thumbline::fuzz
