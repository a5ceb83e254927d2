"""What the launcher itself says, on standard error: the table on standard output stays alone there."""
import os
import sys

# Characters that turn the direction of text around (Unicode's Bidi_Control).
_TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def say(message):
    """A line of its own, even where the collector is drawing its progress. Nobody can be told where nobody listens."""
    clear = "\r\x1b[K" if sys.stderr.isatty() else ""
    named = message if message.startswith("thumbline") else f"thumbline: {message}"
    try:
        sys.stderr.write(f"{clear}{visible_lines(named)}\n")
        sys.stderr.flush()
    except OSError:
        pass


def show(text):
    """On standard output; where nobody reads it any more (`| head`), what was done is done all the same."""
    try:
        print(visible_lines(text), end="", flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def flushed():
    """Whether all that was printed could be written."""
    try:
        sys.stdout.flush()
    except OSError:
        return False
    return True


def visible(text):
    """With control characters as \\n, \\x1b, \\u202e: whoever reads a terminal or a log sees them and is not fooled. As
    common/base/printable.h."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(character.encode("unicode_escape").decode() if _commands(character) else character for character in text)


def visible_lines(text):
    """The same for text of several lines, which stay lines."""
    return "\n".join(visible(line) for line in text.split("\n"))


def open_standard_streams():
    """A file that took the number of a closed standard stream would get what is meant for people."""
    while (opened := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(opened)
    sys.stdout = sys.stdout or open(1, "w", closefd=False)
    sys.stderr = sys.stderr or open(2, "w", closefd=False)


def _commands(character):
    import unicodedata  # seldom needed

    return unicodedata.category(character) in ("Cc", "Cs") or character in _TURNING
