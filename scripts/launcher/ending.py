"""How a command ends early. The exit codes are a contract (README); common/base/program.h has the same for the programs."""
import signal

OK = 0
SOME_FAILED = 1  # with --strict
BAD_USAGE = 2  # nothing was started
CANNOT_GO_ON = 3  # the same command continues the run


class Stop(Exception):
    """Ends the command with this exit code; the message is the line that the user reads, empty where it was said already."""

    def __init__(self, code, message=""):
        super().__init__(message)
        self.code = code


class Interrupted(Exception):
    """Ctrl-C, or a signal that asks to end."""


def how_it_ended(exit_code):
    """Of a process, in words; as subprocess has the code: negative is a signal."""
    if exit_code >= 0:
        return f"ended with {exit_code}"
    try:
        return f"was ended by {signal.Signals(-exit_code).name}"
    except ValueError:
        return f"was ended by signal {-exit_code}"
