#pragma once
#include <string>
#include <string_view>

#include "proto/pipeline.pb.h"

namespace thumbline {

/// What a link that is done has to have in a run.
struct Wanted {
  bool picture = false;
  bool thumbnail = false;

  /// Whether the pictures are this machine's own: nothing is fetched.
  [[nodiscard]] bool local_pictures() const { return thumbnail && !picture; }

  /// By the settings of the run; of none, nothing is known.
  static Wanted by(std::string_view settings);
};

/// What does not fit in what a worker says of an attempt that it was given: files that are not those of the link's name, a
/// picture of impossible size, a thumbnail that is no such file. Empty where all of it fits.
std::string misfit(const wire::Outcome& outcome, Wanted wanted);

/// Makes it an attempt that failed by `misfit`, and may be made again.
void refuse(wire::Outcome& outcome, const std::string& misfit);

}  // namespace thumbline
