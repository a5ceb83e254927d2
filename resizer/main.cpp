#include <string_view>

#include "resizer/decoder.h"
#include "resizer/options.h"
#include "resizer/resizer.h"

int main(int argc, char** argv) {
  return thumbline::run_program("thumbline-resizer", [&] {
    if (argc == 3 && argv[1] == std::string_view(thumbline::decoder_argument)) {
      return thumbline::run_decoder(thumbline::parse_rights(argv[2]));
    }
    const thumbline::ResizerOptions options = thumbline::parse_resizer_options(argc, argv);
    thumbline::prepare_process("resizer", options.program);
    return thumbline::Resizer(options).run();
  });
}
