#include "producer/options.h"
#include "producer/producer.h"

int main(int argc, char** argv) {
  return thumbline::run_program("thumbline-producer", [&] {
    const thumbline::ProducerOptions options = thumbline::parse_producer_options(argc, argv);
    thumbline::prepare_process("producer", options.program);
    return thumbline::Producer(options).run();
  });
}
