import os
import sys

# What is imported is the package, not its files one by one. A folder on the way there may be a symbolic link.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

from launcher.console import flushed, open_standard_streams  # noqa: E402
from launcher.ending import CANNOT_GO_ON  # noqa: E402
from launcher.main import main  # noqa: E402

open_standard_streams()
try:
    code = main(sys.argv[1:])
except SystemExit as end:  # --help, --version
    code = end.code or 0
# At once: nothing is left to be tidied up, and Python would take longer for that than for its start.
os._exit(code if flushed() else code or CANNOT_GO_ON)
