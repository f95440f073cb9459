"""A person at a real terminal (pty): reads what is asked, types what they answer, presses Ctrl-C."""

import os
import pty
import re
import select
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from tests.commands.hearing import PATIENCE_SECONDS, PROJECT, Heard

CTRL_C = "\x03"
CTRL_D = "\x04"
PRESSED_AGAIN_AFTER = 5.0


class Sitting:
    """One command, from its first question to its end."""

    def __init__(self, process: subprocess.Popen[bytes], terminal: int) -> None:
        self._process = process
        self._terminal = terminal
        self.seen = ""
        """Everything that stood on the screen."""
        self._read_to = 0

    def waits_for(self, words: str) -> str:
        """Read until these words stand there, after those waited for before; what stood before them."""
        end = monotonic() + PATIENCE_SECONDS
        while (at := self.seen.find(words, self._read_to)) < 0:
            assert monotonic() < end, f"{words!r} never came after: {self.seen[self._read_to :][-2000:]!r}"
            assert self._more(), f"it ended before {words!r}: {self.seen[self._read_to :][-2000:]!r}"
        before = self.seen[self._read_to : at]
        self._read_to = at + len(words)
        return before

    def types(self, words: str) -> None:
        os.write(self._terminal, words.encode())

    def answers(self, *pairs: tuple[str, str]) -> None:
        """Wait for each question, and answer it with a line."""
        for question, answer in pairs:
            self.waits_for(question)
            self.types(f"{answer}\n")

    def ends(self, pressing: str = "") -> int:
        """Read to the end; the exit code. A key is pressed, and again when nothing came of it: a Ctrl-C that arrives in the
        instant before Python waits for a line is noted and not heard until the next one (its `input` cannot know).
        """
        end, pressed_at = monotonic() + PATIENCE_SECONDS, monotonic()
        self.types(pressing)
        while self._more():
            assert monotonic() < end, self.seen[-2000:]
            if pressing and monotonic() - pressed_at > PRESSED_AGAIN_AFTER:
                self.types(pressing)
                pressed_at = monotonic()
        return self._process.wait(PATIENCE_SECONDS)

    def _more(self) -> bool:
        if not select.select([self._terminal], [], [], 1)[0]:
            if self._process.poll() is None:
                return True
            # It has ended since that look: its last words are there by now.
            if not select.select([self._terminal], [], [], 0)[0]:
                return False
        try:
            read = os.read(self._terminal, 65536)
        except OSError:  # the other side is closed
            return False
        self.seen += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", read.decode("utf-8", "replace")).replace("\r", "")
        return bool(read)


@contextmanager
def at_a_terminal(heard: Heard, *words: str) -> Iterator[Sitting]:
    """Start a command at a terminal of its own, wide enough that no question is broken."""
    mine, theirs = pty.openpty()
    termios.tcsetwinsize(mine, (50, 200))
    process = subprocess.Popen(
        # In a session of its own whose terminal this is: Ctrl-C comes from the keyboard, and passwords are asked for there.
        # A run that was started in the background hands down that Ctrl-C means nothing; at a terminal it means something.
        ["setsid", "--ctty", "env", "--default-signal=INT", sys.executable, "-m", "bot", *words],
        cwd=heard.folder,
        env=heard.environment | {"PYTHONPATH": str(PROJECT), "TERM": "dumb"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    try:
        yield Sitting(process, mine)
    finally:
        process.kill()
        process.wait(PATIENCE_SECONDS)
        os.close(mine)
