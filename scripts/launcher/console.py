"""What the launcher itself says, on standard error: the table on standard output stays alone there."""
import re
import sys

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def visible(text):
    """Names from outside may hold what a terminal obeys: control characters become `?`. Line ends stay."""
    return _CONTROL.sub("?", text)


def say(message):
    """A line of its own, even where the collector is drawing its progress."""
    clear = "\r\x1b[K" if sys.stderr.isatty() else ""
    named = message if message.startswith("thumbline") else f"thumbline: {message}"
    sys.stderr.write(f"{clear}{visible(named)}\n")
    sys.stderr.flush()
