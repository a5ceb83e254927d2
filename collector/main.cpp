#include "collector/options.h"
#include "collector/run.h"

int main(int argc, char** argv) {
  return thumbline::run_program("thumbline-collector", [&] {
    const auto options = thumbline::CollectorOptions::parse(argc, argv);
    thumbline::prepare_process("thumbline-collector", options.program);
    return thumbline::collect(options);
  });
}
