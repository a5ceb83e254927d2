"""What the launcher itself says, on standard error: the table on standard output stays alone there."""
import sys


def say(message):
    """A line of its own, even where the collector is drawing its progress."""
    clear = "\r\x1b[K" if sys.stderr.isatty() else ""
    named = message if message.startswith("thumbline") else f"thumbline: {message}"
    sys.stderr.write(f"{clear}{named}\n")
    sys.stderr.flush()
