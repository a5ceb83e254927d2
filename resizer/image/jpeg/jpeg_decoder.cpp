#include "resizer/image/jpeg/jpeg_decoder.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string_view>

#include "resizer/image/raster/exif.h"

namespace thumbline {
namespace {

constexpr int exif_marker = JPEG_APP0 + 1;     // Exif 2.32, 4.5.4
constexpr int profile_marker = JPEG_APP0 + 2;  // ICC.1:2010, B.4
constexpr unsigned longest_segment = 0xFFFF;
constexpr std::string_view exif_head{"Exif\0\0", 6};
constexpr std::string_view profile_head{"ICC_PROFILE\0", 12};

// Units of work (Limits), for a block besides its codes, and for a sample of output.
constexpr std::uint64_t block_work = 30;
constexpr std::uint64_t packing_work = 30;
constexpr std::uint64_t sample_work = 2;
constexpr std::uint64_t arithmetic_work = 40 * DCTSIZE2;

int block_size(const jpeg_component_info& component) {
#if JPEG_LIB_VERSION >= 70
  return std::max(component.DCT_h_scaled_size, component.DCT_v_scaled_size);
#else
  return component.DCT_scaled_size;
#endif
}

}  // namespace

JpegDecoder::JpegDecoder() : source_(errors_) {
  create();
}

void JpegDecoder::create() {
  codec_.err = errors_.manager();
  codec_.client_data = &errors_;
  errors_.coefficients = &coefficients_;
  if (!errors_.run([this] { jpeg_create_decompress(&codec_); })) throw std::bad_alloc();

  codec_.src = source_.manager();
  codec_.progress = errors_.progress();

  jpeg_save_markers(&codec_, exif_marker, longest_segment);
  jpeg_save_markers(&codec_, profile_marker, longest_segment);
}

JpegDecoder::~JpegDecoder() {
  jpeg_destroy_decompress(&codec_);
}

Result<PictureHeader> JpegDecoder::open(std::span<const std::byte> picture, const Limits& limits, Tolerance tolerance) {
  jpeg_destroy_decompress(&codec_);  // a reused codec would apply the tables of the last picture to one without tables
  create();
  coefficients_.drop();
  errors_.reset(limits.max_scans, tolerance == Tolerance::nothing);
  limits_ = limits;
  tolerance_ = tolerance;
  file_bytes_ = picture.size();
  source_.open(picture);
  scans_.clear();
  codec_.mem->max_memory_to_use = static_cast<long>(limits.max_memory);

  if (!errors_.run([this] { jpeg_read_header(&codec_, TRUE); })) return tl::unexpected(errors_.failure());
  if (auto allowed = check_size(codec_.image_width, codec_.image_height, limits); !allowed) {
    return tl::unexpected(std::move(allowed.error()));
  }
  const auto most_scans = static_cast<std::size_t>(limits.max_scans);
  several_scans_ = jpeg_has_multiple_scans(&codec_) != 0;
  if (several_scans_) scans_ = find_scans(picture, most_scans + 1);
  if (scans_.size() > most_scans) {
    return failed(Reason::decode_limit, "the JPEG has more than " + std::to_string(limits.max_scans) + " scans");
  }
  PictureHeader header;
  header.size = {static_cast<int>(codec_.image_width), static_cast<int>(codec_.image_height)};
  header.orientation = orientation();
  header.profile = profile();
  return header;
}

int JpegDecoder::orientation() const {
  for (const auto* marker = codec_.marker_list; marker != nullptr; marker = marker->next) {
    const std::span data(reinterpret_cast<const std::byte*>(marker->data), marker->data_length);
    if (marker->marker != exif_marker || data.size() < exif_head.size()) continue;
    if (std::memcmp(data.data(), exif_head.data(), exif_head.size()) != 0) continue;
    return exif_orientation(data.subspan(exif_head.size()));
  }
  return 1;
}

/// Joins the numbered parts of the profile. Of several with the same number the first one counts.
std::vector<std::byte> JpegDecoder::profile() const {
  std::array<std::span<const std::byte>, 256> parts{};
  std::size_t count = 0;
  for (const auto* marker = codec_.marker_list; marker != nullptr; marker = marker->next) {
    const std::span data(reinterpret_cast<const std::byte*>(marker->data), marker->data_length);
    if (marker->marker != profile_marker || data.size() <= profile_head.size() + 2) continue;
    if (std::memcmp(data.data(), profile_head.data(), profile_head.size()) != 0) continue;
    auto& part = parts.at(std::to_integer<std::size_t>(data[profile_head.size()]));
    if (count == 0) count = std::to_integer<std::size_t>(data[profile_head.size() + 1]);
    if (part.empty()) part = data.subspan(profile_head.size() + 2);
  }
  std::vector<std::byte> profile;
  for (std::size_t number = 1; number <= count; ++number) {
    const auto& part = parts.at(number);
    if (part.empty()) return {};
    profile.insert(profile.end(), part.begin(), part.end());
  }
  return profile;
}

Result<RowFormat> JpegDecoder::start(int eighths) {
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
  // By convention of Adobe, files store inverted inks: 255 is no ink.
  inverted_inks_ = pixel == Pixel::cmyk;
  codec_.scale_num = static_cast<unsigned>(eighths);
  codec_.scale_denom = 8;

  if (!errors_.run([this] { jpeg_calc_output_dimensions(&codec_); })) return tl::unexpected(errors_.failure());
  if (auto prepared = prepare_scans(eighths); !prepared) return tl::unexpected(std::move(prepared.error()));
  if (!errors_.run([this] { jpeg_start_decompress(&codec_); })) return tl::unexpected(errors_.failure());
  errors_.stop_counting();
  row_.resize(std::size_t{codec_.output_width} * static_cast<std::size_t>(codec_.output_components));
  return RowFormat{{static_cast<int>(codec_.output_width), static_cast<int>(codec_.output_height)}, eighths, pixel};
}

std::uint64_t JpegDecoder::count_blocks() const {
  std::uint64_t blocks = 0;
  for (const auto& component : std::span(codec_.comp_info, static_cast<std::size_t>(codec_.num_components))) {
    blocks += std::uint64_t{component.width_in_blocks} * component.height_in_blocks;
  }
  return blocks;
}

/// Whether the file has all scans of the picture.
bool JpegDecoder::is_complete() const {
  std::vector<int> components;
  for (const auto& component : std::span(codec_.comp_info, static_cast<std::size_t>(codec_.num_components))) {
    components.push_back(component.component_id);
  }
  return are_complete(scans_, components);
}

/// Limits the work of the scans, packs the coefficients if necessary, and skips scans that do not show. A complete single scan
/// of Huffman codes is not limited: its work is in proportion to its bytes.
Result<void> JpegDecoder::prepare_scans(int eighths) {
  const std::uint64_t blocks = count_blocks();
  const std::uint64_t samples =
      std::uint64_t{codec_.output_width} * codec_.output_height * static_cast<std::uint64_t>(codec_.num_components);
  const std::uint64_t coding = several_scans_ ? 0 : codec_.arith_code ? arithmetic_work : block_work;
  const std::uint64_t pixel_work = blocks * (block_work + coding) + samples * sample_work;
  const bool paid_for = !several_scans_ && !codec_.arith_code && tolerance_ == Tolerance::nothing;
  if (auto allowed = check_work(pixel_work, file_bytes_, limits_); !allowed && !paid_for) return allowed;
  complete_ = true;
  if (!several_scans_) return {};

  const bool packed = blocks > limits_.max_memory / sizeof(JBLOCK);
  if (packed) coefficients_.install(codec_, limits_.max_memory);
  errors_.count_work(most_work(file_bytes_, limits_) - pixel_work, packed ? block_work + packing_work : block_work);
  // libjpeg smooths blocks if scans are missing. It cannot tell missing from skipped ones.
  complete_ = is_complete();
  codec_.do_block_smoothing = complete_ ? FALSE : TRUE;
  if (codec_.progressive_mode && eighths < 8 && complete_) skip_invisible_scans();
  return {};
}

/// Skips scans that do not show at this scale.
void JpegDecoder::skip_invisible_scans() {
  std::vector<BlockScale> scales;
  for (const auto& component : std::span(codec_.comp_info, static_cast<std::size_t>(codec_.num_components))) {
    if (component.quant_tbl_no < 0 || component.quant_tbl_no >= NUM_QUANT_TBLS) return;  // libjpeg reports the error
    const JQUANT_TBL* table = codec_.quant_tbl_ptrs[component.quant_tbl_no];
    if (table == nullptr) return;
    scales.push_back({component.component_id, block_size(component), std::to_array(table->quantval)});
  }
  source_.skip_ranges(skippable_scans(scans_, source_.position(), scales));
}

Result<const std::uint8_t*> JpegDecoder::next_row() {
  JSAMPROW row = row_.data();
  if (!errors_.run([&] { jpeg_read_scanlines(&codec_, &row, 1); })) return tl::unexpected(errors_.failure());
  if (inverted_inks_) {
    for (std::uint8_t& ink : row_) ink = static_cast<std::uint8_t>(255 - ink);
  }
  return row_.data();
}

/// A picture without end-of-image marker is complete if other data follow.
Result<void> JpegDecoder::finish() {
  if (!errors_.run([this] { jpeg_finish_decompress(&codec_); })) return tl::unexpected(errors_.failure());
  return errors_.damage(complete_);
}

}  // namespace thumbline
