#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/program.h"
#include "common/net/request_settings.h"
#include "producer/lease_book.h"
#include "producer/link_source.h"

namespace thumbline {

/// Where the links come from; exactly one of the three is set.
struct SourceOptions {
  std::string links;                ///< a list, or "-"
  std::vector<std::string> images;  ///< folders, pictures and lists of them, for `resize`
  std::size_t imgur = 0;            ///< so many pictures of Imgur's gallery
  std::string client_id;
  std::string imgur_api = "https://api.imgur.com";
  std::string spool;  ///< where the gallery's links are kept for a producer that is started again
  std::string skip;   ///< with `images`: a folder that is not entered
};

/// How thumbnails shall look; passed on to the resizers as it stands.
struct RecipeOptions {
  int width = 128;
  int height = 128;
  std::string fit = "inside";
  std::string format = "same";
  bool enlarge = false;
  int quality = 85;  ///< of JPEG, 1 to 100
  bool progressive = false;
  std::uint32_t background = 0xFFFFFF;  ///< 0xRRGGBB
  std::string tolerate;                 ///< truncated, damaged; empty: nothing
};

struct ProducerOptions {
  ProgramOptions program;
  SourceOptions source;
  RecipeOptions recipe;
  LeaseRules rules;
  bool fetch_only = false;  ///< no thumbnails
  std::string bind = "tcp://127.0.0.1:*";
  std::string results;
  std::string receipts;
  std::string door;            ///< endpoint to bind for workers that know nothing else; empty: there are none such
  std::string folder;          ///< with a door: the run's
  bool allow_private = false;  ///< with a door: links may lead to private addresses, so workers have to allow those
  RequestSettings requests;    ///< with a door: for the fetchers
  bool local_stores = false;   ///< workers that do not see that folder use one of their own

  [[nodiscard]] bool resize_only() const { return !source.images.empty(); }
  /// What must not change between two runs on one folder; with `images`, which folders they are of: thumbnails of another one
  /// would have the same names. Options younger than the first four are named only where they are
  /// not at their defaults, so that folders from before them can be continued.
  [[nodiscard]] std::string settings() const;
};

/// Throws Stop where the command line is wrong.
ProducerOptions parse_producer_options(int argc, const char* const* argv);

/// Throws Stop where the source cannot be read.
std::unique_ptr<LinkSource> open_source(const SourceOptions& options);

}  // namespace thumbline
