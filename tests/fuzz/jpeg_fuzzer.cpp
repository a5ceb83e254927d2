// JPEG files: thumbnails of them; the decoder against libjpeg alone; the scan finder against the format.
#include <algorithm>
#include <array>

#include "resizer/image/jpeg/jpeg_decoder.h"
#include "resizer/image/jpeg/jpeg_scans.h"
#include "tests/fuzz/plain_decoder.h"
#include "tests/fuzz/thumbnail_check.h"

using namespace thumbline;
using namespace thumbline::fuzz;

namespace {

int number(std::span<const std::byte> bytes, std::size_t at) {
  return std::to_integer<int>(bytes[at]);
}

/// Whether coded data end behind these bytes: at a marker that is none of their own (ITU-T T.81, B.1.1).
bool ends_data(std::span<const std::byte> bytes, std::size_t at) {
  const int marker = number(bytes, at + 1);
  const bool stuffing = marker <= 0x01 || marker == 0xFF;
  const bool restart_or_start = marker >= 0xD0 && marker <= 0xD8;
  return number(bytes, at) == 0xFF && !stuffing && !restart_or_start;
}

void check_scan(std::span<const std::byte> jpeg, const JpegScan& scan) {
  const auto& [begin, end] = scan.bytes;
  require(begin < end && end <= jpeg.size(), "a scan lies within the file");
  require(number(jpeg, begin) == 0xFF && number(jpeg, begin + 1) == 0xDA, "a scan starts at its marker");
  require(end == jpeg.size() || ends_data(jpeg, end), "a scan ends at a marker");
  require(scan.components >= 0 && scan.components <= 4, "a scan has up to four components");
  if (scan.components == 0) return;
  const int header = number(jpeg, begin + 2) * 256 + number(jpeg, begin + 3);
  for (std::size_t at = begin + 2 + static_cast<std::size_t>(header); at + 1 < end; ++at) {
    if (number(jpeg, at) == 0xFF && number(jpeg, at + 1) == 0xFF) continue;
    require(!ends_data(jpeg, at), "a scan does not reach beyond the marker that ends it");
    if (number(jpeg, at) == 0xFF) ++at;
  }
}

void check_scans(std::span<const std::byte> jpeg, Input& input) {
  const auto most = static_cast<std::size_t>(input.below(32));
  const std::size_t from = static_cast<std::size_t>(input.byte()) * 8;
  std::array<BlockScale, 4> scales{};
  for (BlockScale& scale : scales) {
    scale.component = input.below(6);
    scale.size = 1 + input.below(8);
    scale.steps.fill(input.byte());
  }
  const auto scans = find_scans(jpeg, most);
  require(scans.size() <= most, "no more scans are found than wanted");
  std::size_t end = 0;
  for (const JpegScan& scan : scans) {
    require(scan.bytes.begin >= end, "scans lie behind each other");
    check_scan(jpeg, scan);
    end = scan.bytes.end;
  }
  end = from;
  for (const ByteRange& range : skippable_scans(scans, from, scales)) {
    require(range.begin >= end && range.end > range.begin, "ranges to leave out lie in order, from the place given on");
    end = range.end;
    const auto same = [&](const JpegScan& scan) { return scan.bytes.begin == range.begin && scan.bytes.end == range.end; };
    require(std::ranges::any_of(scans, same), "whole scans are left out");
  }
}

void check_against_libjpeg(std::span<const std::byte> jpeg, int eighths) {
  static JpegDecoder decoder;
  if (!decoder.open(jpeg, roomy)) return;  // plain_jpeg has no limits
  const auto expected = plain_jpeg(jpeg, eighths);
  const auto read = read_all(decoder, jpeg, eighths);
  if (!expected) return;
  const bool too_much = !read && read.error().reason == Reason::decode_limit;
  require(read || too_much, "what libjpeg decodes without complaint, the decoder does");
  const bool whole = eighths == 8 || find_scans(jpeg, 2).size() < 2;  // else scans may be left out that hardly show
  if (read && whole) require_same(*read, *expected);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const Wanted wanted(input);
  const int eighths = 1 << input.below(4);
  Input choices = input;
  input.take(14);
  const auto jpeg = input.rest();
  check_scans(jpeg, choices);
  check_against_libjpeg(jpeg, eighths);
  check_thumbnail(jpeg, wanted);
  return 0;
}
