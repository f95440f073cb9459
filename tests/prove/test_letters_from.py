"""A folder of letters, our own or anybody's: each is one row of the ledger, whatever is killed, however often it comes.

`make letters FOLDER=/path/to/letters` takes another folder: files with a letter each, mbox files, Maildirs. Nothing of it is
kept, and nobody is written to: database, mailbox and mail server are made for it and end with it.
"""

import base64
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.cli.importing import _files_under, _letters
from intake.arrival import Arrival, Wire
from intake.reading import NotRead, Reading, read_arrival
from intake.reception import identity_of
from tests.casework.rooms import MONDAY
from tests.prove.running import PROJECT, Rehearsal, Town, running_rehearsal, wait_until

pytestmark = pytest.mark.prove

FOLDER = Path(os.environ.get("LETTERS_FROM") or Path(__file__).parents[1] / "letters")
KILLS = 6
SECONDS = 2.0
MEGABYTES = 200
SETTLES_WITHIN_SECONDS = 600
SAID_BY_NOBODY = """select count(*) from outbox o join arrival a on a.message_id = o.in_reply_to
    where a.result = 'automatic' and a.message_id <> '' and a.message_id not in
    (select message_id from arrival where result <> 'automatic')"""
"""Letters of ours that answer a machine's."""


def raw_letters() -> list[bytes]:
    return [one.raw for one in _letters(list(_files_under(FOLDER)), FOLDER, []) if one.raw.strip()]


def read(raw: bytes, door: str = "import") -> Reading | NotRead:
    return read_arrival(Arrival(door, Wire.EMAIL, raw, MONDAY))


def different(raws: list[bytes]) -> int:
    """How many they are, those with the same words under the same headers counted once."""
    return len({identity_of(read(raw)) for raw in raws})


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


@pytest.fixture
def rehearsal() -> Iterator[Rehearsal]:
    with running_rehearsal(may_be_killed=True) as doubles:
        yield doubles


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, rehearsal: Rehearsal, tmp_path: Path) -> Town:
    url = f"sqlite:///{tmp_path / 'heard.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    town = Town(rehearsal, url, tmp_path)
    town.migrate()
    return town


def importing(town: Town) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "bot", "import-mail", str(FOLDER), "--json"]
    with (town.folder / "import.jsonl").open("wb") as out:
        return subprocess.Popen(command, cwd=PROJECT, env=town.environment(), stdout=out, stderr=subprocess.DEVNULL)


def results(town: Town) -> list[str]:
    lines = (town.folder / "import.jsonl").read_text().splitlines()
    return [one["result"] for one in map(json.loads, lines) if "path" in one]


def test_no_letter_breaks_its_reader_or_takes_long() -> None:
    wrong = []
    read(b"From: a@b.example\n\nthe first letter also loads the lists\n")
    for number, raw in enumerate(raw_letters()):
        began, before = time.process_time(), _megabytes()
        read(raw)
        seconds, grown = time.process_time() - began, _megabytes() - before
        if seconds > SECONDS or grown > MEGABYTES:
            wrong.append((number, round(seconds, 1), grown))
    assert wrong == []


def test_each_is_one_row_though_the_import_is_killed_and_done_twice(town: Town) -> None:
    raws, chance = raw_letters(), random.Random(5)  # the instants of the kills, the same in every run
    for _ in range(KILLS):
        with importing(town) as process:
            try:
                process.wait(chance.uniform(0.3, 3.0))
            except subprocess.TimeoutExpired:
                process.kill()
    with importing(town) as process:
        assert process.wait(SETTLES_WITHIN_SECONDS) in (0, 1)  # 1 tells of letters that lie on the shelf
    first = results(town)
    with importing(town) as process:
        assert process.wait(SETTLES_WITHIN_SECONDS) in (0, 1)

    assert len(first) == len(raws)
    assert set(results(town)) == {"repeat"}
    assert town.count("select count(*) from arrival") == different(raws)
    assert town.count("select count(*) from cases") == town.count("select count(*) from arrival where result = 'opened'")
    assert town.count("select count(*) from outbox where notice in ('receipt', 'added', 'nothing', 'status')") == 0


def test_each_is_one_row_by_the_mailbox_though_the_service_is_killed_and_the_mailbox_numbered_anew(town: Town) -> None:
    raws, chance = raw_letters(), random.Random(7)  # the instants of the kills, the same in every run
    for raw in raws:
        town.rehearsal.post("letter", raw=base64.b64encode(raw).decode())
    wanted = different(raws)
    _run_until(town, lambda: town.count("select count(*) from arrival") >= wanted, chance)
    town.rehearsal.post("renumber")
    _run_until(town, lambda: _was_read_again(town), chance)

    assert town.count("select count(*) from arrival") == wanted
    assert town.count("select count(*) from cases") == town.count("select count(*) from arrival where result = 'opened'")
    assert town.count(SAID_BY_NOBODY) == 0


def _was_read_again(town: Town) -> bool:
    """Whether the mailbox under its new numbers was read as far as the letters that lay in it."""
    rows = town.ask("select validity, position from door where validity like '% again until %'")
    return any(position >= int(validity.rpartition(" ")[2]) for validity, position in rows)


def _run_until(town: Town, claim: Callable[[], bool], chance: random.Random) -> None:
    for _ in range(KILLS):
        readies = town.readies()
        service = town.start()
        wait_until(lambda seen=readies: town.readies() > seen, 30)  # type: ignore[misc]  # mypy knows no default of a lambda
        time.sleep(chance.uniform(0.0, 2.0))
        service.kill()
        service.wait(20)
    service = town.start()
    done = wait_until(claim, SETTLES_WITHIN_SECONDS)
    service.send_signal(signal.SIGTERM)
    service.wait(60)
    assert done, town.log.read_text()[-2000:]
