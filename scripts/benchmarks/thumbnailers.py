"""Programs that make thumbnails of a folder: thumbline's own library and its rivals, each as its users would call it."""
import dataclasses
import os
import pathlib
import shutil
import subprocess
import sys
from typing import Callable

HERE = pathlib.Path(__file__).resolve().parent


@dataclasses.dataclass
class Thumbnailer:
    """`command(pictures, out, kind)`: a shell's words. Pictures: paths, all in one folder; kind: "same" or "png"."""
    name: str
    command: Callable


def _output(*command):
    """What a command prints, or nothing where it cannot be run."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _thumbline(program):
    return Thumbnailer("thumbline", lambda pictures, out, kind: [program, pictures[0].parent, out, kind])


def _pillow():
    version = _output(sys.executable, "-c", "import PIL; print(PIL.__version__)")
    script = HERE / "pillow_folder.py"
    return version and Thumbnailer(f"Pillow {version}",
                                   lambda pictures, out, kind: [sys.executable, script, pictures[0].parent, out, kind])


def _sharp():
    version = _output("node", "-p", "require('sharp').versions.sharp")
    script = HERE / "sharp_folder.js"
    return version and Thumbnailer(f"sharp {version}", lambda pictures, out, kind: ["node", script, pictures[0].parent, out, kind])


def _vipsthumbnail():
    version = _output("vipsthumbnail", "--version")

    def command(pictures, out, kind):
        # It writes one format at a time.
        calls = []
        for extension in sorted({path.suffix for path in pictures}):
            mine = " ".join(str(path) for path in pictures if path.suffix == extension)
            suffix = ".png" if kind == "png" else extension
            calls.append(f"vipsthumbnail --vips-concurrency=1 --size '128x128>' -o {out}/%s_thumbnail{suffix} {mine}")
        return ["sh", "-c", "; ".join(calls)]

    return version and Thumbnailer("vipsthumbnail " + version.partition("-")[2].partition(" ")[0], command)


def _graphicsmagick():
    version = _output("gm", "version").removeprefix("GraphicsMagick ").partition(" ")[0]

    def command(pictures, out, kind):
        # It adds the pictures' own folders to the output's.
        of_kind = "-format png" if kind == "png" else ""
        names = " ".join(path.name for path in pictures)
        mogrify = f"gm mogrify -output-directory {out} {of_kind} -size 128x128 -thumbnail '128x128>' {names}"
        return ["sh", "-c", f"cd {pictures[0].parent} && {mogrify}"]

    return version and Thumbnailer(f"GraphicsMagick {version}", command)


def available(program):
    """thumbline first (`program`: the path of thumbline-shrink), then every rival that is installed."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    rivals = (_pillow(), _sharp(), _vipsthumbnail(), _graphicsmagick())
    return [_thumbline(program), *(rival for rival in rivals if rival)]


def absent():
    """What is not there to be compared with, and how to get it."""
    ways = {"Pillow": (_pillow, "apt-get install python3-pil"), "sharp": (_sharp, "npm install sharp, and NODE_PATH"),
            "vipsthumbnail": (lambda: shutil.which("vipsthumbnail"), "apt-get install libvips-tools"),
            "GraphicsMagick": (lambda: shutil.which("gm"), "apt-get install graphicsmagick")}
    return [f"{name} ({way})" for name, (found, way) in ways.items() if not found()]
