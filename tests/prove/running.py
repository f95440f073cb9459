"""A service in a process that may be killed, the doubles of its wires in one that nobody kills, and what the memory says."""

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

PROJECT = Path(__file__).resolve().parents[2]
RECEIPT_OF_A_LETTER = "We got your message"
RECEIPT_OF_A_CHAT = "Your number is"
RECEIPTS_ENDED = "select count(*) from outbox where notice = 'receipt' and state in ('sent', 'ambiguous')"
"""Sent, or handed to a person, since it may have arrived twice already."""


@dataclass
class Rehearsal:
    """The Bot API, the mailbox and the mail server in a process of their own."""

    process: subprocess.Popen[str]
    control: str
    environment: dict[str, str]

    def post(self, name: str, **given: Any) -> Any:
        request = urllib.request.Request(
            f"{self.control}/{name}", json.dumps(given).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def get(self, name: str, **given: str) -> Any:
        with urllib.request.urlopen(f"{self.control}/{name}?{urllib.parse.urlencode(given)}", timeout=300) as answer:
            return json.load(answer)


@contextmanager
def running_rehearsal(*, may_be_killed: bool = False) -> Iterator[Rehearsal]:
    """The doubles, until the block ends. They must stop when asked, unless `may_be_killed` (see `see_it_stop`)."""
    process = subprocess.Popen([sys.executable, "-m", "bot.rehearsal"], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    try:
        yield Rehearsal(process, told["control_url"], told["environment"])
    finally:
        see_it_stop(process, may_be_killed=may_be_killed)
        process.stdout.close()


def see_it_stop(process: subprocess.Popen[str], seconds: float = 20, *, may_be_killed: bool = False) -> None:
    """Ask it to stop. Raises AssertionError where it did not; it is killed all the same, so that nothing stays behind.

    With `may_be_killed` nothing is said: a mailbox that still writes a thousand letters to services that were killed is busy.
    """
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(20)
        if not may_be_killed:
            raise AssertionError(f"it did not stop within {seconds} seconds of being asked") from None


@dataclass
class Town:
    """One database, the service that works on it, and the people who write."""

    rehearsal: Rehearsal
    url: str
    """As the settings name it: `sqlite:///FILE` or `postgresql+asyncpg://…`."""
    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / "service.log"

    def start(self, **more: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "bot", "run"], cwd=PROJECT, env=self.environment(**more), stdout=log, stderr=log
            )

    def migrate(self) -> None:
        command = [sys.executable, "-m", "bot", "migrate"]
        subprocess.run(command, cwd=PROJECT, env=self.environment(), check=True, capture_output=True)

    def readies(self) -> int:
        """How often the service has said that it is ready."""
        return self.log.read_text().count("bot.service ready") if self.log.exists() else 0

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """What the memory holds, asked beside the service."""
        return asyncio.run(self._ask(question))

    def count(self, question: str) -> int:
        return int(self.ask(question)[0][0])

    def write_letter(self, number: int) -> None:
        words = f"Letter {number}: my social worker does not call back."
        self.rehearsal.post("letter", sender=f"person{number}@family.example", subject=f"Letter {number}", text=words)

    def write_chat(self, number: int) -> None:
        self.rehearsal.post("says", chat=100_000 + number, text=f"Chat {number}: nobody told me that I have to move.")

    def receipts(self) -> tuple[Counter[str], Counter[str]]:
        """What really arrived: receipts by address, and by chat."""
        letters = Counter(one["recipient"] for one in self._letters() if RECEIPT_OF_A_LETTER in one["subject"])
        chats = Counter(str(one["chat"]) for one in self.rehearsal.get("sent") if RECEIPT_OF_A_CHAT in one["text"])
        return letters, chats

    def _letters(self) -> list[dict[str, str]]:
        """Everything that was posted, by its headers."""
        found: list[dict[str, str]] = self.rehearsal.get("letters", brief="yes")
        return found

    def wrong(self, letters: int, chats: int) -> list[str]:
        """Everything that is not as it must be once all has settled, a sentence each: nothing lost, nothing doubled unmarked."""
        by_letter, by_chat = self.receipts()
        rows = self.ask("select recipient, channel, message_id, may_repeat, state from outbox where notice = 'receipt'")
        marked = {row[0] for row in rows if row[3]}
        with_a_person = {row[0] for row in rows if row[4] == "ambiguous"}
        ids = {row[0]: row[2] for row in rows if row[1] == "email"}
        stored = {
            "arrivals": self.count("select count(*) from arrival"),
            "cases": self.count("select count(*) from cases"),
            "letters": self.count("select count(distinct words) from letter"),
        }
        found = [f"{count} {name}, not {letters + chats}" for name, count in stored.items() if count != letters + chats]
        expected = {f"person{n}@family.example" for n in range(letters)}, {str(100_000 + n) for n in range(chats)}
        for got, wanted in ((by_letter, expected[0]), (by_chat, expected[1])):
            found += [f"{who} has no receipt" for who in sorted(wanted - set(got) - with_a_person)]
            found += [f"{who} has a receipt for nothing" for who in sorted(set(got) - wanted)]
            found += [f"{who} has {n} receipts and none is marked" for who, n in got.items() if n > 1 and who not in marked]
        found += [
            f"{one['recipient']} was sent another Message-ID"
            for one in self._letters()
            if RECEIPT_OF_A_LETTER in one["subject"] and one["message_id"] != ids.get(one["recipient"])
        ]
        return found

    def environment(self, **more: str) -> dict[str, str]:
        """The settings of the service, and nothing of this machine's."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("HEARD_")},
            **self.rehearsal.environment,
            "HEARD_DATABASE_URL": self.url,
            "HEARD_MAILBOX_START": "beginning",
            "HEARD_MAILBOX_POLL_SECONDS": "0.5",
            "HEARD_TELEGRAM_POLL_SECONDS": "2",
            "HEARD_OUTBOX_PAUSE_SECONDS": "0.2",
            "HEARD_DUTY_ADDRESS": "duty@council.example",
            **more,
        }

    async def _ask(self, question: str) -> list[tuple[Any, ...]]:
        engine = create_async_engine(self.url.replace("sqlite:///", "sqlite+aiosqlite:///"))
        try:
            async with engine.connect() as connection:
                return [tuple(row) for row in await connection.execute(text(question))]
        finally:
            await engine.dispose()


def wait_until(claim: Callable[[], bool], seconds: float) -> bool:
    """Look again and again until it holds; another process is at work, so there is nothing to wait on."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if claim():
            return True
        time.sleep(0.1)
    return claim()
