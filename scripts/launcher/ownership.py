"""Whose a run's folder is: in one that another user prepared, links lead elsewhere and keys are known to others."""
import os
import stat

from launcher.console import visible
from launcher.ending import BAD_USAGE, Stop

# Of these the user may lay one elsewhere, by a link of their own to a folder of their own.
_FOLDERS = ("images", "thumbnails", "logs", ".partial")
_FILES = ("ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "results.csv", "summary.json", "run.key",
          "coordinator.key", ".store-id", ".lock", ".thumbline", "links.txt", "gallery-links.txt", "compare")


def check(folder):
    """Stop where the folder, or something in it that a run uses, belongs to neither this user nor root, where others may change
    what is in it, and where a link stands in the place of a file. The programs check the same (common/base/run_folder_owner.h)."""
    status = os.stat(folder)
    trusted = {0, os.geteuid()}
    if status.st_uid not in trusted:
        trusted.add(_owner_of_new_files(folder))  # some file systems give all files one owner
    if status.st_uid not in trusted:
        _refuse(f"{folder} belongs to {_name(status.st_uid)}, who could lead thumbline to other files: run it as that user, or "
                "give another --out")
    _check_writers(folder, status)
    for name in (*_FOLDERS, *_FILES):
        _check_entry(os.path.join(folder, name), trusted, may_be_link=name in _FOLDERS)
    logs = os.path.join(folder, "logs")
    for name in os.listdir(logs) if os.path.isdir(logs) else ():
        _check_entry(os.path.join(logs, name), trusted, may_be_link=False)


def _check_entry(path, trusted, may_be_link):
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return
    if status.st_uid not in trusted:
        _refuse(f"{path} belongs to {_name(status.st_uid)}: remove it, or give another --out")
    if stat.S_ISLNK(status.st_mode):
        target = os.stat(path) if may_be_link and os.path.isdir(path) else None
        if target is None or target.st_uid not in trusted:
            _refuse(f"{path} is a link, and thumbline does not follow it: remove it, or give another --out")
        status = target
    if stat.S_ISDIR(status.st_mode):
        _check_writers(path, status)


def _check_writers(folder, status):
    if status.st_mode & stat.S_IWOTH and not status.st_mode & stat.S_ISVTX:
        _refuse(f"all users may write to {folder}: change that (chmod o-w), or give another --out")


def _owner_of_new_files(folder):
    path = os.path.join(folder, f".thumbline-{os.urandom(8).hex()}")
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as error:
        _refuse(f"{folder} cannot be used: {error.strerror}")
    try:
        os.unlink(path)
        return os.fstat(file).st_uid
    finally:
        os.close(file)


def _name(uid):
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _refuse(why):
    raise Stop(BAD_USAGE, visible(f"--out: {why}"))
