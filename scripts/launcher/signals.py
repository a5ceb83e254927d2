"""Signals as something that a selector can wait for."""
import os
import signal

_ASK_TO_END = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signals:
    """Inside `with`, the signals that ask to end and those of children that died make `pipe` readable and do nothing else."""

    def __enter__(self):
        self.pipe, self._write_end = os.pipe()
        os.set_blocking(self.pipe, False)
        os.set_blocking(self._write_end, False)
        self._before = {}
        for number in (*_ASK_TO_END, signal.SIGCHLD):
            # What was switched off for this process (nohup, a shell's background job) stays so.
            if signal.getsignal(number) != signal.SIG_IGN or number == signal.SIGCHLD:
                self._before[number] = signal.signal(number, lambda *_: None)
        self._wakeup_before = signal.set_wakeup_fd(self._write_end, warn_on_full_buffer=False)
        return self

    def __exit__(self, *_):
        signal.set_wakeup_fd(self._wakeup_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self.pipe)
        os.close(self._write_end)

    def take(self):
        """How many signals that ask to end have come since the last call."""
        try:
            numbers = os.read(self.pipe, 4096)
        except BlockingIOError:
            return 0
        return sum(number in _ASK_TO_END for number in numbers)


def end_by_exception(exception):
    """Makes the signals that ask to end raise `exception`, for the times when nothing waits for them."""

    def raise_it(*_):
        raise exception

    for number in _ASK_TO_END:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, raise_it)
