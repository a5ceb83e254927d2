#include "resizer/image/raster/icc_cost.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace thumbline {
namespace {

constexpr std::size_t header_bytes = 128;
constexpr std::size_t tag_entry_bytes = 12;
constexpr std::size_t type_bytes = 8;  // signature, reserved
constexpr std::uint32_t most_channels = 16;
constexpr std::uint64_t curve_work = 32;  // a curve is sampled when it is read, which costs as much as many look-ups

constexpr std::uint32_t signature(const char (&text)[5]) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(text[i]);
  return value;
}

/// Reads numbers at any offset of a part of the profile; outside of it they are 0 and the part is marked as incomplete.
class Part {
 public:
  explicit Part(std::span<const std::byte> bytes) : bytes_(bytes) {}

  [[nodiscard]] bool whole() const { return whole_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

  std::uint32_t number(std::size_t at, std::size_t length = 4) {
    if (!has(at, length)) return 0;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < length; ++i) value = value << 8 | std::to_integer<std::uint32_t>(bytes_[at + i]);
    return value;
  }

  bool has(std::size_t at, std::uint64_t length) {
    if (at > bytes_.size() || length > bytes_.size() - at) whole_ = false;
    return whole_;
  }

  [[nodiscard]] Part from(std::size_t at, std::size_t length) {
    return Part(has(at, length) ? bytes_.subspan(at, length) : std::span<const std::byte>{});
  }
  [[nodiscard]] Part from(std::size_t at) { return from(at, at > bytes_.size() ? 0 : bytes_.size() - at); }

 private:
  std::span<const std::byte> bytes_;
  bool whole_ = true;
};

/// Adds up what a profile costs.
class Count {
 public:
  Count(std::uint64_t most_reads, std::uint64_t most_work) : most_reads_(most_reads), most_work_(most_work) {}

  bool tag(Part part);

 private:
  bool reads(std::uint64_t bytes) { return (reads_ += bytes) <= most_reads_; }
  bool works(std::uint64_t units) { return (work_ += units) <= most_work_; }

  bool curve(Part part, std::size_t& length);
  bool curves(Part part, std::uint32_t count);
  bool table(Part part, std::size_t at, std::span<const std::uint32_t> grid, std::uint32_t outputs, std::size_t sample_bytes);
  bool table_by_grids(Part part, std::size_t at, std::size_t data, std::uint32_t inputs, std::uint32_t outputs,
                      std::size_t sample_bytes);
  bool old_table(Part part, bool wide);
  bool new_table(Part part);
  bool elements(Part part);
  bool element(Part part);
  bool curve_set(Part part, std::uint32_t channels);
  bool segmented_curve(Part part);

  std::uint64_t most_reads_, most_work_;
  std::uint64_t reads_ = 0, work_ = 0;
};

bool are_channels(std::uint32_t inputs, std::uint32_t outputs) {
  return inputs >= 1 && inputs <= most_channels && outputs >= 1 && outputs <= most_channels;
}

/// curv (10.5) or para (10.15); other types are not read. `length`: set to its size in bytes.
bool Count::curve(Part part, std::size_t& length) {
  switch (part.number(0)) {
    case signature("curv"): length = 12 + 2 * std::size_t{part.number(8)}; break;
    case signature("para"): {
      constexpr std::array<std::size_t, 5> parameters{1, 3, 4, 5, 7};
      const std::uint32_t kind = part.number(8, 2);
      if (kind >= parameters.size()) return false;
      length = 12 + 4 * parameters.at(kind);
      break;
    }
    default: return false;
  }
  return part.has(0, length) && reads(length) && works(curve_work);
}

/// Consecutive curves, each aligned to four bytes.
bool Count::curves(Part part, std::uint32_t count) {
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::size_t length = 0;
    if (!curve(part.from(at), length)) return false;
    at += (length + 3) / 4 * 4;
  }
  return true;
}

/// A grid of colours at `at`. A look-up interpolates in all dimensions.
bool Count::table(Part part, std::size_t at, std::span<const std::uint32_t> grid, std::uint32_t outputs,
                  std::size_t sample_bytes) {
  std::uint64_t bytes = outputs * sample_bytes;
  for (const std::uint32_t points : grid) {
    if (points == 0) return false;
    bytes *= points;
    if (bytes > part.size()) return false;
  }
  return part.has(at, bytes) && reads(bytes) && works(std::uint64_t{outputs} << grid.size());
}

/// Grid points of each dimension, one byte each, at `at`.
bool Count::table_by_grids(Part part, std::size_t at, std::size_t data, std::uint32_t inputs, std::uint32_t outputs,
                           std::size_t sample_bytes) {
  std::array<std::uint32_t, most_channels> grid{};
  for (std::size_t i = 0; i < inputs; ++i) grid.at(i) = part.number(at + i, 1);
  return part.whole() && table(part, data, std::span(grid).first(inputs), outputs, sample_bytes);
}

/// mft1 and mft2 (10.8, 10.9): curves for each input, a table, curves for each output.
bool Count::old_table(Part part, bool wide) {
  const std::uint32_t inputs = part.number(8, 1);
  const std::uint32_t outputs = part.number(9, 1);
  if (!are_channels(inputs, outputs)) return false;
  std::array<std::uint32_t, most_channels> grid{};
  grid.fill(part.number(10, 1));
  const std::size_t sample_bytes = wide ? 2 : 1;
  const std::uint64_t in_entries = wide ? part.number(48, 2) : 256;
  const std::uint64_t out_entries = wide ? part.number(50, 2) : 256;
  const std::size_t at = (wide ? 52 : 48) + static_cast<std::size_t>(inputs * in_entries) * sample_bytes;
  const std::uint64_t curve_bytes = (inputs * in_entries + outputs * out_entries) * sample_bytes;
  return part.has(0, at) && reads(curve_bytes) && works(9 + (inputs + outputs) * curve_work) &&
         table(part, at, std::span(grid).first(inputs), outputs, sample_bytes);
}

/// mAB and mBA (10.10, 10.11): up to three sets of curves, a matrix and a table, each at its own offset.
bool Count::new_table(Part part) {
  const std::uint32_t inputs = part.number(8, 1);
  const std::uint32_t outputs = part.number(9, 1);
  if (!are_channels(inputs, outputs)) return false;
  const bool to_device = part.number(0) == signature("mBA ");
  const std::uint32_t b_curves = part.number(12);
  const std::uint32_t m_curves = part.number(20);
  const std::uint32_t grid = part.number(24);
  const std::uint32_t a_curves = part.number(28);
  if (!part.whole() || !works(12)) return false;
  if (b_curves != 0 && !curves(part.from(b_curves), to_device ? inputs : outputs)) return false;
  if (m_curves != 0 && !curves(part.from(m_curves), to_device ? inputs : outputs)) return false;
  if (a_curves != 0 && !curves(part.from(a_curves), to_device ? outputs : inputs)) return false;
  if (grid == 0) return true;
  Part table = part.from(grid);
  const std::uint32_t sample_bytes = table.number(16, 1);
  return table.whole() && (sample_bytes == 1 || sample_bytes == 2) &&
         table_by_grids(table, 0, 20, inputs, outputs, sample_bytes);
}

/// mpet (10.14): a table of offsets and sizes, then elements.
bool Count::elements(Part part) {
  const std::uint32_t count = part.number(12);
  if (!part.has(16, std::uint64_t{count} * 8)) return false;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t entry = 16 + 8 * i;
    Part one = part.from(part.number(entry), part.number(entry + 4));
    if (!part.whole() || !works(1) || !element(one)) return false;
  }
  return true;
}

/// Curves, a matrix or a table of floats; other elements are not used.
bool Count::element(Part part) {
  const std::uint32_t inputs = part.number(8, 2);
  const std::uint32_t outputs = part.number(10, 2);
  const std::uint64_t matrix = std::uint64_t{inputs} * outputs;
  switch (part.number(0)) {
    case signature("cvst"): return are_channels(inputs, outputs) && curve_set(part, inputs);
    case signature("matf"):
      return are_channels(inputs, outputs) && part.has(12, (matrix + outputs) * 4) && reads(matrix * 4) && works(matrix);
    case signature("clut"): return are_channels(inputs, outputs) && table_by_grids(part, 12, 28, inputs, outputs, 4);
    default: return true;
  }
}

bool Count::curve_set(Part part, std::uint32_t channels) {
  for (std::size_t i = 0; i < channels; ++i) {
    const std::size_t entry = 12 + 8 * i;
    Part one = part.from(part.number(entry), part.number(entry + 4));
    if (!part.whole() || !segmented_curve(one)) return false;
  }
  return true;
}

/// curf: break points, then formulas (parf) and sampled pieces (samf).
bool Count::segmented_curve(Part part) {
  const std::uint32_t segments = part.number(8, 2);
  if (part.number(0) != signature("curf") || segments == 0 || !works(curve_work + segments)) return false;
  std::size_t at = 12 + std::size_t{segments - 1} * 4;
  for (std::uint32_t i = 0; i < segments; ++i) {
    std::size_t numbers = 0;
    switch (part.number(at)) {
      case signature("parf"): numbers = part.number(at + 8, 2) == 0 ? 4 : 5; break;
      case signature("samf"): numbers = part.number(at + 8); break;
      default: return false;
    }
    at += 12;
    if (!part.has(at, std::uint64_t{numbers} * 4) || !reads(12 + numbers * 4)) return false;
    at += numbers * 4;
  }
  return true;
}

/// Depends on the type, not on the tag. The stated size is ignored: lcms2 reads past it.
bool Count::tag(Part part) {
  work_ = 0;
  std::size_t length = 0;
  switch (part.number(0)) {
    case signature("curv"):
    case signature("para"): return curve(part, length);
    case signature("mft1"): return old_table(part, false);
    case signature("mft2"): return old_table(part, true);
    case signature("mAB "):
    case signature("mBA "): return new_table(part);
    case signature("mpet"): return elements(part);
    default: return true;
  }
}

}  // namespace

bool is_affordable(std::span<const std::byte> profile, const IccLimits& limits) {
  Part whole(profile);
  if (profile.size() > limits.bytes) return false;
  const std::uint32_t tags = whole.number(header_bytes);
  if (tags > limits.tags || !whole.has(header_bytes + 4, std::uint64_t{tags} * tag_entry_bytes)) return false;
  Count count(limits.reads * profile.size(), limits.work);
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;  // tags may share data, which are read once
  for (std::size_t i = 0; i < tags; ++i) {
    const std::size_t entry = header_bytes + 4 + i * tag_entry_bytes;
    const std::uint32_t offset = whole.number(entry + 4);
    const std::uint32_t size = whole.number(entry + 8);
    if (!whole.whole()) return false;
    if (size < type_bytes || offset > profile.size() || size > profile.size() - offset) continue;  // lcms2 skips it
    if (seen.emplace(offset, size).second && !count.tag(whole.from(offset))) return false;
  }
  return true;
}

}  // namespace thumbline
