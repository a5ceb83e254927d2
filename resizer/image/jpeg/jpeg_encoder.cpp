#include "resizer/image/jpeg/jpeg_encoder.h"

#include <jerror.h>

#include <new>

namespace thumbline {
namespace {

constexpr std::size_t first_bytes = 16 * 1024;  // enough for most thumbnails of 128 pixels

int two_bytes(std::span<const std::byte> bytes, std::size_t at) {
  return std::to_integer<int>(bytes[at]) << 8 | std::to_integer<int>(bytes[at + 1]);
}

}  // namespace

JpegEncoder::JpegEncoder() {
  codec_.err = errors_.manager();
  codec_.client_data = &errors_;
  if (!errors_.run([this] { jpeg_create_compress(&codec_); })) throw std::bad_alloc();
  destination_.file.resize(first_bytes);
  destination_.init_destination = begin;
  destination_.empty_output_buffer = grow;
  destination_.term_destination = [](j_compress_ptr) {};
  codec_.dest = &destination_;
}

JpegEncoder::~JpegEncoder() {
  jpeg_destroy_compress(&codec_);
}

void JpegEncoder::begin(j_compress_ptr codec) {
  auto& destination = static_cast<Destination&>(*codec->dest);
  destination.next_output_byte = reinterpret_cast<JOCTET*>(destination.file.data());
  destination.free_in_buffer = destination.file.size();
}

/// libjpeg calls this when the buffer is full, and ignores free_in_buffer.
boolean JpegEncoder::grow(j_compress_ptr codec) {
  auto& destination = static_cast<Destination&>(*codec->dest);
  const std::size_t full = destination.file.size();
  bool grown = true;
  try {
    destination.file.resize(2 * full);
  } catch (const std::bad_alloc&) {
    grown = false;
  }
  if (!grown) ERREXIT1(codec, JERR_OUT_OF_MEMORY, 0);
  destination.next_output_byte = reinterpret_cast<JOCTET*>(destination.file.data() + full);
  destination.free_in_buffer = full;
  return TRUE;
}

Result<std::vector<std::byte>> JpegEncoder::encode(const Bitmap& picture, const Recipe& recipe) {
  jpeg_abort_compress(&codec_);
  errors_.reset(0, true);
  if (!errors_.run([&] { compress(picture, recipe.quality, recipe.progressive); })) return tl::unexpected(errors_.failure());
  const std::byte* file = destination_.file.data();
  return std::vector<std::byte>(file, file + (destination_.file.size() - destination_.free_in_buffer));
}

void JpegEncoder::compress(const Bitmap& picture, int quality, bool progressive) {
  const bool grey = picture.pixel() == Pixel::grey;
  codec_.image_width = static_cast<JDIMENSION>(picture.width());
  codec_.image_height = static_cast<JDIMENSION>(picture.height());
  codec_.input_components = channels(picture.pixel());
  codec_.in_color_space = grey ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&codec_);
  jpeg_set_quality(&codec_, quality, TRUE);
  codec_.scan_info = nullptr;
  codec_.num_scans = 0;
  codec_.optimize_coding = TRUE;
  if (progressive) jpeg_simple_progression(&codec_);
  jpeg_start_compress(&codec_, TRUE);
  for (int y = 0; y < picture.height(); ++y) {
    auto* row = const_cast<JSAMPROW>(picture.row(y));  // libjpeg only reads it
    jpeg_write_scanlines(&codec_, &row, 1);
  }
  jpeg_finish_compress(&codec_);
}

/// Reads the frame header (ITU-T T.81, B.2.2). It comes early, because the encoder writes no metadata.
std::optional<Size> JpegEncoder::encoded_size(std::span<const std::byte> head) {
  constexpr int dht = 0xC4, jpg = 0xC8, dac = 0xCC;
  for (std::size_t at = 2; at + 9 <= head.size();) {
    if (head[at] != std::byte{0xFF}) return std::nullopt;
    const int marker = std::to_integer<int>(head[at + 1]);
    if (marker >= 0xC0 && marker <= 0xCF && marker != dht && marker != jpg && marker != dac) {
      return Size{two_bytes(head, at + 7), two_bytes(head, at + 5)};
    }
    at += 2 + static_cast<std::size_t>(two_bytes(head, at + 2));
  }
  return std::nullopt;
}

}  // namespace thumbline
