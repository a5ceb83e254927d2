#include "producer/publisher.h"

#include <algorithm>

#include "common/net/message.h"

namespace thumbline {
namespace {

// A PUSH socket hands out links for as long as there is room in buffers: those of libzmq's encoder and decoder (8 KiB each,
// which cannot be set) and of the kernel. Whoever stalls holds them all until their leases end. In messages of this size, and
// of this size for each of several links, that is one to three dozen.
constexpr std::size_t least_message = 2000;
constexpr std::size_t least_link = 1000;

// So many links go in one message. Where so few wait that others might have nothing to do, each goes by itself.
constexpr std::size_t most_in_one = 4;
constexpr std::size_t plenty = 256;

std::size_t wanted_in_one(std::size_t waiting) {
  return std::clamp<std::size_t>(waiting * most_in_one / plenty, 1, most_in_one);
}

}  // namespace

Publisher::Publisher(Network& network, const ProducerOptions& options)
    : recipe_(options.recipe), thumbnails_(!options.fetch_only) {
  if (options.resize_only()) {
    dispatcher_.emplace(network, options.bind);
  } else {
    links_.emplace(network.bind(zmq::socket_type::push, "links", options.bind, Flow::tight()));
  }
}

std::string Publisher::endpoint() {
  return dispatcher_ ? dispatcher_->endpoint() : Network::bound_endpoint(*links_);
}

zmq::pollitem_t Publisher::poll_item() {
  if (dispatcher_) return {dispatcher_->handle(), 0, ZMQ_POLLIN, 0};
  return {links_->handle(), 0, ZMQ_POLLOUT, 0};
}

void Publisher::notice_room() {
  if (dispatcher_) dispatcher_->take_credit();
}

bool Publisher::publish(const LeaseBook::Publication& work, bool maybe_here, std::size_t waiting) {
  return dispatcher_ ? publish_path(work) : publish_link(work, maybe_here, waiting);
}

bool Publisher::flush() {
  if (dispatcher_) dispatcher_->flush();
  if (gathered_.empty()) return true;
  wire::Link message = gathered_.front();
  for (auto link = gathered_.begin() + 1; link != gathered_.end(); ++link) *message.add_more() = *link;
  const std::size_t size = message.ByteSizeLong();
  const std::size_t padded = std::max(least_message, least_link * gathered_.size());
  if (size < padded) message.set_padding(std::string(padded - size, '\0'));
  if (!send(*links_, message)) return false;
  gathered_.clear();
  return true;
}

bool Publisher::publish_link(const LeaseBook::Publication& work, bool maybe_here, std::size_t waiting) {
  // A link is not kept from others for a message that nobody would take.
  const bool has_room =
      gathered_.empty() ? (links_->get(zmq::sockopt::events) & ZMQ_POLLOUT) != 0 : gathered_.size() < most_in_one;
  if (!has_room) return false;
  wire::Link& link = gathered_.emplace_back();
  link.set_id(work.link->id);
  link.set_url(work.link->url);
  link.set_name(work.link->name);
  link.set_attempt(work.attempt);
  link.set_last_attempt(work.last_attempt);
  link.set_tries(work.tries);
  link.set_maybe_here(maybe_here);
  link.set_token(tokens_->token(link));
  if (thumbnails_) set_recipe(*link.mutable_recipe());
  if (gathered_.size() >= wanted_in_one(waiting)) flush();
  return true;
}

bool Publisher::publish_path(const LeaseBook::Publication& work) {
  wire::Path path;
  path.set_id(work.link->id);
  path.set_url(work.link->url);
  path.set_name(work.link->name);
  path.set_attempt(work.attempt);
  path.set_last_attempt(work.last_attempt);
  path.set_tries(work.tries);
  path.set_source(work.link->source);
  path.set_extension(work.link->extension);
  path.set_token(tokens_->token(path));
  set_recipe(*path.mutable_recipe());
  return dispatcher_->offer(std::move(path));
}

void Publisher::set_recipe(wire::Recipe& recipe) const {
  recipe.set_width(static_cast<std::uint32_t>(recipe_.width));
  recipe.set_height(static_cast<std::uint32_t>(recipe_.height));
  recipe.set_fit(recipe_.fit);
  recipe.set_format(recipe_.format);
  recipe.set_enlarge(recipe_.enlarge);
  recipe.set_quality(static_cast<std::uint32_t>(recipe_.quality));
  recipe.set_progressive(recipe_.progressive);
  recipe.set_background(recipe_.background);
  recipe.set_tolerate(recipe_.tolerate);
}

}  // namespace thumbline
