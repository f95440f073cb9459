"""Any bytes are handled: letters and updates that were damaged in every way end in exactly one place, and nothing hangs."""

import json
import random
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.arrival import Arrival, Wire
from intake.reading import NotRead, Reading, read_arrival
from intake.reception import Reception
from storage.tables import ArrivalRow, LedgerResult
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE
from tests.desk.damage import damaged

pytestmark = pytest.mark.prove

LETTERS = sorted((Path(__file__).parents[1] / "letters").glob("*.eml"))
READ = 20_000
FILED = 600
SLOWEST_SECONDS = 2.0
"""What one letter may take to read at most, on any machine that this runs on: a hang, not a measure of speed."""

UPDATE = {
    "update_id": 7,
    "message": {
        "message_id": 1,
        "date": 1741600800,
        "chat": {"id": 1001, "type": "private", "first_name": "Sam"},
        "from": {"id": 1001, "is_bot": False, "first_name": "Sam", "language_code": "en"},
        "text": "no one told me why i have to move",
    },
}
WHATEVER: tuple[object, ...] = (
    None,
    True,
    -1,
    2**63,
    0.5,
    "",
    "\x00",
    "\ud800",
    "a" * 5000,
    [],
    [None],
    {},
    {"id": "x"},
    "\u202e\u200b",
)


def damaged_update(chance: random.Random) -> bytes:
    """The update with a field changed to something else, or gone."""
    update = json.loads(json.dumps(UPDATE))
    places = [update]
    for _ in range(chance.randint(1, 4)):
        place = chance.choice(places)
        inner = [value for value in place.values() if isinstance(value, dict)] if isinstance(place, dict) else []
        places += inner
        if isinstance(place, dict) and place:
            key = chance.choice(sorted(place))
            if chance.random() < 0.3:
                del place[key]
            else:
                place[key] = chance.choice(WHATEVER)
    return json.dumps(update).encode("utf-8", "surrogatepass")


def test_no_damaged_letter_hangs_or_breaks_its_reader() -> None:
    chance = random.Random(19)  # the same damage in every run
    originals = [letter.read_bytes() for letter in LETTERS]
    slowest = 0.0
    for _ in range(READ):
        raw = damaged(chance.choice(originals), chance)
        began = time.process_time()  # of this process: another one's work doesn't count
        reading = read_arrival(Arrival("import", Wire.EMAIL, raw, MONDAY), our_addresses=["yoursay@council.example"])
        slowest = max(slowest, time.process_time() - began)
        assert isinstance(reading, Reading | NotRead)

    assert slowest < SLOWEST_SECONDS


def test_no_damaged_update_breaks_its_reader() -> None:
    chance = random.Random(23)  # the same damage in every run
    for _ in range(READ):
        reading = read_arrival(Arrival("telegram:1", Wire.TELEGRAM, damaged_update(chance), MONDAY, position=1))
        assert isinstance(reading, Reading | NotRead)


async def test_every_damaged_arrival_is_in_the_ledger_once_filed_or_on_the_shelf(memory: Memory) -> None:
    chance = random.Random(29)  # the same damage in every run
    originals = [letter.read_bytes() for letter in LETTERS]
    arrivals = [
        Arrival("mailbox:t", Wire.EMAIL, damaged(chance.choice(originals), chance), MONDAY, number, "1")
        if number % 2
        else Arrival("telegram:1", Wire.TELEGRAM, damaged_update(chance), MONDAY, number, "1")
        for number in range(1, FILED + 1)
    ]
    reception = Reception(memory, lambda: OFFICE)

    admitted = await reception.admit(arrivals, datetime(2025, 3, 10, 12, tzinfo=UTC))

    assert len(admitted) == FILED
    async with memory.reading() as uow:
        from sqlmodel import select

        rows = {row.id: row.result for row in await uow.exec(select(ArrivalRow))}
    assert {one.arrival_id for one in admitted} == set(rows)
    assert set(rows.values()) <= set(LedgerResult)
