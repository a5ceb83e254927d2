#include "fetcher/given_pictures.h"

#include <algorithm>
#include <cstddef>

namespace thumbline {
namespace {

constexpr std::size_t remembered = 256;  // more than a fetcher of the usual size has in hand

}  // namespace

void GivenPictures::add(std::uint64_t id, const wire::Fetch& fetch, Moment ended) {
  if (pictures_.size() == remembered) pictures_.pop_front();
  pictures_.push_back({id, fetch, ended});
}

const GivenPictures::Picture* GivenPictures::find(std::uint64_t id, std::string_view path) const {
  const auto newest = std::find_if(pictures_.rbegin(), pictures_.rend(),
                                   [&](const Picture& picture) { return picture.id == id && picture.fetch.path() == path; });
  return newest == pictures_.rend() ? nullptr : &*newest;
}

}  // namespace thumbline
