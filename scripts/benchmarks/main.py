"""The command line of scripts/bench."""
import argparse
import pathlib

from benchmarks import ground, links, sandbox, start, thumbnails, web, workers

_COMMANDS = {
    "thumbnails": (thumbnails.run, "the picture library on one core, against Pillow, sharp, vipsthumbnail, GraphicsMagick"),
    "sandbox": (sandbox.run, "resize with and without the sandbox of the decoder"),
}


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures thumbline on this machine, in turn with others.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_, help_text) in _COMMANDS.items():
        command = commands.add_parser(name, help=help_text)
        command.add_argument("--pictures", type=pathlib.Path, metavar="DIR", help="a folder of JPEG and PNG pictures (default: a corpus made "
                             "from the photographs in Debian's wallpaper packages)")
        command.add_argument("--rounds", type=int, default=5, metavar="N", help="how often each is run, in turn (default 5)")
        command.add_argument("--core", type=int, default=0, metavar="N", help="the core that everything runs on (default 0)")
    head = commands.add_parser("links", help="producer and collector with stand-ins for all workers")
    head.add_argument("--links", type=int, default=1_000_000, metavar="N", help="how many (default 1000000)")
    crowd = commands.add_parser("workers", help="the producer with stand-ins for workers that only say that they are there")
    crowd.add_argument("counts", type=int, nargs="*", default=[1_000, 10_000], metavar="N", help="how many (default 1000 10000)")
    start_command = commands.add_parser("start", help="commands with one picture to get or to make, in turn with one curl")
    start_command.add_argument("--rounds", type=int, default=20, metavar="N", help="how often each is run, in turn (default 20)")
    web_command = commands.add_parser("web", help="fetch and run on an nginx that plays many HTTPS hosts, in turn with curl; hosts that limit "
                                      "their rate; closed ports")
    web_command.add_argument("--rounds", type=int, default=3, metavar="N", help="how often each is run, in turn (default 3)")
    web_command.add_argument("--links", type=int, default=1_000_000, metavar="N", help="no more than so many of each scenario (default: 400 "
                             "to 1000000)")
    web_command.add_argument("--only", default="", metavar="WORDS", help="scenarios alone that have these words in their names")
    options = parser.parse_args()
    try:
        if options.command == "workers":
            workers.run(options.counts)
            return 0
        if options.command == "links":
            links.run(options.links)
            return 0
        if options.command == "start":
            start.run(options.rounds)
            return 0
        if options.command == "web":
            web.run(options.rounds, options.links, options.only)
            return 0
        _COMMANDS[options.command][0](options.pictures, options.rounds, options.core)
    except ground.CannotMeasure as error:
        ground.say(error)
        return 3
    return 0
