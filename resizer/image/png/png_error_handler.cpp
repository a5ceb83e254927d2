#include "resizer/image/png/png_error_handler.h"

#include <algorithm>
#include <cstring>

namespace thumbline {

void PngErrorHandler::on_error(png_structp codec, png_const_charp text) {
  auto& handler = *static_cast<PngErrorHandler*>(png_get_error_ptr(codec));
  const std::size_t length = std::min(std::strlen(text), handler.text_.size() - 1);
  std::memcpy(handler.text_.data(), text, length);
  handler.text_[length] = '\0';
  std::longjmp(handler.jump_, 1);
}

}  // namespace thumbline
