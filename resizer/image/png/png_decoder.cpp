#include "resizer/image/png/png_decoder.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <string>

#include "resizer/image/png/png_chunks.h"
#include "resizer/image/raster/exif.h"

namespace thumbline {
namespace {

// W3C PNG (third edition): 8 bytes of signature (5.2), then the IHDR chunk: length, name, width, height (11.2.1).
constexpr std::size_t chunk_name = 12;
constexpr std::size_t width_offset = 16;
constexpr std::size_t height_offset = 20;
constexpr std::size_t header_bytes = 33;
constexpr std::size_t chunk_head = 8;  // length and name
constexpr std::size_t signature_bytes = 8;

/// Bytes; larger pictures are read row by row. The compressed data may take as much memory again.
constexpr std::size_t most_unpacked = 24U << 20;

/// Memory for a row, in rows of 8 bits: libpng holds the stored row and the one above, with up to 16 bits; this class holds
/// one; the resampler holds sums and floats.
constexpr std::size_t row_copies = 16;

// Decompressed size of an ancillary chunk, in bytes: profiles are the only large ones that are used.
constexpr png_alloc_size_t max_chunk = 4U << 20;
constexpr png_uint_32 max_chunks = 100;

// Chunks that libpng knows but we do not need. Ignoring them also avoids decompressing them.
constexpr char ignored_chunks[] = "bKGD\0cHRM\0gAMA\0hIST\0iTXt\0oFFs\0pCAL\0pHYs\0sRGB\0sBIT\0sCAL\0sPLT\0tEXt\0tIME\0zTXt";
constexpr int ignored_count = sizeof ignored_chunks / 5;

std::uint32_t number(std::span<const std::byte> bytes, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | std::to_integer<std::uint32_t>(bytes[offset + i]);
  return value;
}

}  // namespace

PngDecoder::~PngDecoder() {
  close();
}

void PngDecoder::close() {
  if (codec_ != nullptr) png_destroy_read_struct(&codec_, &info_, nullptr);
}

Result<PictureHeader> PngDecoder::open(std::span<const std::byte> picture, const Limits& limits, Tolerance tolerance) {
  close();
  picture_ = rest_ = picture;
  end_of_input_ = false;
  limits_ = limits;
  if (picture.size() < header_bytes) return failed(Reason::truncated, "the PNG file ends in its header");
  if (std::memcmp(picture.data() + chunk_name, "IHDR", 4) != 0) return failed(Reason::corrupt, "the PNG file has no header");
  const std::uint32_t width = number(picture, width_offset);
  const std::uint32_t height = number(picture, height_offset);
  if (auto allowed = check_size(width, height, limits); !allowed) return tl::unexpected(std::move(allowed.error()));
  size_ = {static_cast<int>(width), static_cast<int>(height)};

  codec_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &errors_, PngErrorHandler::on_error, PngErrorHandler::ignore);
  if (codec_ == nullptr) throw std::bad_alloc();
  find_cut();
  if (tolerance == Tolerance::damaged) png_set_crc_action(codec_, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
  if (!errors_.run([this] { read_header(); })) return tl::unexpected(failure());
  return header();
}

void PngDecoder::read_header() {
  info_ = png_create_info_struct(codec_);
  png_set_read_fn(codec_, this, read_bytes);
  png_set_user_limits(codec_, static_cast<png_uint_32>(size_.width), static_cast<png_uint_32>(size_.height));
  png_set_chunk_cache_max(codec_, max_chunks);
  png_set_chunk_malloc_max(codec_, max_chunk);
  png_set_keep_unknown_chunks(codec_, PNG_HANDLE_CHUNK_NEVER, reinterpret_cast<png_const_bytep>(ignored_chunks), ignored_count);
  png_set_option(codec_, PNG_MAXIMUM_INFLATE_WINDOW, PNG_OPTION_ON);  // old optimisers state a smaller window than they used
  png_read_info(codec_, info_);
}

/// Finds an IDAT chunk that is cut off by the end of the file. libpng only reads whole blocks, so it is told the length that is
/// there.
void PngDecoder::find_cut() {
  cut_length_at_ = 0;
  std::span<const std::byte> rest = picture_.subspan(signature_bytes);
  for (auto chunk = PngChunk::first_of(rest); !chunk.name().empty(); chunk = PngChunk::first_of(rest)) rest = chunk.rest();
  if (rest.size() <= chunk_head || std::memcmp(rest.data() + 4, "IDAT", 4) != 0) return;
  const std::size_t data = std::min<std::size_t>(number(rest, 0), rest.size() - chunk_head);
  cut_length_at_ = picture_.size() - rest.size();
  cut_length_ = static_cast<std::uint32_t>(data);
}

/// Called by libpng to read the next bytes.
void PngDecoder::read_bytes(png_structp codec, png_bytep to, std::size_t length) {
  auto& decoder = *static_cast<PngDecoder*>(png_get_io_ptr(codec));
  if (length > decoder.rest_.size()) {
    decoder.end_of_input_ = true;
    png_error(codec, "the file ends early");
  }
  std::memcpy(to, decoder.rest_.data(), length);
  const std::size_t at = decoder.picture_.size() - decoder.rest_.size();
  if (at != 0 && at == decoder.cut_length_at_ && length >= 4) png_save_uint_32(to, decoder.cut_length_);
  decoder.rest_ = decoder.rest_.subspan(length);
}

Failure PngDecoder::failure() const {
  if (end_of_input_) return {Reason::truncated, "the PNG file ends before its IEND chunk"};
  return {Reason::corrupt, std::string("PNG decoder: ") + errors_.text()};
}

PictureHeader PngDecoder::header() {
  PictureHeader header;
  header.size = size_;
  png_uint_32 length = 0;
  png_bytep data = nullptr;
  if (png_get_eXIf_1(codec_, info_, &length, &data) != 0) {
    header.orientation = exif_orientation({reinterpret_cast<const std::byte*>(data), length});
  } else {
    header.orientation = exif_orientation(find_png_chunk(picture_, "eXIf"));  // some programs put it after the pixels
  }
  png_charp name = nullptr;
  int compression = 0;
  if (png_get_iCCP(codec_, info_, &name, &compression, &data, &length) != 0) {
    const auto* profile = reinterpret_cast<const std::byte*>(data);
    header.profile.assign(profile, profile + length);
  }
  return header;
}

Result<RowFormat> PngDecoder::start(int eighths) {
  look_at_format();
  const bool begun = errors_.run([this] {
    png_set_expand(codec_);    // palette, grey of less than 8 bits, transparent colours
    png_set_scale_16(codec_);  // to 8 bits, rounded
    interlaced_ = png_get_interlace_type(codec_, info_) != PNG_INTERLACE_NONE;
    png_read_update_info(codec_, info_);
  });
  if (!begun) return tl::unexpected(failure());

  static constexpr std::array by_channels{Pixel::grey, Pixel::grey_alpha, Pixel::rgb, Pixel::rgba};
  channels_ = png_get_channels(codec_, info_);
  const Pixel pixel = by_channels.at(channels_ - 1);
  stride_ = png_get_rowbytes(codec_, info_);
  y_ = 0;
  ended_early_ = false;
  if (auto allowed = check_work(work(), picture_.size(), limits_); !allowed) return tl::unexpected(std::move(allowed.error()));
  if (stride_ > limits_.max_memory / row_copies) {
    return failed(Reason::decode_limit, "the rows of the PNG need more memory (--max-memory)");
  }
  unpack();
  row_.resize(stride_ + 1);  // palette look-ups write four bytes for three
  row_.shrink_to_fit();
  if (!interlaced_) return RowFormat{size_, 8, pixel};

  const auto shrink = factor(eighths, pixel);
  if (!shrink) return tl::unexpected(shrink.error());
  passes_.start(size_, pixel, *shrink);
  ended_early_ = !errors_.run([this] { read_interlaced(); });
  const bool last_is_there = ended_early_ && png_get_current_pass_number(codec_) == PngPasses::count;
  if (last_is_there) passes_.add_row(pass_, pass_row_, row_.data());
  return RowFormat{passes_.shrunk(), 8 / *shrink, pixel};
}

/// The factor by which an interlaced picture, which must be held whole, is reduced to fit into memory; not below `eighths` of
/// its size.
Result<int> PngDecoder::factor(int eighths, Pixel pixel) const {
  for (const int factor : {1, 4, 8}) {
    if (factor * eighths <= 8 && PngPasses::memory(size_, pixel, factor) <= limits_.max_memory) return factor;
  }
  return failed(Reason::decode_limit, "the interlaced PNG, which must be held whole, needs more memory (--max-memory)");
}

/// Units of work (Limits): to decompress and unfilter a byte, to convert and resample a pixel, and for a row. Well compressed
/// data take the time of their decompressed size.
std::uint64_t PngDecoder::work() const {
  const auto height = static_cast<std::uint64_t>(size_.height);
  const std::uint64_t pixels = static_cast<std::uint64_t>(size_.width) * height;
  const std::uint64_t unpacked = pixels * stored_bits_ / 8 + height;
  const std::uint64_t pixel_work = channels_ == 1 ? 1 : 3;
  return 4 * unpacked + pixels * pixel_work * (interlaced_ ? 2 : 1) + 100 * height;
}

/// Before libpng is set up to convert it: whether libdeflate can be used, for 8 bits per sample or index.
void PngDecoder::look_at_format() {
  const int colour_type = png_get_color_type(codec_, info_);
  const bool indexed = colour_type == PNG_COLOR_TYPE_PALETTE;
  const bool usual = png_get_bit_depth(codec_, info_) == 8 && png_get_interlace_type(codec_, info_) == PNG_INTERLACE_NONE &&
                     (indexed || png_get_valid(codec_, info_, PNG_INFO_tRNS) == 0);
  stored_bits_ = std::uint64_t{png_get_channels(codec_, info_)} * png_get_bit_depth(codec_, info_);
  stored_channels_ = usual ? png_get_channels(codec_, info_) : 0;
  if (!usual || !indexed) return;

  png_colorp colours = nullptr;
  png_bytep alphas = nullptr;
  int count = 0;
  int alpha_count = 0;
  png_get_PLTE(codec_, info_, &colours, &count);
  png_get_tRNS(codec_, info_, &alphas, &alpha_count, nullptr);
  palette_.fill({0, 0, 0, 255});
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    const bool opaque = i >= static_cast<std::size_t>(alpha_count);
    palette_.at(i) = {colours[i].red, colours[i].green, colours[i].blue, opaque ? png_byte{255} : alphas[i]};
  }
}

/// Decompresses with libdeflate, if there is memory. Leaves broken data to libpng, which reports the error.
void PngDecoder::unpack() {
  unpacked_ = false;
  if (stored_channels_ == 0) return;
  const std::size_t row_bytes = static_cast<std::size_t>(size_.width) * stored_channels_;
  const auto rows = static_cast<std::size_t>(size_.height);
  if ((row_bytes + 1) * rows > std::min(most_unpacked, limits_.max_memory)) {
    data_.drop();
    return;
  }
  unpacked_ = data_.unpack(picture_.last(rest_.size() + chunk_head), row_bytes, rows);
}

const std::uint8_t* PngDecoder::unpacked_row() {
  const std::uint8_t* row = data_.next_row(stored_channels_);
  if (stored_channels_ == channels_) return row;
  std::uint8_t* out = row_.data();
  for (int x = 0; x < size_.width; ++x, out += channels_) std::memcpy(out, palette_[row[x]].data(), 4);
  return row_.data();
}

/// libpng skips empty passes.
void PngDecoder::read_interlaced() {
  for (pass_ = 0; pass_ < PngPasses::count; ++pass_) {
    const Size size = passes_.pass_size(pass_);
    for (pass_row_ = 0; size.width > 0 && pass_row_ < size.height; ++pass_row_) {
      png_read_row(codec_, row_.data(), nullptr);
      passes_.add_row(pass_, pass_row_, row_.data());
    }
  }
}

Result<const std::uint8_t*> PngDecoder::next_row() {
  if (interlaced_) return passes_.row(y_++);
  if (unpacked_) return unpacked_row();
  if (errors_.run([this] { png_read_row(codec_, row_.data(), nullptr); })) return row_.data();
  // With the last row libpng reads to the end of the data. If only that failed, the row is valid.
  ended_early_ = png_get_current_row_number(codec_) == static_cast<png_uint_32>(size_.height);
  if (!ended_early_) return tl::unexpected(failure());
  return row_.data();
}

/// Ignores what follows the pixels. libpng has checked all checksums up to the last row.
Result<void> PngDecoder::finish() {
  passes_.drop();
  if (ended_early_) return tl::unexpected(failure());
  return {};
}

}  // namespace thumbline
