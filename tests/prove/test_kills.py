"""The plug is pulled, again and again, while letters and chat messages come in. Then everything is counted."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.prove

KILLS = 24
LETTERS = 300
CHATS = 300
PROJECT = Path(__file__).resolve().parents[2]


@dataclass
class Rehearsal:
    """The doubles in a process of their own, which nobody kills."""

    process: subprocess.Popen[str]
    control: str
    environment: dict[str, str]

    def post(self, name: str, **given: Any) -> Any:
        request = urllib.request.Request(
            f"{self.control}/{name}", json.dumps(given).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def get(self, name: str, **given: str) -> Any:
        with urllib.request.urlopen(f"{self.control}/{name}?{urllib.parse.urlencode(given)}", timeout=30) as answer:
            return json.load(answer)


@pytest.fixture
def rehearsal() -> Iterator[Rehearsal]:
    process = subprocess.Popen([sys.executable, "-m", "bot.rehearsal"], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    try:
        yield Rehearsal(process, told["control_url"], told["environment"])
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def start_service(rehearsal: Rehearsal, folder: Path) -> subprocess.Popen[bytes]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HEARD_")},
        **rehearsal.environment,
        "HEARD_DATABASE_URL": f"sqlite:///{folder / 'heard.db'}",
        "HEARD_MAILBOX_START": "beginning",
        "HEARD_MAILBOX_POLL_SECONDS": "0.5",
        "HEARD_TELEGRAM_POLL_SECONDS": "2",
        "HEARD_OUTBOX_PAUSE_SECONDS": "0.2",
        "HEARD_DUTY_ADDRESS": "duty@council.example",
    }
    with (folder / "service.log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=PROJECT, env=environment, stdout=log, stderr=log)


def wait_until(claim: Callable[[], bool], seconds: float) -> bool:
    """Look again and again until it holds; another process is at work, so there is nothing to wait on."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if claim():
            return True
        time.sleep(0.5)
    return claim()


def count(folder: Path, question: str) -> int:
    with sqlite3.connect(f"file:{folder / 'heard.db'}?mode=ro", uri=True, timeout=30) as memory:
        return int(memory.execute(question).fetchone()[0])


def test_after_at_least_20_kills_every_message_is_stored_once_and_every_receipt_sent(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    chance = random.Random(20260302)  # the instants of the kills, the same in every run
    everything_sent = threading.Event()

    def people_write() -> None:
        for number in range(max(LETTERS, CHATS)):
            if number < LETTERS:
                text = f"Letter {number}: my social worker does not call back."
                rehearsal.post("letter", sender=f"person{number}@family.example", subject=f"Letter {number}", text=text)
            if number < CHATS:
                rehearsal.post("says", chat=100_000 + number, text=f"Chat {number}: nobody told me that I have to move.")
            time.sleep(0.15)
        everything_sent.set()

    writing = threading.Thread(target=people_write)
    writing.start()
    kills_while_writing = 0
    for _ in range(KILLS):
        service = start_service(rehearsal, tmp_path)
        time.sleep(chance.uniform(1.2, 3.2))
        assert service.poll() is None, (tmp_path / "service.log").read_text()[-2000:]
        service.kill()
        service.wait(20)
        kills_while_writing += not everything_sent.is_set()
    writing.join(120)
    assert everything_sent.is_set()
    service = start_service(rehearsal, tmp_path)
    receipts = "select count(*) from outbox where notice = 'receipt' and state = 'sent'"
    done = wait_until(lambda: (tmp_path / "heard.db").exists() and count(tmp_path, receipts) >= LETTERS + CHATS, 180)
    service.send_signal(signal.SIGTERM)
    assert service.wait(15) == 0
    _count_everything(rehearsal, tmp_path, done, kills_while_writing)


def _count_everything(rehearsal: Rehearsal, folder: Path, done: bool, kills_while_writing: int) -> None:
    received = Counter(letter["recipient"] for letter in rehearsal.get("letters") if "We got your message" in letter["subject"])
    chats = Counter(one["chat"] for one in rehearsal.get("sent") if "Your number is" in one["text"])
    with sqlite3.connect(f"file:{folder / 'heard.db'}?mode=ro", uri=True) as memory:
        repeats = {row[0] for row in memory.execute("select recipient from outbox where notice = 'receipt' and may_repeat = 1")}
        ids = dict(memory.execute("select recipient, message_id from outbox where notice = 'receipt' and channel = 'email'"))
    sys.stdout.write(
        f"\nkills {KILLS} ({kills_while_writing} while people wrote); marked as possible repeats {len(repeats)}; "
        f"really doubled: letters {sum(n > 1 for n in received.values())}, chats {sum(n > 1 for n in chats.values())}\n"
    )

    assert done
    assert count(folder, "select count(*) from arrival") == LETTERS + CHATS
    assert count(folder, "select count(*) from cases") == LETTERS + CHATS
    assert count(folder, "select count(distinct words) from letter") == LETTERS + CHATS
    assert set(received) == {f"person{number}@family.example" for number in range(LETTERS)}
    assert set(chats) == {100_000 + number for number in range(CHATS)}
    doubled = {address for address, n in received.items() if n > 1} | {str(chat) for chat, n in chats.items() if n > 1}
    assert doubled <= repeats
    for letter in rehearsal.get("letters"):
        if "We got your message" in letter["subject"]:
            assert letter["message_id"] == ids[letter["recipient"]]
