"""Files of a run's folder that appear when they are whole, as those of the programs do (common/base/aside_file.h)."""
import contextlib
import os
import re

# What is swept away: nothing but what such a name has. In the folder itself, it is hidden.
_PARTIAL = re.compile(r".+-[0-9]+-[0-9a-f]{16}(-[0-9]+)?\.part")


@contextlib.contextmanager
def whole_file(folder, name, mode="w", is_wanted=lambda file: True, **how):
    """Opens a new hidden file in FOLDER for writing; at the end of `with` it becomes FOLDER/`name`, in the place of one of that
    name. (FOLDER/.partial may be a link to another file system.) After an exception it is removed, and where `is_wanted(its path)` says no."""
    host = re.sub(r"[^A-Za-z0-9.]", "_", os.uname().nodename)[:64]
    aside = os.path.join(folder, f".{name.lstrip('.')}-{host}-{os.getpid()}-{os.urandom(8).hex()}.part")
    try:  # Ctrl-C may come at any moment, also just behind its creation
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666), mode, **how) as file:
            yield file
        if is_wanted(aside):
            os.replace(aside, os.path.join(folder, name))
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.remove(aside)


def sweep(folder):
    """Removes what killed processes left in FOLDER and in FOLDER/.partial; anything else stays."""
    partial = os.path.join(folder, ".partial")
    for place, hidden in ((folder, True), (partial, False)):
        with contextlib.suppress(OSError):
            for name in filter(_PARTIAL.fullmatch, os.listdir(place)):
                if name.startswith(".") or not hidden:
                    _remove(os.path.join(place, name))
    with contextlib.suppress(OSError):  # it is not empty, or a link of the user's
        os.rmdir(partial)


def _remove(file):
    with contextlib.suppress(OSError):
        os.remove(file)


def append_only(path, flags):
    """An opener for open(): never writes through a link."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o666)
