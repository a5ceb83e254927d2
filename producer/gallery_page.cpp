#include "producer/gallery_page.h"

#include <rapidjson/document.h>

#include "common/base/image_kind.h"
#include "common/base/printable.h"

namespace thumbline {
namespace {

using rapidjson::Value;

std::string_view text_of(const Value& object, const char* key) {
  const auto member = object.FindMember(key);
  if (member == object.MemberEnd() || !member->value.IsString()) return {};
  return {member->value.GetString(), member->value.GetStringLength()};
}

bool is_true(const Value& object, const char* key) {
  const auto member = object.FindMember(key);
  return member != object.MemberEnd() && member->value.IsBool() && member->value.GetBool();
}

void add_picture(const Value& item, GalleryPage& page) {
  const std::string_view type = text_of(item, "type");
  const std::string_view link = text_of(item, "link");
  const auto kind = kind_of_mime_type(type);
  if (kind && format_of(*kind).is_decoded() && !is_true(item, "animated") && !link.empty()) page.pictures.emplace_back(link);
}

/// Listings may leave out some or all of an album's pictures.
void add_album(const Value& item, GalleryPage& page) {
  const auto images = item.FindMember("images");
  const auto count = item.FindMember("images_count");
  const bool listed = images != item.MemberEnd() && images->value.IsArray();
  const bool counted = count != item.MemberEnd() && count->value.IsUint();
  if (listed && (!counted || images->value.Size() >= count->value.GetUint())) {
    for (const Value& image : images->value.GetArray()) {
      if (image.IsObject()) add_picture(image, page);
    }
  } else if (const std::string_view id = text_of(item, "id"); !id.empty()) {
    page.albums.emplace_back(id);
  }
}

}  // namespace

Result<GalleryPage> read_gallery_page(std::string_view json) {
  rapidjson::Document parsed;
  // Iterative: hostile nesting must not overflow the stack.
  parsed.Parse<rapidjson::kParseIterativeFlag>(json.data(), json.size());
  const rapidjson::Document& document = parsed;  // the iterators of what can be changed compare in two ways
  if (document.HasParseError() || !document.IsObject()) return failed(Reason::corrupt, "the answer is no JSON object");
  const auto data = document.FindMember("data");
  if (data == document.MemberEnd()) return failed(Reason::corrupt, "the answer has no \"data\"");
  if (!data->value.IsArray()) {
    const std::string_view error = data->value.IsObject() ? text_of(data->value, "error") : std::string_view();
    if (error.find("capacity") != std::string_view::npos) return failed(Reason::rate_limited, printable(error));
    return failed(Reason::corrupt, error.empty() ? "\"data\" is no list" : printable(error));
  }
  GalleryPage page;
  for (const Value& item : data->value.GetArray()) {
    if (!item.IsObject()) continue;
    ++page.items;
    if (is_true(item, "is_album")) {
      add_album(item, page);
    } else {
      add_picture(item, page);
    }
  }
  return page;
}

}  // namespace thumbline
