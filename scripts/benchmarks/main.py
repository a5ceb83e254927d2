"""The command line of scripts/bench."""
import argparse
import pathlib
import sys

from benchmarks import thumbnails


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures thumbline against others on this machine.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    one = commands.add_parser("thumbnails", help="the picture library on one core, against Pillow, sharp, vipsthumbnail, GraphicsMagick")
    one.add_argument("--pictures", type=pathlib.Path, metavar="DIR", help="JPEG and PNG pictures (default: a corpus made from "
                     "the photographs in Debian's wallpaper packages)")
    one.add_argument("--rounds", type=int, default=5, metavar="N", help="how often each is run, in turn (default 5)")
    one.add_argument("--core", type=int, default=0, metavar="N", help="the core that everything runs on (default 0)")
    options = parser.parse_args()
    try:
        return thumbnails.run(options.pictures, options.rounds, options.core)
    except thumbnails.CannotMeasure as error:
        print(f"bench: {error}", file=sys.stderr)
        return 3
