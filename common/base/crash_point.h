#pragma once
#include <string_view>

namespace thumbline {

/// The moments at which a process that dies could lose or double something. The environment variable
/// THUMBLINE_CRASH_AT=NAME:FILE makes the first process that reaches the one with this name create FILE and die, as if by
/// kill -9; whoever finds FILE there lives on, so that the program can be started again under the same environment. Tests walk
/// through this list. THUMBLINE_HANG_AT and THUMBLINE_THROW_AT do the same, but that the thread turns in a circle there for
/// ever, or throws std::runtime_error.
enum class CrashPoint {
  producer_has_read,         ///< a link is taken from the source, and not published
  producer_has_published,    ///< a link is out, and not written down as such
  producer_has_judged,       ///< a link that nobody can fetch is with the collector
  producer_has_receipt,      ///< a receipt has come, and nothing was done with it
  producer_has_farewell,     ///< the collector has said that all is over
  fetcher_has_link,          ///< a link has come, and nothing was done with it
  fetcher_has_half,          ///< a part of the picture's bytes is in its file
  fetcher_before_rename,     ///< all of them are
  fetcher_after_rename,      ///< the picture is in the store, and nobody knows
  fetcher_has_offered,       ///< a resizer has been given the path
  fetcher_has_reported,      ///< the collector has been told
  resizer_has_path,          ///< a path has come, and nothing was done with it
  resizer_before_rename,     ///< the thumbnail is whole
  resizer_after_rename,      ///< it is where it belongs, and nobody knows
  resizer_has_reported,      ///< the collector has been told, and the fetcher not that there is room again
  collector_has_outcomes,    ///< outcomes have come, and nothing was done with them
  collector_before_commit,   ///< they are in the ledger, in a transaction that is open
  collector_after_commit,    ///< they are in the ledger, and no receipt is out
  collector_has_answered,    ///< their receipts are out
  collector_has_greeted,     ///< a producer has been told what the ledger has
  collector_before_files,    ///< all is over, and results.csv and summary.json are not written
  collector_between_files,   ///< one of them is
  collector_before_farewell  ///< both are, and the producer does not know
};

/// The name of the point, as in "fetcher:after-rename".
std::string_view name_of(CrashPoint point);

/// Dies, hangs or throws here, where the environment says so. Else costs one comparison.
void crash_point(CrashPoint point);

}  // namespace thumbline
