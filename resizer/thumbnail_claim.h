#pragma once
#include <cstddef>
#include <span>
#include <string>

#include "resizer/decode_channel.h"
#include "resizer/image/limits.h"

namespace thumbline {

/// What cannot be true of a reply that says that the thumbnail was made, held against the order, the limits of a picture, and
/// the thumbnail's `first` bytes; empty where nothing is wrong. A picture may have taken the decoder over. Pure.
std::string objection_to(const DecodeReply& reply, const DecodeOrder& order, const Limits& limits,
                         std::span<const std::byte> first);

}  // namespace thumbline
