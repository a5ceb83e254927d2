"""The reading end of a pipe that a program writes lines into."""
import os


class LinePipe:
    """Give `write_end` to the program, then close_write_end(). Each whole line goes to `take`, as text."""

    def __init__(self, take):
        self.read_end, self.write_end = os.pipe()
        os.set_blocking(self.read_end, False)
        self._take = take
        self._partial = b""

    def close_write_end(self):
        os.close(self.write_end)

    def fileno(self):
        return self.read_end

    def read(self):
        """Takes what is there without waiting; False once nothing can come any more."""
        while True:
            try:
                data = os.read(self.read_end, 65536)
            except BlockingIOError:
                return True
            if not data:
                self._hand_over(self._partial)
                self._partial = b""
                return False
            *lines, self._partial = (self._partial + data).split(b"\n")
            for line in lines:
                self._hand_over(line)

    def close(self):
        """Takes what is left and closes."""
        self.read()
        os.close(self.read_end)

    def _hand_over(self, line):
        if line:
            self._take(line.decode(errors="replace"))
