"""Where the four programs are, and building them where they are not."""
import os

from launcher.console import say
from launcher.ending import CANNOT_GO_ON, Stop

NAMES = ("thumbline-producer", "thumbline-fetcher", "thumbline-resizer", "thumbline-collector")
_PRESET = "release"
_SOURCES = ("CMakeLists.txt", "CMakePresets.json", "proto", "common", "producer", "fetcher", "resizer", "collector",
            os.path.join("scripts", "gallery", "draw"))

_HERE = os.path.dirname(os.path.abspath(__file__))
# The launcher lies in scripts/ of the source tree, or in PREFIX/share/thumbline.
_ROOT = os.path.dirname(os.path.dirname(_HERE))
_IN_SOURCE_TREE = os.path.exists(os.path.join(_ROOT, "CMakePresets.json"))
# Where the command itself is.
COMMAND_FOLDER = os.path.join(_ROOT, "scripts") if _IN_SOURCE_TREE else os.path.join(os.path.dirname(_ROOT), "bin")
COMMAND = "scripts/thumbline" if _IN_SOURCE_TREE else "thumbline"  # as a user writes it
GALLERY = os.path.join(os.path.dirname(_HERE), "gallery", "server.py")  # of the demo


def _folder():
    if "THUMBLINE_BIN" in os.environ:
        return os.environ["THUMBLINE_BIN"]
    if _IN_SOURCE_TREE:
        return os.path.join(_ROOT, "build", _PRESET, "bin")
    return os.path.join(os.path.dirname(_ROOT), "bin")


def path(name):
    return os.path.join(_folder(), name)


def ensure(names=NAMES):
    """Builds these programs where one is missing or older than its source, saying so. Stop where that does not work, and
    where programs are missing that are not ours to build: in an installed thumbline, or in THUMBLINE_BIN."""
    missing = [name for name in names if not os.access(path(name), os.X_OK)]
    if "THUMBLINE_BIN" in os.environ or not _IN_SOURCE_TREE:
        if missing:
            raise Stop(CANNOT_GO_ON, f"{path(missing[0])} is missing")
        return
    newest = _newest_source()
    stamp = os.path.join(_ROOT, "build", _PRESET, f"{names[-1]}.built")  # a build may have had nothing to write
    if not missing and newest <= max(_time_of(stamp), min(_time_of(path(name)) for name in names)):
        return
    log = os.path.relpath(os.path.join(_ROOT, "build", _PRESET, "build.log"))
    say(f"building {', '.join(missing)} (some minutes; how far it is: {log})" if missing else "the sources have changed: building")
    _call("install-deps")
    _call("build", _PRESET, *names)
    with open(stamp, "w"):
        os.utime(stamp, ns=(newest, newest))


def _call(script, *arguments):
    import subprocess

    command = [os.path.join(_ROOT, "scripts", script), *arguments]
    if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=2).returncode != 0:
        raise Stop(CANNOT_GO_ON, f"scripts/{script} failed, see above")


def _newest_source():
    newest = 0
    for name in _SOURCES:
        newest = max(newest, _time_of(os.path.join(_ROOT, name)))
        for folder, _, files in os.walk(os.path.join(_ROOT, name)):
            newest = max([newest, *(_time_of(os.path.join(folder, file)) for file in files)])
    return newest


def _time_of(file):
    try:
        return os.stat(file).st_mtime_ns
    except OSError:
        return 0
