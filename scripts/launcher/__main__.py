import os
import sys

# Started as a folder (python3 -I scripts/launcher): what is imported is the package, not its files one by one.
sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from launcher.console import open_standard_streams  # noqa: E402
from launcher.main import main  # noqa: E402

open_standard_streams()
sys.exit(main(sys.argv[1:]))
