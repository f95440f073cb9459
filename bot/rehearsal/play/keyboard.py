"""Lines from the terminal, without a thread: they can be waited for beside other things, and let go of."""

import asyncio
import codecs
import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

PASTE_PAUSE_SECONDS = 0.05
"""Lines that follow each other faster than this were pasted, not typed."""
_KEYS = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O.|.)?")
"""What arrow keys and the marks around a paste leave in a line."""


class Ended(Exception):
    """The person is done: Ctrl-C, Ctrl-D or `quit`."""


class Keyboard:
    """The lines that a person types, as the terminal gives them: one at a time, after Enter (a line has 4,095 bytes at most)."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._bytes = codecs.getincrementaldecoder("utf-8")("replace")
        self._begun = ""
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._has_ended = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen to the terminal while inside. Ctrl-C comes in the same way as the end of what is typed."""
        loop = asyncio.get_running_loop()
        loop.add_reader(self._descriptor, self._read)
        loop.add_signal_handler(signal.SIGINT, self.end)
        try:
            yield
        finally:
            loop.remove_reader(self._descriptor)
            loop.remove_signal_handler(signal.SIGINT)

    def end(self) -> None:
        """Nothing more is typed; who waits for a line or asks `stop_if_ended` gets Ended."""
        self._has_ended = True
        self._lines.put_nowait(None)

    def stop_if_ended(self) -> None:
        if self._has_ended:
            raise Ended

    async def line(self) -> str:
        """The next line, without its end. Ended when there is none."""
        self.stop_if_ended()
        line = await self._lines.get()
        if line is None:
            raise Ended
        return line

    async def pasted_after(self, line: str) -> str:
        """The line, with those that came in the same breath: a pasted text stays one text."""
        lines = [line]
        try:
            while (more := await asyncio.wait_for(self._lines.get(), PASTE_PAUSE_SECONDS)) is not None:
                lines.append(more)
            self._lines.put_nowait(None)
        except TimeoutError:
            pass
        return "\n".join(lines)

    def _read(self) -> None:
        try:
            given = os.read(self._descriptor, 65_536)
        except OSError:
            given = b""  # the terminal was closed
        if not given:
            asyncio.get_running_loop().remove_reader(self._descriptor)
            self.end()
            return
        *lines, self._begun = (self._begun + self._bytes.decode(given)).replace("\r\n", "\n").split("\n")
        for line in lines:
            self._lines.put_nowait(_without_keys(line))


def _without_keys(line: str) -> str:
    return "".join(one for one in _KEYS.sub("", line) if one == "\t" or one.isprintable() or one in "\u200c\u200d").strip()
