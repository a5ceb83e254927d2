#include <algorithm>
#include <span>
#include <string>

#include "proto/pipeline.pb.h"
#include "resizer/decode_channel.h"
#include "tests/fuzz/seeds.h"

namespace thumbline::fuzz {
namespace {

wire::Fetch fetch() {
  wire::Fetch fetch;
  fetch.set_bytes(12'345);
  fetch.set_http_status(200);
  fetch.set_duration_us(250'000);
  fetch.set_first_byte_us(120'000);
  fetch.set_worker("host:17");
  fetch.set_path("images/a.jpg");
  return fetch;
}

wire::Recipe recipe() {
  wire::Recipe recipe;
  recipe.set_width(128);
  recipe.set_height(96);
  recipe.set_fit("pad");
  recipe.set_format("png");
  return recipe;
}

wire::ToCollector to_collector() {
  wire::ToCollector message;
  message.set_version(1);
  wire::Outcome& failed = *message.add_outcomes();
  failed.set_id(5);
  failed.set_url("http://host/a,\"b\".jpg");
  failed.set_name("a");
  failed.set_attempt(2);
  failed.mutable_failure()->set_reason("http-404");
  failed.mutable_failure()->set_detail("host answered 404");
  failed.mutable_failure()->set_transient(true);
  wire::Outcome& done = *message.add_outcomes();
  done.set_url("http://host/\xe9\n.jpg");
  *done.mutable_fetch() = fetch();
  done.mutable_resize()->set_duration_us(9000);
  done.mutable_resize()->set_width(640);
  done.mutable_resize()->set_path("thumbnails/a_thumbnail.jpg");
  message.mutable_hello()->set_settings("size 128x128");
  message.mutable_plan()->set_links(7);
  return message;
}

wire::ToProducer to_producer() {
  wire::ToProducer message;
  message.set_version(1);
  for (std::uint64_t id = 0; id < 3; ++id) {
    wire::Receipt& receipt = *message.add_receipts();
    receipt.set_id(id);
    receipt.set_attempt(1);
    receipt.set_settled(id == 0);
    if (id == 1) receipt.mutable_refusal()->set_reason("rate-limited");
    receipt.set_retry_after_ms(5000);
  }
  message.add_settled(9);
  message.set_settled_complete(true);
  return message;
}

void add_messages(Seeds& seeds) {
  seeds.add("message", {0}, to_collector().SerializeAsString());
  seeds.add("message", {1}, to_producer().SerializeAsString());
  wire::Link link;
  link.set_url("http://host/a.jpg");
  link.set_name("a-0123456789ab");
  *link.mutable_recipe() = recipe();
  seeds.add("message", {2}, link.SerializeAsString());
  wire::Path path;
  path.set_name("folder/a");
  path.set_source("/pictures/folder/a.jpg");
  path.set_extension("jpg");
  *path.mutable_recipe() = recipe();
  *path.mutable_fetch() = fetch();
  seeds.add("message", {3}, path.SerializeAsString());
  wire::Credit credit;
  credit.set_slots(2);
  credit.set_worker("host:18");
  seeds.add("message", {4}, credit.SerializeAsString());
}

void add_links(Seeds& seeds) {
  for (const char* list :
       {"https://i.imgur.com/AbCdE12.jpg\nhttp://i.imgur.com/AbCdE12.png?1\n",
        "# a comment\n\nhttp://example.org/a%20b.png#top\r\n", "\xef\xbb\xbfhttp://example.org/x.jpg # said later\n",
        "http://user:secret@example.org/\nftp://example.org/a\n",
        "http://[::1]:8080/../.hidden\nhttps://ex\xc3\xa4mple.org/\xe9\xff/-x.jpg?q=a b\n",
        "HTTP://EXAMPLE.ORG:80\nhttp:///a\n", "http://127.1/%2e%2e/\nhttp://0x7f.1/a.tar.gz\n"}) {
    seeds.add("link", {}, list);
  }
}

void add_gallery_pages(Seeds& seeds) {
  for (const char* page :
       {R"({"data":[{"id":"a","type":"image/png","link":"https://i.imgur.com/a.png","animated":false,"is_album":false}]})",
        R"({"data":[{"id":"b","is_album":true,"images_count":2,"images":[{"type":"image/jpeg","link":"http://x/y"},{}]}]})",
        R"({"data":[{"id":"c","is_album":true,"images_count":9,"images":[]},7,null,"x"],"success":true,"status":200})",
        R"({"data":{"error":"Imgur is over capacity!"},"success":false,"status":403})",
        R"({"data":{"error":"caf\u00e9 \u001b[31m"},"success":false})", R"([[[[[{"data":[]}]]]]])", R"({"data":[]})"}) {
    seeds.add("gallery", {}, page);
  }
}

}  // namespace

void add_texts(Seeds& seeds) {
  add_messages(seeds);
  add_links(seeds);
  add_gallery_pages(seeds);
  DecodeReply reply;
  reply.done = true;
  reply.width = 128;
  const auto bytes_of = [&reply] { return std::as_bytes(std::span(&reply, 1)); };
  seeds.add("decode_reply", {}, bytes_of());
  reply.done = false;
  std::ranges::copy(std::string_view("corrupt"), reply.reason.begin());
  reply.detail.fill('x');
  seeds.add("decode_reply", {}, bytes_of());
  seeds.add("answer", {0, 107, 1}, "over capacity");
  seeds.add("answer", {0, 100, 3, 1}, std::string(40, '\7') + "http://i.imgur.com/removed.png");
  seeds.add("answer", {28, 0, 0, 0, 1}, std::string(60, 'R') + "Resolving timed out");
  for (const char* address :
       {"127.0.0.1", "8.8.8.8", "::1", "::ffff:10.0.0.1", "2001:4860:4860::8888", "2002:a00:1::", "010.1.1.1"}) {
    seeds.add("address", {}, address);
  }
  seeds.add("incoming", {9, 1}, std::string("\xff\xd8\xff") + std::string(200, 'j'));
  seeds.add("incoming", {1, 0}, std::string("\x89PNG\r\n\x1a\n") + std::string(400, 'p'));
  seeds.add("incoming", {200, 255}, std::string("GIF89a") + std::string(20'000, 'g'));
  seeds.add("incoming", {9, 9}, "<html>");
}

}  // namespace thumbline::fuzz
