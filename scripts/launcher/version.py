"""Which thumbline this is."""
import os
import re

from launcher import programs
from launcher.ending import CANNOT_GO_ON, Stop

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def version():
    """As the programs say it. The source tree's project file says the same, before there are any programs."""
    return _of_the_source() or _of_the_programs()


def _of_the_source():
    """None in an installed thumbline."""
    try:
        with open(os.path.join(_ROOT, "CMakeLists.txt")) as file:
            found = re.search(r"^project\(thumbline VERSION ([0-9.]+)", file.read(), re.MULTILINE)
    except OSError:
        return None
    return f"thumbline {found[1]}" if found else None


def _of_the_programs():
    import subprocess

    programs.ensure()
    program = programs.path(programs.NAMES[0])
    asked = subprocess.run([program, "--version"], capture_output=True, text=True)
    if asked.returncode != 0:
        raise Stop(CANNOT_GO_ON, f"{program} --version: {asked.stderr.strip()}")
    return asked.stdout.strip()
