"""The log of a story, kept as the service writes it; and the claim that nobody is in it."""

import io
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bot import logs
from procedures.terms import Channel, Notice
from storage.tables import LedgerResult

WORD = re.compile(r"[^\W\d_]{5,}")
REFERENCE = re.compile(r"[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{4}")
_EVENTS = """arrival cannot failed filed later letter mailbox message other outbox photo problem recipient service stopped
story stories unreadable video voice"""
OF_OURS = frozenset(WORD.findall(_EVENTS)) | {
    word for words in (Notice, Channel, LedgerResult) for one in words for word in WORD.findall(one.replace("_", " "))
}
"""Words of the log itself that people and headers use too."""


class Log:
    """Every line that the service said, at DEBUG."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()

    def said(self, *words: str) -> list[str]:
        """The lines that hold all of these."""
        return [line for line in self.lines if all(word in line for word in words)]

    def names_nobody(self, written: str, secrets: tuple[str, ...]) -> None:
        """Assert that no line holds an address, a whole reference, a secret or a word of what was written."""
        for line in self.lines:
            assert "@" not in line, line
            assert not REFERENCE.search(line), line
            assert not any(secret in line for secret in secrets), line
        said = {word.lower() for word in WORD.findall(self.stream.getvalue())}
        told = said & ({word.lower() for word in WORD.findall(written)} - OF_OURS)
        assert not told, f"the log says {sorted(told)}"


@contextmanager
def listening() -> Iterator[Log]:
    """Let the service speak at DEBUG into a log, and put everything back afterwards."""
    root, hook, speaks = logging.root, sys.excepthook, logging.raiseExceptions
    handlers, level = root.handlers[:], root.level
    libraries = {name: logging.getLogger(name).level for name in logs.QUIET}
    log = Log()
    logs.set_up("debug", log.stream)
    try:
        yield log
    finally:
        root.handlers[:], sys.excepthook, logging.raiseExceptions = handlers, hook, speaks
        root.setLevel(level)
        logging.captureWarnings(capture=False)
        for name, before in libraries.items():
            logging.getLogger(name).setLevel(before)
