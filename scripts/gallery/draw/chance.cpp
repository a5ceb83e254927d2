#include "scripts/gallery/draw/chance.h"

#include <algorithm>

namespace thumbline::gallery {

float Chance::normal() {
  float sum = -6.0F;
  for (int i = 0; i < 12; ++i) {
    sum += unit();
  }
  return std::clamp(sum, -3.5F, 3.5F);
}

}  // namespace thumbline::gallery
