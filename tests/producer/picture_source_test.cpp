#include "producer/picture_source.h"

#include <sys/stat.h>

#include <fstream>
#include <map>
#include <set>

#include "common/base/program.h"
#include "tests/catch.h"
#include "tests/scratch_folder.h"

using namespace thumbline;
namespace fs = std::filesystem;

namespace {

void put(const fs::path& file, const std::string& bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

/// Sources by name and extension.
std::map<std::string, std::string> names_of(PictureSource& source) {
  std::map<std::string, std::string> names;
  while (auto one = source.next({})) names[one->link.name + "|" + one->link.extension] = one->link.source;
  return names;
}

const std::string jpeg_head = "\xff\xd8\xff\xe0 and so on";

}  // namespace

TEST_CASE("a folder gives its pictures with their place in the tree: by extension or by bytes, nothing hidden") {
  const test::ScratchFolder folder;
  put(folder.path() / "in/a.jpg", jpeg_head);
  put(folder.path() / "in/deep/er/b.PNG", "broken");
  put(folder.path() / "in/nameless", jpeg_head);
  put(folder.path() / "in/notes.txt", "words");
  put(folder.path() / "in/.hidden.jpg", jpeg_head);
  put(folder.path() / "in/.hidden/c.jpg", jpeg_head);
  put(folder.path() / "in/thumbnails/a_thumbnail.jpg", jpeg_head);
  PictureSource source({folder.path() / "in"}, folder.path() / "in/thumbnails");
  const auto names = names_of(source);
  CHECK(names.size() == 3);
  CHECK(names.at("a|jpg") == (folder.path() / "in/a.jpg").string());
  CHECK(names.contains("deep/er/b|PNG"));
  CHECK(names.contains("nameless|."));
  CHECK(source.remark().find(": 1 file, " + (folder.path() / "in/notes.txt").string()) != std::string::npos);
}

TEST_CASE("a list of paths gives those, wherever they are, and no name leads out of the folder") {
  const test::ScratchFolder folder;
  put(folder.path() / "x/a.jpg", jpeg_head);
  put(folder.path() / "list", (folder.path() / "x/a.jpg").string() + "\n\n../up.png\r\n");
  PictureSource source({folder.path() / "list"}, {});
  const auto names = names_of(source);
  REQUIRE(names.size() == 2);
  CHECK(names.contains((folder.path() / "x/a").relative_path().string() + "|jpg"));
  for (const auto& [name, path] : names) {
    CHECK_FALSE(name.starts_with('/'));
    CHECK(name.find("..") == std::string::npos);
    CHECK(path.starts_with('/'));
  }
}

TEST_CASE("a line of a list is a path and nothing else, whatever is in it") {
  const test::ScratchFolder folder;
  const std::string in = folder.path().string() + "/";
  for (const char* name : {"#1.jpg", "c #2.jpg", " a b.jpg"}) put(in + name, jpeg_head);
  put(folder.path() / "list", in + "#1.jpg\n" + in + "c #2.jpg\n" + in + " a b.jpg\n");
  PictureSource source({folder.path() / "list"}, {});
  std::size_t pictures = 0;
  while (const auto one = source.next({})) {
    CHECK_FALSE(one->failure);
    ++pictures;
  }
  CHECK(pictures == 3);
}

TEST_CASE("of several folders each keeps its own name, so that no picture takes another one's place") {
  const test::ScratchFolder folder;
  put(folder.path() / "a/x.jpg", jpeg_head);
  put(folder.path() / "b/x.jpg", jpeg_head);
  PictureSource source({folder.path() / "a/", folder.path() / "b/."}, {});
  const auto names = names_of(source);
  CHECK(names.size() == 2);
  CHECK(names.at("a/x|jpg") == (folder.path() / "a/x.jpg").string());
  CHECK(names.at("b/x|jpg") == (folder.path() / "b/x.jpg").string());
  put(folder.path() / "c/a/x.jpg", jpeg_head);
  CHECK_THROWS_AS(PictureSource({folder.path() / "a", folder.path() / "c/a"}, {}), Stop);
}

TEST_CASE("a path of a list that leads nowhere is a failure of its own, which names it") {
  const test::ScratchFolder folder;
  put(folder.path() / "list", "/nowhere/at/all.jpg\n");
  PictureSource source({folder.path() / "list"}, {});
  const auto one = source.next({});
  REQUIRE(one);
  REQUIRE(one->failure);
  CHECK(one->failure->reason == Reason::io);
  CHECK(one->failure->detail.find("/nowhere/at/all.jpg") != std::string::npos);
}

TEST_CASE("paths of one picture are one, those of two are two, however they are written") {
  const test::ScratchFolder folder;
  const fs::path real = fs::canonical(folder.path());
  for (const char* file : {"a/x.png", "b/x.png", "b/a/x.png"}) put(real / file, "broken");
  std::ofstream list(real / "list");
  for (const char* path : {"a/x.png", "b/../a/x.png", "a/./x.png", "b/x.png", "b/a/x.png"})
    list << (real / path).string() << "\n";
  list << fs::relative(real / "a/x.png").string() << "\n";  // from where the command is given
  list.close();
  PictureSource source({real / "list"}, {});
  std::map<std::uint64_t, std::string> pictures;
  while (const auto one = source.next({})) {
    CHECK_FALSE(one->failure);
    pictures[one->link.id] = one->link.name;
  }
  CHECK(pictures.size() == 3);
  CHECK(names_of(source).empty());
}

TEST_CASE("a picture that is named beside its folder is that of the folder; one elsewhere is another") {
  const test::ScratchFolder folder;
  put(folder.path() / "pics/one.jpg", jpeg_head);
  put(folder.path() / "one.jpg", jpeg_head);
  PictureSource source({folder.path() / "pics", folder.path() / "one.jpg", folder.path() / "pics/../pics/one.jpg"}, {});
  std::map<std::uint64_t, std::string> pictures;
  while (const auto one = source.next({})) pictures[one->link.id] = one->link.name;
  CHECK(pictures.size() == 2);
  std::set<std::string> names;
  for (const auto& [id, name] : pictures) names.insert(name);
  CHECK(names.count("one") == 1);
  CHECK(names.size() == 2);
}

TEST_CASE("what is no file cannot block whoever reads it") {
  const test::ScratchFolder folder;
  REQUIRE(::mkfifo((folder / "fifo.jpg").c_str(), 0600) == 0);
  put(folder.path() / "in/a.jpg", jpeg_head);
  REQUIRE(::mkfifo((folder / "in/fifo.jpg").c_str(), 0600) == 0);
  put(folder.path() / "list", (folder / "fifo.jpg") + "\n/dev/zero\n" + std::string(1'000'000, 'x') + "\n");
  PictureSource source({folder.path() / "in", folder.path() / "list"}, {});
  std::vector<Found> found;
  while (auto one = source.next({})) found.push_back(std::move(*one));
  REQUIRE(found.size() == 4);
  CHECK_FALSE(found[0].failure);
  for (const std::size_t i : {1U, 2U}) {
    REQUIRE(found[i].failure);
    CHECK(found[i].failure->reason == Reason::not_an_image);
  }
  REQUIRE(found[3].failure);
  CHECK(found[3].failure->detail.find("line 3 of ") == 0);
}

TEST_CASE("a folder in a list is no picture") {
  const test::ScratchFolder folder;
  put(folder.path() / "list", folder.path().string() + "\n");
  PictureSource source({folder.path() / "list"}, {});
  const auto one = source.next({});
  REQUIRE(one);
  REQUIRE(one->failure);
  CHECK(one->failure->reason == Reason::not_an_image);
}

TEST_CASE("a folder that is named twice is one") {
  const test::ScratchFolder folder;
  put(folder.path() / "in/a.jpg", jpeg_head);
  PictureSource source({folder.path() / "in", folder.path() / "in/../in/"}, {});
  CHECK(names_of(source).size() == 1);
}

TEST_CASE("a folder without pictures is told by its name") {
  const test::ScratchFolder folder;
  put(folder.path() / "notes.txt", "words");
  PictureSource source({folder.path()}, {});
  CHECK(names_of(source).empty());
  CHECK(source.remark().starts_with("there are no pictures in " + folder.path().string()));
  CHECK(source.remark().find("1 file") != std::string::npos);
}

TEST_CASE("what cannot be read is bad usage") {
  CHECK_THROWS_AS(PictureSource({"/nowhere/at/all"}, {}), Stop);
}

TEST_CASE("a picture by itself is a source too") {
  const test::ScratchFolder folder;
  put(folder.path() / "a.jpg", jpeg_head);
  PictureSource source({folder.path() / "a.jpg"}, {});
  CHECK(names_of(source).size() == 1);
}
