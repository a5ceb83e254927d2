#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "common/base/image_kind.h"
#include "common/base/result.h"
#include "resizer/image/recipe.h"
#include "resizer/sandbox.h"

namespace thumbline {

/// Messages between the resizer and its decoder process, over a SOCK_SEQPACKET pair. They are plain structs, because both are
/// the same program. The original is passed as a descriptor, so the decoder opens no files; the thumbnail comes back as bytes,
/// so the decoder never has a file that it could write to. Replies are not trusted: a picture may have taken over the decoder.

/// The decoder's first message, before it gets a picture.
struct DecoderReady {
  Sandbox sandbox;
};

struct DecodeOrder {
  std::uint64_t number = 0;  ///< of the order; the reply has the same
  Recipe recipe;
};

struct DecodeReply {
  std::uint64_t number = 0;
  bool done = false;
  ImageKind kind{};                         ///< of the thumbnail
  int width = 0, height = 0;                ///< of the thumbnail
  int source_width = 0, source_height = 0;  ///< of the original, as stored
  std::uint64_t bytes = 0;                  ///< of the thumbnail
  std::array<char, 32> reason{};            ///< if not done
  std::array<char, 256> detail{};
};

/// Bytes of a thumbnail in one message, at most: the first chunk comes with the reply, each other one in its own message.
inline constexpr std::size_t chunk_bytes = 64U << 10;

/// Sends an order with the original (open for reading). False if the peer is gone.
bool send_order(int socket, const DecodeOrder& order, int original);

/// Sets DecodeReply::bytes; sends the reply and the thumbnail. False if the peer is gone.
bool send_reply(int socket, DecodeReply reply, std::span<const std::byte> thumbnail);

struct ReceivedReply {
  DecodeReply reply;                 ///< validated; texts are terminated
  std::span<const std::byte> first;  ///< the first bytes of the thumbnail, in the receiver's buffer
};
/// The reply to an order; nullopt if the decoder is gone or the reply is invalid.
std::optional<ReceivedReply> receive_reply(int socket, std::span<std::byte, chunk_bytes> buffer);
/// The next chunk of a thumbnail of which `left` bytes are still to come; nullopt if it has the wrong size.
std::optional<std::span<const std::byte>> receive_more(int socket, std::uint64_t left,
                                                       std::span<std::byte, chunk_bytes> buffer);
std::optional<DecoderReady> receive_ready(int socket);

/// Whether the peer is still there and has sent nothing unexpected.
bool is_idle(int socket);

/// A received order; the receiver closes the descriptor.
struct ReceivedOrder {
  DecodeOrder order;
  int original;
};
/// Waits for the next order; nullopt if the peer is gone.
std::optional<ReceivedOrder> receive_order(int socket);

}  // namespace thumbline
