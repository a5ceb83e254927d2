#pragma once
#include <deque>
#include <fstream>

#include "producer/imgur_api.h"
#include "producer/link_set.h"
#include "producer/link_source.h"

namespace thumbline {

/// Pictures of Imgur's gallery: page after page until there are as many as were asked for, the gallery brings nothing new any
/// more, or Imgur says that it is enough; then the run goes on with what there is. Every link is written to the spool before
/// it is given out, so that a producer which is started again goes on with the same pictures.
class ImgurSource : public LinkSource {
 public:
  /// `spool`: a file of links, read first and then added to; throws Stop where it cannot be written.
  ImgurSource(ImgurApi api, std::size_t wanted, const std::string& spool);

  std::optional<Found> next(std::stop_token stop) override;
  [[nodiscard]] std::string remark() const override { return remark_; }

 private:
  void read_spool();
  /// False once there will be no more.
  bool ask();
  bool take(const Result<GalleryPage>& page);

  ImgurApi api_;
  std::size_t wanted_;
  std::string spool_name_;
  std::ofstream spool_;
  LinkSet known_;
  std::deque<Link> waiting_;
  std::deque<std::string> albums_;
  int page_ = 0;
  int pages_without_news_ = 0;
  std::string remark_;
};

}  // namespace thumbline
