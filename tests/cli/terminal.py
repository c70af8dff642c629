"""A terminal with a program in it, as the tests use one."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time

WAIT_S = 60


class Terminal:
    """A command as the only thing in a terminal of its own."""

    def __init__(self, *command, kind="xterm", rows=24, columns=80, **environment):
        self.master, self.slave = pty.openpty()
        self.resize(rows, columns)
        self.process = subprocess.Popen(
            list(map(os.fspath, command)), stdin=self.slave, stdout=self.slave, stderr=self.slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0), env={**os.environ, "TERM": kind, **environment})
        self.seen = ""

    def resize(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def until(self, text):
        """What was shown before `text`, since the last call."""
        deadline = time.monotonic() + WAIT_S
        while text not in self.seen:
            if time.monotonic() > deadline:
                raise AssertionError(f"never saw {text!r} in {self.seen!r}")
            self.look(0.1)
        before, self.seen = self.seen.split(text, 1)
        return before

    def look(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            self.seen += os.read(self.master, 65536).decode(errors="replace")

    def type(self, text):
        data = text.encode()
        while data:  # a terminal takes some thousand bytes, then it must be read
            self.look(0)
            if select.select([], [self.master], [], 0.1)[1]:
                data = data[os.write(self.master, data[:512]):]

    def shows_what_is_typed(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def end(self, how=None):
        """The exit status; an end is brought about by the signal `how`. A second call does nothing."""
        if self.process.returncode is None and how is not None:
            self.process.send_signal(how)
        status = self.process.wait(timeout=WAIT_S)
        for file in (self.master, self.slave):
            if file is not None:
                os.close(file)
        self.master = self.slave = None
        return status
