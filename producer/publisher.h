#pragma once
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "common/net/dispatcher.h"
#include "common/net/link_token.h"
#include "common/net/network.h"
#include "producer/lease_book.h"
#include "producer/options.h"

namespace thumbline {

/// Puts work where it belongs: links on the PUSH socket to the fetchers, or with --images paths to the resizers that have room.
/// Several go in one message where many wait.
class Publisher {
 public:
  Publisher(Network& network, const ProducerOptions& options);

  /// The hop's name, "links" or "paths", and where it was bound.
  [[nodiscard]] std::string name() const { return dispatcher_ ? "paths" : "links"; }
  [[nodiscard]] std::string endpoint();

  /// Needed before the first publication.
  void give_tokens(LinkTokens tokens) { tokens_ = std::move(tokens); }

  /// What to poll so as to learn that there may be room again.
  [[nodiscard]] zmq::pollitem_t poll_item();
  /// To be called when that says so.
  void notice_room();

  /// False where nobody has room now. `maybe_here`: the picture may lie in the store already; `waiting`: how many links wait,
  /// with this one.
  bool publish(const LeaseBook::Publication& work, bool maybe_here, std::size_t waiting);
  /// Sends what was published and not sent yet; to be called before this thread waits. False where that cannot be sent now.
  bool flush();

 private:
  bool publish_link(const LeaseBook::Publication& work, bool maybe_here, std::size_t waiting);
  bool publish_path(const LeaseBook::Publication& work);
  void set_recipe(wire::Recipe& recipe) const;

  std::optional<LinkTokens> tokens_;
  RecipeOptions recipe_;
  bool thumbnails_;
  std::optional<zmq::socket_t> links_;
  std::vector<wire::Link> gathered_;  ///< the next message
  std::optional<Dispatcher> dispatcher_;
};

}  // namespace thumbline
