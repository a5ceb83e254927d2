"""Standard input of a worker that somebody else has started: first the run's key, then a sign of life now and then."""
import os
import stat
import sys
import time

from launcher.ending import BAD_USAGE, Stop

_LONGEST_SILENCE_S = 30.0


class Leash:
    """Its end is the worker's end; and so is silence, of one who has given signs of life before."""

    def __init__(self):
        """Stop where standard input is nothing that could be waited for."""
        if sys.stdin is None:
            raise Stop(BAD_USAGE, "--key -: standard input is closed; it has to bring the key and stay open (else: --key FILE)")
        if stat.S_ISREG(os.fstat(0).st_mode):
            raise Stop(BAD_USAGE, "--key -: standard input is a file, and would have to stay open: its end is the worker's end; give --key FILE")
        self._heard_at = None
        self._ended = False

    def key(self):
        """Its two lines, and not a byte more. Stop where they do not come."""
        key = b""
        while key.count(b"\n") < 2 and len(key) < 1000:
            byte = os.read(0, 1)
            if not byte:
                raise Stop(BAD_USAGE, "--key -: there is no key on standard input")
            key += byte
        os.set_blocking(0, False)
        return key

    def fileno(self):
        return 0

    def read(self):
        """Takes what is there; False once nothing can come any more."""
        try:
            self._ended = not os.read(0, 4096)
        except BlockingIOError:
            return True
        if not self._ended:
            self._heard_at = time.monotonic()
        return not self._ended

    @property
    def is_broken(self):
        return self._ended or (self._heard_at is not None and time.monotonic() - self._heard_at > _LONGEST_SILENCE_S)

    @property
    def had_a_holder(self):
        """Whether there was ever more than the key: where not, its end is no news from a head, and somebody has to be told."""
        return self._heard_at is not None
