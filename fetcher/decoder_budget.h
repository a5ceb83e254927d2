#pragma once
#include <cstdint>

namespace thumbline {

/// Memory of the decoders of Content-Encoding that a lane has at work at once. Those of br and zstd keep what they have
/// decoded, up to a window that the sender chooses (16 MiB and 128 MiB; RFC 7932, 9.1; RFC 8878, 3.1.1.1.2), so that each of
/// many answers could take as much as a picture may have. That of gzip keeps 32 KiB and is not counted. Belongs to one thread.
class DecoderBudget {
 public:
  static constexpr std::uint64_t most = 16 << 20;

  /// One decoder's share, which it gives back as it goes.
  class Share {
   public:
    explicit Share(DecoderBudget& budget) : budget_(budget) {}
    ~Share() { give_back(); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    /// Whether it may have so much in all. One that is alone always may.
    bool grow_to(std::uint64_t bytes) {
      if (bytes <= bytes_) return true;
      const std::uint64_t others = budget_.taken_ - bytes_;
      if (others > 0 && others + bytes > most) return false;
      budget_.taken_ = others + bytes;
      bytes_ = bytes;
      return true;
    }
    void give_back() {
      budget_.taken_ -= bytes_;
      bytes_ = 0;
    }

   private:
    DecoderBudget& budget_;
    std::uint64_t bytes_ = 0;
  };

 private:
  std::uint64_t taken_ = 0;
};

}  // namespace thumbline
