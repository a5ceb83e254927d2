#pragma once
#include "proto/pipeline.pb.h"
#include "resizer/image/recipe.h"

namespace thumbline {

/// Converts the recipe in a message. Peers are not trusted: missing or unknown values become the defaults, numbers out of range
/// the nearest allowed ones.
Recipe recipe_of(const wire::Recipe& message);

}  // namespace thumbline
