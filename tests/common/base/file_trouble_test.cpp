#include "common/base/file_trouble.h"

#include "tests/catch.h"

using namespace thumbline;

namespace {

void note_times(FileTrouble& trouble, Reason reason, int times) {
  for (int i = 0; i < times; ++i) {
    Failure failure(reason, "cannot open /data/a.jpg");
    trouble.note(failure);
  }
}

}  // namespace

TEST_CASE("what fails on this machine's files may be done by another one") {
  FileTrouble trouble;
  Failure file(Reason::io, "cannot open /data/a.jpg");
  Failure picture(Reason::corrupt, "no end");
  trouble.note(file);
  trouble.note(picture);
  CHECK(file.transient);
  CHECK_FALSE(picture.transient);
}

TEST_CASE("a folder that this machine cannot write to may be another one's to write to") {
  FileTrouble trouble;
  Failure folder(Reason::folder_unusable, "cannot rename to /data/images/a.jpg");
  trouble.note(folder);
  CHECK(folder.reason == Reason::io);
  CHECK(folder.transient);
  note_times(trouble, Reason::folder_unusable, FileTrouble::most_in_a_row - 1);
  CHECK(trouble.is_hopeless());
}

TEST_CASE("files that fail one after the other are a reason to leave, and it is told which") {
  FileTrouble trouble;
  note_times(trouble, Reason::io, FileTrouble::most_in_a_row - 1);
  CHECK_FALSE(trouble.is_hopeless());
  note_times(trouble, Reason::io, 1);
  CHECK(trouble.is_hopeless());
  CHECK(trouble.text().find("/data/a.jpg") != std::string::npos);
}

TEST_CASE("a file that fails now and then is none, nor are broken pictures") {
  FileTrouble trouble;
  for (int i = 0; i < 10; ++i) {
    note_times(trouble, Reason::io, FileTrouble::most_in_a_row - 1);
    trouble.note_success();
  }
  note_times(trouble, Reason::corrupt, 100);
  CHECK_FALSE(trouble.is_hopeless());
}

TEST_CASE("too few open files pass by, and are no reason to leave") {
  FileTrouble trouble;
  for (int i = 0; i < 100; ++i) {
    Failure failure(Reason::io, "cannot open a: too many open files");
    failure.transient = true;
    trouble.note(failure);
  }
  CHECK_FALSE(trouble.is_hopeless());
}
