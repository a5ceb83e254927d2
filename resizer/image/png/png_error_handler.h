#pragma once
#include <png.h>

#include <array>
#include <csetjmp>

namespace thumbline {

/// Where libpng's errors end up. libpng expects its error callback not to return, so it jumps back into run(): the step given
/// to run() must not own anything that has a destructor.
class PngErrorHandler {
 public:
  PngErrorHandler() = default;
  PngErrorHandler(const PngErrorHandler&) = delete;
  PngErrorHandler& operator=(const PngErrorHandler&) = delete;

  /// For png_create_read_struct() and png_create_write_struct(), with this handler as their error_ptr.
  [[noreturn]] static void on_error(png_structp codec, png_const_charp text);
  static void ignore(png_structp, png_const_charp) {}

  /// Calls `step`; false if libpng gave up on the way, see text().
  template <class Step>
  bool run(const Step& step) {
    if (setjmp(jump_) != 0) return false;
    step();
    return true;
  }

  [[nodiscard]] const char* text() const { return text_.data(); }

 private:
  std::jmp_buf jump_{};
  std::array<char, 128> text_{};
};

}  // namespace thumbline
