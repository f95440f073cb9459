"""The plug is pulled, again and again, while letters and chat messages come in. Then everything is counted."""

import random
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.prove.running import RECEIPTS_ENDED, Rehearsal, Town, running_rehearsal, wait_until

pytestmark = pytest.mark.prove

KILLS = 50
LETTERS = 300
CHATS = 300
EVERY_SECONDS = 0.3
SETTLES_WITHIN_SECONDS = 240


@pytest.fixture
def rehearsal() -> Iterator[Rehearsal]:
    with running_rehearsal() as doubles:
        yield doubles


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, rehearsal: Rehearsal, tmp_path: Path) -> Town:
    url = f"sqlite:///{tmp_path / 'heard.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    town = Town(rehearsal, url, tmp_path)
    town.migrate()
    return town


def test_after_fifty_kills_every_message_is_stored_once_and_every_receipt_sent(town: Town) -> None:
    chance = random.Random(20260302)  # the instants of the kills, the same in every run
    everything_sent = threading.Event()

    def people_write() -> None:
        for number in range(max(LETTERS, CHATS)):
            town.write_letter(number)
            town.write_chat(number)
            time.sleep(EVERY_SECONDS)
        everything_sent.set()

    writing = threading.Thread(target=people_write)
    writing.start()
    kills_while_writing = 0
    for number in range(KILLS):
        readies = town.readies()
        service = town.start()
        if number % 5:  # each fifth is killed while it starts
            wait_until(lambda seen=readies: town.readies() > seen, 20)  # type: ignore[misc]  # mypy knows no default of a lambda
        time.sleep(chance.uniform(0.0, 2.0))
        assert service.poll() is None, town.log.read_text()[-2000:]
        service.kill()
        service.wait(20)
        kills_while_writing += not everything_sent.is_set()
    writing.join(240)
    assert everything_sent.is_set()
    readies = town.readies()
    service = town.start()
    assert wait_until(lambda: town.readies() > readies, 60)
    done = wait_until(lambda: town.count(RECEIPTS_ENDED) >= LETTERS + CHATS, SETTLES_WITHIN_SECONDS)
    service.send_signal(signal.SIGTERM)
    assert service.wait(30) == 0
    marked = town.count("select count(*) from outbox where notice = 'receipt' and may_repeat")
    doubled = [sum(n > 1 for n in counted.values()) for counted in town.receipts()]
    sys.stdout.write(
        f"\nkills {KILLS} ({kills_while_writing} while people wrote); marked as possible repeats {marked}; "
        f"really doubled: letters {doubled[0]}, chats {doubled[1]}\n"
    )

    assert done
    assert town.wrong(LETTERS, CHATS) == []
