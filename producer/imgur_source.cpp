#include "producer/imgur_source.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "common/base/program.h"
#include "producer/line_source.h"

namespace thumbline {
namespace {

constexpr int enough_without_news = 5;  // pages in a row
constexpr long requests_kept_back = 1;  // of what Imgur grants: at zero it starts to count against the client id

}  // namespace

ImgurSource::ImgurSource(ImgurApi api, std::size_t wanted, const std::string& spool)
    : api_(std::move(api)), wanted_(wanted), spool_name_(spool) {
  read_spool();
  spool_.open(spool, std::ios::binary | std::ios::app);
  if (!spool_) throw Stop(ExitCode::cannot_go_on, "cannot write " + spool + ": " + std::generic_category().message(errno));
}

void ImgurSource::read_spool() {
  std::ifstream in(spool_name_, std::ios::binary);
  std::string line;
  std::uintmax_t whole = 0;
  while (std::getline(in, line)) {
    if (in.eof()) {  // this line was being written when the producer died
      std::filesystem::resize_file(spool_name_, whole);
      break;
    }
    whole += line.size() + 1;
    if (known_.size() >= wanted_) continue;
    Result<Link> link = parse_link(content_of_line(line));
    if (link && known_.see(link->id) == LinkSet::Seen::first) waiting_.push_back(std::move(*link));
  }
}

std::optional<Found> ImgurSource::next(std::stop_token stop) {
  while (waiting_.empty()) {
    if (stop.stop_requested() || known_.size() >= wanted_ || !ask()) return std::nullopt;
  }
  Link link = std::move(waiting_.front());
  waiting_.pop_front();
  return Found{std::move(link), std::nullopt};
}

bool ImgurSource::ask() {
  if (api_.remaining() && *api_.remaining() <= requests_kept_back) {
    remark_ = "Imgur grants no more requests for now: going on with " + std::to_string(known_.size()) + " pictures";
    return false;
  }
  if (!albums_.empty()) {
    const std::string album = std::move(albums_.front());
    albums_.pop_front();
    const Result<GalleryPage> images = api_.album(album);
    const bool gone = !images && images.error().reason.kind() == Reason::http;
    return gone || take(images);  // an album that was deleted since is no reason to stop
  }
  const Result<GalleryPage> page = api_.gallery(page_++);
  const std::size_t before = known_.size();
  if (!take(page)) return false;
  if (page->items == 0) {
    remark_ = "the gallery has no more pages: " + std::to_string(known_.size()) + " pictures";
    return false;
  }
  pages_without_news_ = known_.size() > before || !page->albums.empty() ? 0 : pages_without_news_ + 1;
  if (pages_without_news_ < enough_without_news) return true;
  remark_ = "the gallery brings nothing new any more: going on with " + std::to_string(known_.size()) + " pictures";
  return false;
}

bool ImgurSource::take(const Result<GalleryPage>& page) {
  if (!page) {
    if (known_.size() == 0) throw Stop(ExitCode::cannot_go_on, "Imgur's gallery cannot be had: " + page.error().detail);
    remark_ = "Imgur: " + page.error().detail + "; going on with " + std::to_string(known_.size()) + " pictures";
    return false;
  }
  for (const std::string& text : page->pictures) {
    if (known_.size() >= wanted_) break;
    Result<Link> link = parse_link(text);
    if (!link || known_.see(link->id) != LinkSet::Seen::first) continue;
    spool_ << link->url << '\n';
    waiting_.push_back(std::move(*link));
  }
  spool_.flush();
  if (!spool_) throw Stop(ExitCode::cannot_go_on, "cannot write " + spool_name_ + "; is the disk full?");
  albums_.insert(albums_.end(), page->albums.begin(), page->albums.end());
  return true;
}

}  // namespace thumbline
