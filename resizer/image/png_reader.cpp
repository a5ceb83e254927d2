#include "resizer/image/png_reader.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <string>

#include "resizer/image/exif.h"
#include "resizer/image/png_chunks.h"

namespace thumbline {
namespace {

// W3C PNG (third edition): 8 bytes of signature (5.2), then the IHDR chunk: length, name, width, height (11.2.1).
constexpr std::size_t chunk_name = 12;
constexpr std::size_t width_offset = 16;
constexpr std::size_t height_offset = 20;
constexpr std::size_t header_bytes = 33;
constexpr std::size_t chunk_head = 8;  // length and name

/// Larger pictures are read row by row: in memory, in bytes, there may be as much again that is packed.
constexpr std::size_t most_unpacked = 24U << 20;

// Unpacked size of one chunk beside the pixels, in bytes: a profile is the only large one that is wanted.
constexpr png_alloc_size_t max_chunk = 4U << 20;
constexpr png_uint_32 max_chunks = 100;

// Known to libpng and of no use here; not looking at them also leaves out what they would unpack to.
constexpr char ignored_chunks[] = "bKGD\0cHRM\0gAMA\0hIST\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0tEXt\0tIME\0zTXt";
constexpr int ignored_count = sizeof ignored_chunks / 5;

std::uint32_t number(std::span<const std::byte> bytes, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | std::to_integer<std::uint32_t>(bytes[offset + i]);
  return value;
}

}  // namespace

PngReader::~PngReader() {
  close();
}

void PngReader::close() {
  if (codec_ != nullptr) png_destroy_read_struct(&codec_, &info_, nullptr);
}

Result<PictureHeader> PngReader::open(std::span<const std::byte> picture, const Limits& limits) {
  close();
  picture_ = rest_ = picture;
  end_of_input_ = false;
  max_memory_ = limits.max_memory;
  if (picture.size() < header_bytes) return failed(Reason::truncated, "the PNG file ends in its header");
  if (std::memcmp(picture.data() + chunk_name, "IHDR", 4) != 0) return failed(Reason::corrupt, "the PNG file has no header");
  const std::uint32_t width = number(picture, width_offset);
  const std::uint32_t height = number(picture, height_offset);
  if (auto allowed = check_size(width, height, limits); !allowed) return tl::unexpected(std::move(allowed.error()));
  size_ = {static_cast<int>(width), static_cast<int>(height)};

  codec_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &fence_, PngFence::give_up, PngFence::ignore);
  if (codec_ == nullptr) throw std::bad_alloc();
  if (!fence_.run([this] { read_header(); })) return tl::unexpected(failure());
  return header();
}

void PngReader::read_header() {
  info_ = png_create_info_struct(codec_);
  png_set_read_fn(codec_, this, take);
  png_set_user_limits(codec_, static_cast<png_uint_32>(size_.width), static_cast<png_uint_32>(size_.height));
  png_set_chunk_cache_max(codec_, max_chunks);
  png_set_chunk_malloc_max(codec_, max_chunk);
  png_set_keep_unknown_chunks(codec_, PNG_HANDLE_CHUNK_NEVER, reinterpret_cast<png_const_bytep>(ignored_chunks), ignored_count);
  png_read_info(codec_, info_);
}

/// libpng's way to ask for the next bytes.
void PngReader::take(png_structp codec, png_bytep to, std::size_t length) {
  auto& reader = *static_cast<PngReader*>(png_get_io_ptr(codec));
  if (length > reader.rest_.size()) {
    reader.end_of_input_ = true;
    png_error(codec, "the file ends too early");
  }
  std::memcpy(to, reader.rest_.data(), length);
  reader.rest_ = reader.rest_.subspan(length);
}

Failure PngReader::failure() const {
  if (end_of_input_) return {Reason::truncated, "the PNG file ends before its IEND chunk"};
  return {Reason::corrupt, std::string("the PNG decoder says: ") + fence_.text()};
}

PictureHeader PngReader::header() {
  PictureHeader header;
  header.size = size_;
  png_uint_32 length = 0;
  png_bytep data = nullptr;
  if (png_get_eXIf_1(codec_, info_, &length, &data) != 0) {
    header.orientation = exif_orientation({reinterpret_cast<const std::byte*>(data), length});
  } else {
    header.orientation = exif_orientation(find_png_chunk(picture_, "eXIf"));  // some programs append it to the pixels
  }
  png_charp name = nullptr;
  int compression = 0;
  if (png_get_iCCP(codec_, info_, &name, &compression, &data, &length) != 0) {
    const auto* profile = reinterpret_cast<const std::byte*>(data);
    header.profile.assign(profile, profile + length);
  }
  return header;
}

Result<RowFormat> PngReader::start(int) {
  look_at_kind();
  const bool begun = fence_.run([this] {
    png_set_expand(codec_);    // palette, grey of less than 8 bits, transparent colours
    png_set_scale_16(codec_);  // to 8 bits, rounded
    interlaced_ = png_set_interlace_handling(codec_) > 1;
    png_read_update_info(codec_, info_);
  });
  if (!begun) return tl::unexpected(failure());

  static constexpr std::array by_channels{Pixel::grey, Pixel::grey_alpha, Pixel::rgb, Pixel::rgba};
  channels_ = png_get_channels(codec_, info_);
  const Pixel pixel = by_channels.at(channels_ - 1);
  stride_ = png_get_rowbytes(codec_, info_);
  y_ = 0;
  unpack();
  const std::size_t rows = interlaced_ ? static_cast<std::size_t>(size_.height) : 1;
  if (rows > max_memory_ / stride_) return failed(Reason::decode_limit, "the interlaced PNG needs too much memory");
  if (interlaced_) rows_.clear();
  rows_.resize(rows * stride_ + 1);  // palettes write four bytes for three
  if (!interlaced_) rows_.shrink_to_fit();
  if (interlaced_ && !fence_.run([this] { read_interlaced(); }) && !end_of_input_) return tl::unexpected(failure());
  return RowFormat{size_, 8, pixel};
}

/// Before libpng is told what to make of it: whether this is one of the usual kinds, 8 bits a sample or index.
void PngReader::look_at_kind() {
  const int colour_type = png_get_color_type(codec_, info_);
  const bool indexed = colour_type == PNG_COLOR_TYPE_PALETTE;
  const bool usual = png_get_bit_depth(codec_, info_) == 8 && png_get_interlace_type(codec_, info_) == PNG_INTERLACE_NONE &&
                     (indexed || png_get_valid(codec_, info_, PNG_INFO_tRNS) == 0);
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

/// The fast way, if there is memory. What is broken in any way is left to libpng, which says how.
void PngReader::unpack() {
  unpacked_ = false;
  if (stored_channels_ == 0) return;
  const std::size_t row_bytes = static_cast<std::size_t>(size_.width) * stored_channels_;
  const auto rows = static_cast<std::size_t>(size_.height);
  if ((row_bytes + 1) * rows > std::min(most_unpacked, max_memory_)) {
    data_.drop();
    return;
  }
  unpacked_ = data_.unpack(picture_.last(rest_.size() + chunk_head), row_bytes, rows);
}

const std::uint8_t* PngReader::unpacked_row() {
  const std::uint8_t* row = data_.next_row(stored_channels_);
  if (stored_channels_ == channels_) return row;
  std::uint8_t* out = rows_.data();
  for (int x = 0; x < size_.width; ++x, out += channels_) std::memcpy(out, palette_[row[x]].data(), 4);
  return rows_.data();
}

/// Each of the seven passes adds its pixels to the rows.
void PngReader::read_interlaced() {
  for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; ++pass) {
    for (int y = 0; y < size_.height; ++y) png_read_row(codec_, rows_.data() + static_cast<std::size_t>(y) * stride_, nullptr);
  }
}

Result<const std::uint8_t*> PngReader::next_row() {
  if (interlaced_) return rows_.data() + static_cast<std::size_t>(y_++) * stride_;
  if (unpacked_) return unpacked_row();
  if (!fence_.run([this] { png_read_row(codec_, rows_.data(), nullptr); })) return tl::unexpected(failure());
  return rows_.data();
}

Result<void> PngReader::finish() {
  if (unpacked_) return {};
  if (end_of_input_ || !fence_.run([this] { png_read_end(codec_, nullptr); })) return tl::unexpected(failure());
  return {};
}

}  // namespace thumbline
