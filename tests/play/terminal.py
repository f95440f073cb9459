"""A terminal in which a program runs: a pseudo-terminal of 80 columns, what stands on it, and keys to press."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 90.0
CTRL_C, CTRL_D = "\x03", "\x04"


class Terminal:
    """One program in one terminal. Everything that was ever written stays in `written`."""

    def __init__(self, process: "subprocess.Popen[bytes]", descriptor: int) -> None:
        self.process = process
        self.written = ""
        self._descriptor = descriptor
        self._read_up_to = 0

    @property
    def new(self) -> str:
        """What was written since the last `until`, as one line: where it is broken depends on the width."""
        return flat(self.written[self._read_up_to :])

    def types(self, line: str) -> None:
        """Type a line and press Enter; of several lines, as a paste gives them."""
        self.presses(f"{line}\n")

    def presses(self, keys: str) -> None:
        os.write(self._descriptor, keys.encode())

    def until(self, words: str, seconds: float = PATIENCE_SECONDS) -> str:
        """Wait until these words were written (breaks of lines do not matter); give everything new up to their end."""
        end = time.monotonic() + seconds
        pattern = re.compile(r"\s" * words.startswith(" ") + r"\s+".join(re.escape(word) for word in words.split()))
        while (found := pattern.search(self.written, self._read_up_to)) is None:
            if not self._more(end - time.monotonic()):
                raise AssertionError(f"{words!r} was not written, but:\n{self.written[self._read_up_to :]}")
        said = self.written[self._read_up_to : found.end()]
        self._read_up_to = found.end()
        return flat(said)

    def asked(self, line: str, answered: str) -> str:
        """Type a line and wait for words; give everything between."""
        self.types(line)
        return self.until(answered)

    def end(self) -> int:
        """Wait until the program has ended; its exit code."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._more(deadline - time.monotonic()):
            pass
        return self.process.wait(PATIENCE_SECONDS)

    def _more(self, seconds: float) -> bool:
        """Read more; False once nothing can come any more, or it took too long."""
        if seconds <= 0 or not select.select([self._descriptor], [], [], seconds)[0]:
            return False
        try:
            given = os.read(self._descriptor, 65_536)
        except OSError:  # what Linux says once the other side is closed
            return False
        self.written += given.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(given)


def flat(text: str) -> str:
    """Text in one line, without the marks that make it bold."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())


@contextmanager
def in_a_terminal(*words: str, folder: Path, columns: int = 80, **environment: str) -> Iterator[Terminal]:
    """`heard` with these words, in a terminal of its own, in a folder."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    without = ("HEARD_", "COLUMNS", "LINES", "NO_COLOR", "DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(without)}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env=inherited | {"PYTHONPATH": str(PROJECT), "TERM": "xterm-256color"} | environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=_take_the_terminal,  # noqa: PLW1509  # nothing else runs in threads here
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE_SECONDS)
        os.close(ours)


def _take_the_terminal() -> None:
    """Make the terminal the program's own, so that Ctrl-C reaches it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
