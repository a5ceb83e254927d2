#pragma once
#include "proto/pipeline.pb.h"
#include "resizer/image/recipe.h"

namespace thumbline {

/// The recipe that came with a picture. A peer may send anything: what is absent or unknown becomes the default, and a number
/// that is out of range the nearest that is allowed.
Recipe recipe_of(const wire::Recipe& message);

}  // namespace thumbline
