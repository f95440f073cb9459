"""The service in a process of its own, and the wires of a rehearsal in another."""

import json
import signal
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from tests.commands.hearing import PATIENCE_SECONDS, PROJECT, Heard

SIGTERM_SECONDS = 10.0
QUICK = {
    "HEARD_MAILBOX_START": "now",
    "HEARD_MAILBOX_POLL_SECONDS": "0.2",
    "HEARD_TELEGRAM_POLL_SECONDS": "20",
    "HEARD_OUTBOX_PAUSE_SECONDS": "0.2",
}


@dataclass
class Running:
    """A service in a process of its own; `log` grows with every line that it says."""

    process: subprocess.Popen[str]
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._grew = threading.Condition()
        self._listening = threading.Thread(target=self._listen)
        self._listening.start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as said:
            for line in said:
                self._hears(line.rstrip("\n"))
        self._hears("the end")

    def _hears(self, line: str) -> None:
        with self._grew:
            self.log.append(line)
            self._grew.notify_all()

    def is_gone(self) -> None:
        """End it without asking, if it has not ended."""
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)
        self._listening.join()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def says(self, words: str) -> None:
        """Wait until it has said this."""
        with self._grew:
            assert self._grew.wait_for(lambda: any(words in line for line in self.log), PATIENCE_SECONDS), self.log

    def ends(self, sign: int = signal.SIGTERM) -> int:
        """Ask it to end; its exit code. Fails when that takes longer than was promised."""
        asked = monotonic()
        self.process.send_signal(sign)
        code = self.process.wait(PATIENCE_SECONDS)
        assert monotonic() - asked < SIGTERM_SECONDS
        self.says("the end")
        return code


@contextmanager
def running(heard: Heard, *words: str) -> Iterator[Running]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", *words],
        cwd=heard.folder,
        env=heard.environment | {"PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    service = Running(process)
    try:
        yield service
    finally:
        service.is_gone()


@dataclass
class Rehearsal:
    """Mailbox, mail server and Bot API in a process of their own."""

    control: str
    environment: dict[str, str]

    def post(self, name: str, /, **given: Any) -> Any:
        head = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.control}/{name}", json.dumps(given).encode(), head)
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return json.load(answer)


def until(look: Callable[[], bool]) -> None:
    """Look again and again until it holds: another process is at work, and there is nothing to wait on."""
    end = monotonic() + PATIENCE_SECONDS
    while not look():
        assert monotonic() < end


def pretend(heard: Heard, revision: str) -> None:
    with closing(sqlite3.connect(heard.folder / "heard.db")) as memory, memory:
        memory.execute("UPDATE alembic_version SET version_num = ?", (revision,))
