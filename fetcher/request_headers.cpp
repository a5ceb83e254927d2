#include "fetcher/request_headers.h"

#include <algorithm>
#include <array>
#include <new>

#include "common/base/header_field.h"

namespace thumbline {
namespace {

// What thumbline reads comes first: some servers choose by that.
constexpr const char* accept = "Accept: image/jpeg,image/png,image/*;q=0.8,*/*;q=0.5";

void append(HeaderList& list, const char* field) {
  curl_slist* const longer = curl_slist_append(list.get(), field);
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

bool is_no_secret(const std::string& name) {
  constexpr std::array known{"cache-control", "dnt", "from", "pragma", "priority", "referer", "user-agent"};
  return name.starts_with("accept") || name.starts_with("sec-") || std::ranges::find(known, name) != known.end();
}

}  // namespace

RequestHeaders::RequestHeaders(const std::vector<std::string>& fields)
    : for_link_(nullptr, curl_slist_free_all), for_others_(nullptr, curl_slist_free_all) {
  const auto has_accept = [](const std::string& field) { return header_name(field) == "accept"; };
  if (std::ranges::none_of(fields, has_accept)) {
    append(for_link_, accept);
    append(for_others_, accept);
  }
  for (const std::string& field : fields) {
    const std::string name = header_name(field);
    if (name == "cookie") {
      const std::size_t value = field.find_first_not_of(" \t", name.size() + 1);
      cookie_ += (cookie_.empty() ? "" : "; ") + field.substr(value);
      continue;
    }
    append(for_link_, field.c_str());
    if (is_no_secret(name)) append(for_others_, field.c_str());
  }
}

}  // namespace thumbline
