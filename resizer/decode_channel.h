#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "common/base/image_kind.h"
#include "common/base/result.h"
#include "resizer/image/recipe.h"
#include "resizer/sandbox.h"

namespace thumbline {

/// What the resizer and its decoder process say to each other, over a SOCK_SEQPACKET pair: plain structs, for both are the same
/// program. Files travel as descriptors, so that the decoder opens nothing by itself. What it says is not trusted: a picture
/// may have taken it over.

/// The decoder's first words, before it sees a picture.
struct DecoderReady {
  Sandbox sandbox;
};

struct DecodeOrder {
  Recipe recipe;
};

struct DecodeReply {
  bool done = false;
  ImageKind kind = ImageKind::jpeg;
  int width = 0, height = 0;                ///< of the thumbnail
  int source_width = 0, source_height = 0;  ///< of the original, as stored
  std::uint64_t bytes = 0;                  ///< of the thumbnail
  std::array<char, 32> reason{};            ///< where not done
  std::array<char, 256> detail{};
};

/// Sends an order with the original (open for reading) and the thumbnail's file (for writing). False where the peer is gone.
bool send_order(int socket, const DecodeOrder& order, int original, int thumbnail);

/// The answer to an order, checked and its texts ended. Nothing where the decoder is gone or says what it could not have.
std::optional<DecodeReply> receive_reply(int socket);
std::optional<DecoderReady> receive_ready(int socket);

/// An order as it arrived; the receiver closes the descriptors.
struct ReceivedOrder {
  DecodeOrder order;
  int original;
  int thumbnail;
};
/// Waits for the next order; nothing where the peer is gone.
std::optional<ReceivedOrder> receive_order(int socket);

}  // namespace thumbline
