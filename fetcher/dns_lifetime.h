#pragma once
#include <chrono>
#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>

#include "common/base/clock.h"

namespace thumbline {

/// How long a lane lets libcurl keep DNS answers. libcurl walks its whole cache at the end of each transfer, and bounds it by
/// age alone. A list may name a new host with each link: then answers are kept for so short a time that there are never
/// many, else for long. Pure: it knows which names were looked up, and when.
class DnsLifetime {
 public:
  static constexpr std::size_t usual_names = 256;
  static constexpr std::chrono::seconds usual_longest{300};

  explicit DnsLifetime(std::size_t most_names = usual_names, std::chrono::seconds longest = usual_longest)
      : most_names_(most_names), longest_(longest) {}

  /// The address of `name`, a host and a port, was wanted for a new connection.
  void looked_up(const std::string& name, Moment now);

  /// Of those answers that are younger than this, there are at most `most_names`; in whole seconds, as libcurl counts. 0: none
  /// is kept.
  [[nodiscard]] std::chrono::seconds at(Moment now) const;

 private:
  struct Answer {
    std::string name;
    Moment at;
  };
  using Answers = std::list<Answer>;

  void forget_oldest();

  std::size_t most_names_;
  std::chrono::seconds longest_;
  Answers answers_;  ///< the youngest ones of different names, the oldest of them first
  std::unordered_map<std::string, Answers::iterator> by_name_;
};

}  // namespace thumbline
