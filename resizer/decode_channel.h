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

/// What the resizer and its decoder process say to each other, over a SOCK_SEQPACKET pair: plain structs, for both are the same
/// program. The original travels as a descriptor, so that the decoder opens nothing by itself; the thumbnail comes back as
/// bytes, so that it never holds a file that it could write to. What it says is not trusted: a picture may have taken it over.

/// The decoder's first words, before it sees a picture.
struct DecoderReady {
  Sandbox sandbox;
};

struct DecodeOrder {
  std::uint64_t number = 0;  ///< of the order; the reply repeats it
  Recipe recipe;
};

struct DecodeReply {
  std::uint64_t number = 0;
  bool done = false;
  ImageKind kind = ImageKind::jpeg;
  int width = 0, height = 0;                ///< of the thumbnail
  int source_width = 0, source_height = 0;  ///< of the original, as stored
  std::uint64_t bytes = 0;                  ///< of the thumbnail
  std::array<char, 32> reason{};            ///< where not done
  std::array<char, 256> detail{};
};

/// So many bytes of a thumbnail travel in one message: the first ones with the reply, the rest in messages of their own.
inline constexpr std::size_t most_at_once = 64U << 10;

/// Sends an order with the original (open for reading). False where the peer is gone.
bool send_order(int socket, const DecodeOrder& order, int original);

/// Sends a reply and the thumbnail; sets how many bytes that has. False where the peer is gone.
bool send_reply(int socket, DecodeReply reply, std::span<const std::byte> thumbnail);

struct ReceivedReply {
  DecodeReply reply;                 ///< checked, its texts ended
  std::span<const std::byte> first;  ///< bytes of the thumbnail, in the receiver's buffer
};
/// The answer to an order. Nothing where the decoder is gone or says what it could not have.
std::optional<ReceivedReply> receive_reply(int socket, std::span<std::byte, most_at_once> buffer);
/// The next bytes of a thumbnail of which `left` are to come; nothing where there are fewer or more than there should be.
std::optional<std::span<const std::byte>> receive_more(int socket, std::uint64_t left,
                                                       std::span<std::byte, most_at_once> buffer);
std::optional<DecoderReady> receive_ready(int socket);

/// Whether nothing has come that nobody asked for, and the peer is still there.
bool is_quiet(int socket);

/// An order as it arrived; the receiver closes the descriptor.
struct ReceivedOrder {
  DecodeOrder order;
  int original;
};
/// Waits for the next order; nothing where the peer is gone.
std::optional<ReceivedOrder> receive_order(int socket);

}  // namespace thumbline
