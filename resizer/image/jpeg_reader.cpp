#include "resizer/image/jpeg_reader.h"

#include <array>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

#include "resizer/image/exif.h"
#include "resizer/image/jpeg_scans.h"

namespace thumbline {
namespace {

constexpr int exif_marker = JPEG_APP0 + 1;     // Exif 2.32, 4.5.4
constexpr int profile_marker = JPEG_APP0 + 2;  // ICC.1:2010, B.4
constexpr unsigned longest_segment = 0xFFFF;
constexpr std::string_view exif_head{"Exif\0\0", 6};

/// There is nothing after the first and only buffer: libjpeg is given an end-of-image marker, and the fence remembers.
boolean no_more(j_decompress_ptr codec) {
  static constexpr std::array<JOCTET, 2> end_of_image{0xFF, JPEG_EOI};
  static_cast<JpegFence*>(codec->client_data)->end_of_input();
  codec->src->next_input_byte = end_of_image.data();
  codec->src->bytes_in_buffer = end_of_image.size();
  return TRUE;
}

void skip(j_decompress_ptr codec, long bytes) {
  const auto length = static_cast<std::size_t>(bytes > 0 ? bytes : 0);
  if (length > codec->src->bytes_in_buffer) {
    no_more(codec);
    return;
  }
  codec->src->next_input_byte += length;
  codec->src->bytes_in_buffer -= length;
}

}  // namespace

JpegReader::JpegReader() {
  codec_.err = fence_.errors();
  codec_.client_data = &fence_;
  if (!fence_.run([this] { jpeg_create_decompress(&codec_); })) throw std::bad_alloc();

  source_.init_source = [](j_decompress_ptr) {};
  source_.fill_input_buffer = no_more;
  source_.skip_input_data = skip;
  source_.resync_to_restart = jpeg_resync_to_restart;
  source_.term_source = [](j_decompress_ptr) {};
  codec_.src = &source_;
  codec_.progress = fence_.progress();

  jpeg_save_markers(&codec_, exif_marker, longest_segment);
  jpeg_save_markers(&codec_, profile_marker, longest_segment);
}

JpegReader::~JpegReader() {
  jpeg_destroy_decompress(&codec_);
}

Result<PictureHeader> JpegReader::open(std::span<const std::byte> picture, const Limits& limits) {
  jpeg_abort_decompress(&codec_);
  fence_.reset(limits.max_scans);
  source_.next_input_byte = reinterpret_cast<const JOCTET*>(picture.data());
  source_.bytes_in_buffer = picture.size();
  codec_.mem->max_memory_to_use = static_cast<long>(limits.max_memory);

  if (!fence_.run([this] { jpeg_read_header(&codec_, TRUE); })) return tl::unexpected(fence_.failure());
  if (auto allowed = check_size(codec_.image_width, codec_.image_height, limits); !allowed) {
    return tl::unexpected(std::move(allowed.error()));
  }
  if (jpeg_has_multiple_scans(&codec_) && count_scans(picture) > limits.max_scans) {
    return failed(Reason::decode_limit, "the JPEG has more than " + std::to_string(limits.max_scans) + " scans");
  }
  PictureHeader header;
  header.size = {static_cast<int>(codec_.image_width), static_cast<int>(codec_.image_height)};
  header.orientation = orientation();
  header.profile = profile();
  return header;
}

int JpegReader::orientation() const {
  for (const auto* marker = codec_.marker_list; marker != nullptr; marker = marker->next) {
    const std::span data(reinterpret_cast<const std::byte*>(marker->data), marker->data_length);
    if (marker->marker != exif_marker || data.size() < exif_head.size()) continue;
    if (std::memcmp(data.data(), exif_head.data(), exif_head.size()) != 0) continue;
    return exif_orientation(data.subspan(exif_head.size()));
  }
  return 1;
}

std::vector<std::byte> JpegReader::profile() {
  JOCTET* data = nullptr;
  unsigned length = 0;
  const bool found = fence_.run([&] { jpeg_read_icc_profile(&codec_, &data, &length); }) && data != nullptr;
  if (!found) return {};
  const auto* bytes = reinterpret_cast<const std::byte*>(data);
  std::vector<std::byte> profile(bytes, bytes + length);
  std::free(data);
  return profile;
}

Result<RowFormat> JpegReader::start(int eighths) {
  Pixel pixel = Pixel::rgb;
  switch (codec_.num_components) {
    case 1:
      pixel = Pixel::grey;
      codec_.out_color_space = JCS_GRAYSCALE;
      break;
    case 3: codec_.out_color_space = JCS_RGB; break;
    case 4:
      pixel = Pixel::cmyk;
      codec_.out_color_space = JCS_CMYK;
      break;
    default: return failed(Reason::unsupported_format, "a JPEG of " + std::to_string(codec_.num_components) + " components");
  }
  // Adobe's programs store how much light is left, not how much ink there is; their marker tells.
  inverted_inks_ = pixel == Pixel::cmyk && codec_.saw_Adobe_marker;
  codec_.scale_num = static_cast<unsigned>(eighths);
  codec_.scale_denom = 8;
  codec_.do_block_smoothing = FALSE;  // guesses at what a complete picture has anyway

  if (!fence_.run([this] { jpeg_start_decompress(&codec_); })) return tl::unexpected(fence_.failure());
  row_.resize(std::size_t{codec_.output_width} * static_cast<std::size_t>(codec_.output_components));
  return RowFormat{{static_cast<int>(codec_.output_width), static_cast<int>(codec_.output_height)}, eighths, pixel};
}

Result<const std::uint8_t*> JpegReader::next_row() {
  JSAMPROW row = row_.data();
  if (!fence_.run([&] { jpeg_read_scanlines(&codec_, &row, 1); })) return tl::unexpected(fence_.failure());
  if (inverted_inks_) {
    for (std::uint8_t& ink : row_) ink = static_cast<std::uint8_t>(255 - ink);
  }
  return row_.data();
}

Result<void> JpegReader::finish() {
  if (!fence_.run([this] { jpeg_finish_decompress(&codec_); })) return tl::unexpected(fence_.failure());
  return fence_.damage();
}

}  // namespace thumbline
