#pragma once
#include <cstddef>
#include <span>
#include <string>

#include "resizer/decode_channel.h"
#include "resizer/image/limits.h"

namespace thumbline {

/// Checks a reply with a thumbnail against the order, the limits, and the `first` bytes of the thumbnail, because a picture may
/// have taken over the decoder. Returns what is wrong, as "a thumbnail of ..."; empty if nothing is. Pure.
std::string check_reply(const DecodeReply& reply, const DecodeOrder& order, const Limits& limits,
                        std::span<const std::byte> first);

}  // namespace thumbline
