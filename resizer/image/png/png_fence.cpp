#include "resizer/image/png/png_fence.h"

#include <algorithm>
#include <cstring>

namespace thumbline {

void PngFence::give_up(png_structp codec, png_const_charp text) {
  auto& fence = *static_cast<PngFence*>(png_get_error_ptr(codec));
  const std::size_t length = std::min(std::strlen(text), fence.text_.size() - 1);
  std::memcpy(fence.text_.data(), text, length);
  fence.text_[length] = '\0';
  std::longjmp(fence.landing_, 1);
}

}  // namespace thumbline
