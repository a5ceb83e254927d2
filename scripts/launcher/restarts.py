"""When a program that died is started again, and when that has become hopeless. Time is an argument."""

_AT_ONCE = 2  # deaths in a row after which the program is started again without waiting
_GIVE_UP = 9  # deaths in a row that end the run
_FIRST_WAIT_S = 0.1
_LONGEST_WAIT_S = 5.0
_LONG_ENOUGH_S = 2.0  # whoever worked that long did not die of its start
# Whoever got to work and then died may have been killed from outside, and what it had in hand comes back when its lease is over,
# after 75 s at the latest. Before that, no progress says nothing; and waiting would leave the others without it.
_PATIENCE_S = 100.0
_LONGEST_WAIT_AT_WORK_S = 0.4


class Restarts:
    """Of one program. Deaths are in a row while each comes soon after the start and the run got nowhere in between: a worker
    that is killed again and again while the run advances is started again for ever."""

    def __init__(self):
        self._in_a_row = 0
        self._of_start = 0  # of these, since it last got to work
        self._row_began = None
        self._progress = object()

    def died(self, lived_s, progress, at_work, now_s):
        """Seconds to wait before the next start; None where it is time to give up. `progress` is anything that changes when
        the run advances; `at_work` says whether the program had got through its start."""
        if lived_s >= _LONG_ENOUGH_S or progress != self._progress:
            self._in_a_row = self._of_start = 0
        if self._in_a_row == 0:
            self._row_began = now_s
        self._progress = progress
        self._in_a_row += 1
        self._of_start = 0 if at_work else self._of_start + 1
        patience_is_over = now_s - self._row_began >= _PATIENCE_S
        if self._of_start >= _GIVE_UP or (self._in_a_row >= _GIVE_UP and patience_is_over):
            return None
        deaths, longest_s = (self._in_a_row, _LONGEST_WAIT_AT_WORK_S) if at_work else (self._of_start, _LONGEST_WAIT_S)
        if deaths <= _AT_ONCE:
            return 0.0
        return min(_FIRST_WAIT_S * 2 ** (deaths - _AT_ONCE - 1), longest_s)

    @property
    def in_a_row(self):
        return self._in_a_row
