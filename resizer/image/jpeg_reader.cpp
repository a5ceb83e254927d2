#include "resizer/image/jpeg_reader.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

#include "resizer/image/exif.h"

namespace thumbline {
namespace {

constexpr int exif_marker = JPEG_APP0 + 1;     // Exif 2.32, 4.5.4
constexpr int profile_marker = JPEG_APP0 + 2;  // ICC.1:2010, B.4
constexpr unsigned longest_segment = 0xFFFF;
constexpr std::string_view exif_head{"Exif\0\0", 6};

int block_size(const jpeg_component_info& component) {
#if JPEG_LIB_VERSION >= 70
  return std::max(component.DCT_h_scaled_size, component.DCT_v_scaled_size);
#else
  return component.DCT_scaled_size;
#endif
}

}  // namespace

JpegReader::JpegReader() : source_(fence_) {
  create();
}

void JpegReader::create() {
  codec_.err = fence_.errors();
  codec_.client_data = &fence_;
  if (!fence_.run([this] { jpeg_create_decompress(&codec_); })) throw std::bad_alloc();

  codec_.src = source_.manager();
  codec_.progress = fence_.progress();

  jpeg_save_markers(&codec_, exif_marker, longest_segment);
  jpeg_save_markers(&codec_, profile_marker, longest_segment);
}

JpegReader::~JpegReader() {
  jpeg_destroy_decompress(&codec_);
}

Result<PictureHeader> JpegReader::open(std::span<const std::byte> picture, const Limits& limits) {
  jpeg_destroy_decompress(&codec_);  // one that is used again gives a picture without tables those of the picture before
  create();
  fence_.reset(limits.max_scans);
  source_.open(picture);
  scans_.clear();
  codec_.mem->max_memory_to_use = static_cast<long>(limits.max_memory);

  if (!fence_.run([this] { jpeg_read_header(&codec_, TRUE); })) return tl::unexpected(fence_.failure());
  if (auto allowed = check_size(codec_.image_width, codec_.image_height, limits); !allowed) {
    return tl::unexpected(std::move(allowed.error()));
  }
  const auto most_scans = static_cast<std::size_t>(limits.max_scans);
  if (jpeg_has_multiple_scans(&codec_)) scans_ = find_scans(picture, most_scans + 1);
  if (scans_.size() > most_scans) {
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

  if (!fence_.run([this] { jpeg_calc_output_dimensions(&codec_); })) return tl::unexpected(fence_.failure());
  if (codec_.progressive_mode && eighths < 8) leave_out_scans();
  if (!fence_.run([this] { jpeg_start_decompress(&codec_); })) return tl::unexpected(fence_.failure());
  row_.resize(std::size_t{codec_.output_width} * static_cast<std::size_t>(codec_.output_components));
  return RowFormat{{static_cast<int>(codec_.output_width), static_cast<int>(codec_.output_height)}, eighths, pixel};
}

/// Those that do not show at this scale.
void JpegReader::leave_out_scans() {
  std::vector<BlockScale> scales;
  for (const auto& component : std::span(codec_.comp_info, static_cast<std::size_t>(codec_.num_components))) {
    if (component.quant_tbl_no < 0 || component.quant_tbl_no >= NUM_QUANT_TBLS) return;  // libjpeg says what is wrong
    const JQUANT_TBL* table = codec_.quant_tbl_ptrs[component.quant_tbl_no];
    if (table == nullptr) return;
    scales.push_back({component.component_id, block_size(component), std::to_array(table->quantval)});
  }
  source_.leave_out(needless_scans(scans_, source_.position(), scales));
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
