#pragma once
#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace thumbline::fuzz {

/// What the fuzzers start from: DIR/TARGET/NUMBER for each input.
class Seeds {
 public:
  explicit Seeds(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// `choices`: the bytes that the target takes first.
  void add(const std::string& target, std::initializer_list<int> choices, std::span<const std::byte> bytes);
  void add(const std::string& target, std::initializer_list<int> choices, std::string_view text);

 private:
  std::filesystem::path folder_;
  std::map<std::string, int> count_;
};

void add_jpegs(Seeds& seeds);
void add_pngs(Seeds& seeds);
void add_exif_blocks(Seeds& seeds);
void add_profiles(Seeds& seeds);
void add_texts(Seeds& seeds);

}  // namespace thumbline::fuzz
