#pragma once
#include <string>

#include "common/base/result.h"

namespace thumbline {

/// Files that fail one after the other tell of a machine, not of pictures: one that does not see them, or may not write there,
/// fails so fast that it would take most of the work from those that can do it. Such a worker has to leave. Pure.
class FileTrouble {
 public:
  static constexpr int most_in_a_row = 5;

  void note_success() { in_a_row_ = 0; }

  /// A picture has failed. Where it was the file (`io`) or the folder of all files, the failure becomes a transient `io`:
  /// another machine may fare better.
  void note(Failure& failure) {
    if (failure.reason == Reason::folder_unusable)
      failure.reason = Reason::io;
    else if (failure.reason != Reason(Reason::io) || failure.transient)
      return;
    failure.transient = true;
    detail_ = failure.detail;
    ++in_a_row_;
  }

  [[nodiscard]] bool is_hopeless() const { return in_a_row_ >= most_in_a_row; }

  /// For people.
  [[nodiscard]] std::string text() const { return "this machine cannot work with the files of the run: " + detail_; }

 private:
  int in_a_row_ = 0;
  std::string detail_;
};

}  // namespace thumbline
