#pragma once
#include <png.h>

#include <array>
#include <csetjmp>

namespace thumbline {

/// The only place where libpng's errors land. libpng must not come back from one, so it jumps here: what runs inside the fence
/// must own nothing that has a destructor.
class PngFence {
 public:
  PngFence() = default;
  PngFence(const PngFence&) = delete;
  PngFence& operator=(const PngFence&) = delete;

  /// For png_create_read_struct() and png_create_write_struct(), with this fence as their error_ptr.
  [[noreturn]] static void give_up(png_structp codec, png_const_charp text);
  static void ignore(png_structp, png_const_charp) {}

  /// False where libpng gave up; text() says why.
  template <class Step>
  bool run(const Step& step) {
    if (setjmp(landing_) != 0) return false;
    step();
    return true;
  }

  [[nodiscard]] const char* text() const { return text_.data(); }

 private:
  std::jmp_buf landing_{};
  std::array<char, 128> text_{};
};

}  // namespace thumbline
