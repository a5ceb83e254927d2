"""The logs of the programs, to which the launcher adds what they wrote to standard error."""
import contextlib
import os

from launcher.console import visible

MOST_BYTES = 4 << 20  # of a file; as common/base/bounded_log.h


def add_line(path, line):
    """Appends a line. A file that is full gets another name: the first one stays as NAME.first.log, of all others the last one as
    NAME.before.log."""
    stem = path.removesuffix(".log")
    with contextlib.suppress(OSError):  # the folder may be gone; others notice that
        if os.path.exists(path) and os.lstat(path).st_size >= MOST_BYTES:
            first = f"{stem}.first.log"
            os.rename(path, f"{stem}.before.log" if os.path.lexists(first) else first)
        log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
        try:
            os.write(log, f"{visible(line)}\n".encode(errors="backslashreplace"))
        finally:
            os.close(log)
