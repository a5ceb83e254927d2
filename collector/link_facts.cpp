#include "collector/link_facts.h"

namespace thumbline {

LinkFacts facts_of(const LinkRow& row, std::int64_t session) {
  LinkFacts facts;
  facts.reason = row.reason;
  facts.attempts = static_cast<std::uint64_t>(row.attempts);
  facts.session = session;
  if (row.fetch) facts.fetch = {!row.fetch->image.empty(), static_cast<std::uint64_t>(row.fetch->bytes), row.fetch->span};
  if (row.resize)
    facts.resize = {!row.resize->thumbnail.empty(), static_cast<std::uint64_t>(row.resize->bytes), row.resize->span};
  return facts;
}

}  // namespace thumbline
