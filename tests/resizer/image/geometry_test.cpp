#include "resizer/image/geometry.h"

#include "tests/catch.h"
