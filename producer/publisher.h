#pragma once
#include <optional>
#include <string>
#include <zmq.hpp>

#include "common/net/dispatcher.h"
#include "common/net/link_token.h"
#include "common/net/network.h"
#include "producer/lease_book.h"
#include "producer/options.h"

namespace thumbline {

/// Puts work where it belongs: links on the PUSH socket to the fetchers, or with --images paths to the resizers that have room.
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

  /// What flush() has yet to send counts as published. False where nobody has room now. `maybe_here`: the picture may lie in the
  /// store already.
  bool publish(const LeaseBook::Publication& work, bool maybe_here);
  void flush();

 private:
  bool publish_link(const LeaseBook::Publication& work, bool maybe_here);
  bool publish_path(const LeaseBook::Publication& work);
  void set_recipe(wire::Recipe& recipe) const;

  std::optional<LinkTokens> tokens_;
  RecipeOptions recipe_;
  bool thumbnails_;
  std::optional<zmq::socket_t> links_;
  std::optional<Dispatcher> dispatcher_;
};

}  // namespace thumbline
