// The pixels of PNG files: any header, palette and filtered rows, wrapped so that the file is sound. Random changes of packed
// data hardly ever give rows of the right length.
#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <memory>

#include "resizer/image/png/png_decoder.h"
#include "tests/fuzz/plain_decoder.h"
#include "tests/fuzz/thumbnail_check.h"
#include "tests/resizer/image/drawn_picture.h"

using namespace thumbline;
using namespace thumbline::fuzz;

namespace {

struct Kind {
  int colour_type, depth, samples;
};
// W3C PNG, 11.2.1, table 11
constexpr std::array kinds{Kind{0, 1, 1}, Kind{0, 2, 1},  Kind{0, 4, 1},  Kind{0, 8, 1}, Kind{0, 16, 1},
                           Kind{2, 8, 3}, Kind{2, 16, 3}, Kind{3, 1, 1},  Kind{3, 2, 1}, Kind{3, 4, 1},
                           Kind{3, 8, 1}, Kind{4, 8, 2},  Kind{4, 16, 2}, Kind{6, 8, 4}, Kind{6, 16, 4}};

void append(std::vector<std::byte>& to, std::span<const std::byte> bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

std::size_t row_bytes(int width, const Kind& kind) {
  return (static_cast<std::size_t>(width * kind.depth * kind.samples) + 7) / 8;
}

/// With their filters, and interlaced where wanted (8.2: seven passes): as many bytes as the header asks for. What the input
/// does not have is 0.
std::vector<std::byte> rows_of(int width, int height, const Kind& kind, bool interlaced, std::span<const std::byte> from) {
  struct Pass {
    int x, y, dx, dy;
  };
  static constexpr std::array adam7{Pass{0, 0, 8, 8}, Pass{4, 0, 8, 8}, Pass{0, 4, 4, 8}, Pass{2, 0, 4, 4},
                                    Pass{0, 2, 2, 4}, Pass{1, 0, 2, 2}, Pass{0, 1, 1, 2}};
  static constexpr std::array once{Pass{0, 0, 1, 1}};
  std::vector<std::byte> rows;
  for (const auto& [x, y, dx, dy] : interlaced ? std::span<const Pass>(adam7) : std::span<const Pass>(once)) {
    const int columns = (width - x + dx - 1) / dx;
    const int lines = (height - y + dy - 1) / dy;
    for (int line = 0; columns > 0 && line < lines; ++line) {
      const std::size_t size = 1 + row_bytes(columns, kind);
      const std::size_t at = rows.size();
      rows.resize(at + size);
      std::copy_n(from.begin(), std::min(size, from.size()), rows.begin() + static_cast<std::ptrdiff_t>(at));
      rows[at] = static_cast<std::byte>(std::to_integer<int>(rows[at]) % 5);
      from = from.subspan(std::min(size, from.size()));
    }
  }
  return rows;
}

std::vector<std::byte> packed(const std::vector<std::byte>& rows, int level) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> packer(libdeflate_alloc_compressor(level),
                                                                                             libdeflate_free_compressor);
  std::vector<std::byte> data(libdeflate_zlib_compress_bound(packer.get(), rows.size()));
  data.resize(libdeflate_zlib_compress(packer.get(), rows.data(), rows.size(), data.data(), data.size()));
  return data;
}

/// The file's parts, one chunk after the other.
class Composer {
 public:
  explicit Composer(Input& input)
      : input_(input),
        kind_(kinds.at(static_cast<std::size_t>(input.below(kinds.size())))),
        width_(1 + input.below(100)),
        height_(1 + input.below(24)),
        interlaced_(input.below(4) == 3) {}

  std::vector<std::byte> png() {
    static constexpr std::array<std::uint8_t, 8> signature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    append(png_, std::as_bytes(std::span(signature)));
    add_header();
    std::size_t alphas = kind_.colour_type == 0 ? 2 : kind_.colour_type == 2 ? 6 : 0;  // or one colour that is transparent
    if (kind_.colour_type == 3) {
      const std::size_t colours = 1 + static_cast<std::size_t>(input_.byte()) % (1U << kind_.depth);
      add_from_input("PLTE", 3 * colours);
      alphas = input_.byte() % (colours + 1);
    }
    if (alphas > 0 && input_.below(2) == 1) add_from_input("tRNS", alphas);
    add_pixels();
    append(png_, drawn::chunk("IEND", {}));
    return std::move(png_);
  }

 private:
  void add_header() {
    std::vector<std::byte> header;
    for (const int value : {0, 0, 0, width_, 0, 0, 0, height_, kind_.depth, kind_.colour_type, 0, 0, interlaced_ ? 1 : 0}) {
      header.push_back(static_cast<std::byte>(value));
    }
    append(png_, drawn::chunk("IHDR", header));
  }

  /// What the input does not have is 0.
  void add_from_input(std::string_view name, std::size_t bytes) {
    std::vector<std::byte> data(bytes);
    std::ranges::copy(input_.take(bytes), data.begin());
    append(png_, drawn::chunk(name, data));
  }

  void add_pixels() {
    const int level = 4 * input_.below(3);
    const std::size_t parts = 1 + static_cast<std::size_t>(input_.below(3));
    const std::vector<std::byte> pixels = packed(rows_of(width_, height_, kind_, interlaced_, input_.rest()), level);
    const std::size_t part = (pixels.size() + parts - 1) / parts;
    for (std::size_t at = 0; at < pixels.size(); at += part) {
      append(png_, drawn::chunk("IDAT", std::span(pixels).subspan(at, std::min(part, pixels.size() - at))));
    }
  }

  Input& input_;
  Kind kind_;
  int width_, height_;
  bool interlaced_;
  std::vector<std::byte> png_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static PngDecoder decoder;
  Input input(data, size);
  const Wanted wanted(input);
  const std::vector<std::byte> png = Composer(input).png();
  const auto expected = plain_png(png);
  const auto read = read_all(decoder, png, 8);
  require(read && expected, "a sound file can be read");
  require_same(*read, *expected);
  check_thumbnail(png, wanted);
  return 0;
}
