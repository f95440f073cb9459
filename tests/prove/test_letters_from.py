"""A folder of letters, our own or anybody's: each is one row of the ledger, whatever is killed, however often it comes.

`make letters FOLDER=/path/to/letters` takes another folder: files with a letter each, mbox files, Maildirs. Nothing of it is
kept, and nobody is written to: database, mailbox and mail server are made for it and end with it.
"""

import base64
import fcntl
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from bot.cli.importing import _files_under, _letters
from intake.arrival import Arrival, Wire
from intake.reading import NotRead, Reading, read_arrival
from intake.reception import GROUP, identity_of
from tests.casework.rooms import MONDAY
from tests.prove.running import PROJECT, Rehearsal, Town, running_rehearsal, wait_until

pytestmark = pytest.mark.prove

FOLDER = Path(os.environ.get("LETTERS_FROM") or Path(__file__).parents[1] / "letters")
KILLS = 6
NARROW = 4096
"""Bytes of a pipe: who writes into it waits for who reads, and is never far ahead."""
AHEAD = 4 * GROUP
"""Letters: what is stored while as many lines as fit into the pipe, and into what Python holds back of it, are not read."""
SECONDS = 2.0
MEGABYTES = 200
SETTLES_WITHIN_SECONDS = 600
SAID_BY_NOBODY = """select count(*) from outbox o join arrival a on a.message_id = o.in_reply_to
    where a.result = 'automatic' and a.message_id <> '' and a.message_id not in
    (select message_id from arrival where result <> 'automatic')"""
"""Letters of ours that answer a machine's."""


def raw_letters() -> list[bytes]:
    return [one.raw for one in _letters(list(_files_under(FOLDER)), FOLDER, [])]


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
    process = subprocess.Popen(command, cwd=PROJECT, env=town.environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, NARROW)
    return process


def told(process: "subprocess.Popen[bytes]") -> Iterator[str]:
    """What became of each letter, as soon as the import says so: it is stored then."""
    assert process.stdout is not None
    return (one["result"] for one in map(json.loads, process.stdout) if "path" in one)


def import_all(town: Town) -> list[str]:
    with importing(town) as process:
        results = list(told(process))
    assert process.returncode in (0, 1)  # 1 tells of letters that lie on the shelf
    return results


def stored(town: Town) -> int:
    return town.count("select count(*) from arrival")


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
    """Each kill comes when so many new letters were told of, while others are being stored."""
    raws, chance, between = raw_letters(), random.Random(5), 0
    wanted = different(raws)
    for _ in range(KILLS):
        with importing(town) as process:
            news = (result for result in told(process) if result != "repeat")
            for _, _ in zip(range(chance.randint(1, GROUP // 2)), news, strict=False):
                pass
            process.kill()
        between += 0 < stored(town) < wanted
    first = import_all(town)

    assert between or wanted <= AHEAD
    assert len(first) == len(raws)
    assert set(import_all(town)) == {"repeat"}
    assert stored(town) == wanted
    assert town.count("select count(*) from cases") == town.count("select count(*) from arrival where result = 'opened'")
    assert town.count("select count(*) from outbox where notice in ('receipt', 'added', 'nothing', 'status')") == 0


def test_each_is_one_row_by_the_mailbox_though_the_service_is_killed_and_the_mailbox_numbered_anew(town: Town) -> None:
    """Each kill comes when the first of a sixth of the letters is stored: what comes after that sixth is not there yet."""
    raws, chance = [raw for raw in raw_letters() if raw.strip()], random.Random(7)
    wanted, a_sixth = different(raws), -(-len(raws) // KILLS)
    for start in range(0, len(raws), a_sixth):
        before, after = stored(town), different(raws[: start + a_sixth])
        with _started(town) as service:
            for raw in raws[start : start + a_sixth]:
                town.rehearsal.post("letter", raw=base64.b64encode(raw).decode())
            least = min(after, before + chance.randint(1, max(1, (after - before) // 2)))  # repeats are no more rows
            assert wait_until(partial(_are_stored, town, least), SETTLES_WITHIN_SECONDS)
            service.kill()
    _run_until(town, partial(_are_stored, town, wanted))
    town.rehearsal.post("renumber")
    _run_until(town, partial(_was_read_again, town))

    assert stored(town) == wanted
    assert town.count("select count(*) from cases") == town.count("select count(*) from arrival where result = 'opened'")
    assert town.count(SAID_BY_NOBODY) == 0


def _are_stored(town: Town, letters: int) -> bool:
    return stored(town) >= letters


def _was_read_again(town: Town) -> bool:
    """Whether the mailbox under its new numbers was read as far as the letters that lay in it."""
    rows = town.ask("select validity, position from door where validity like '% again until %'")
    return any(position >= int(validity.rpartition(" ")[2]) for validity, position in rows)


def _started(town: Town) -> "subprocess.Popen[bytes]":
    readies = town.readies()
    service = town.start()
    assert wait_until(lambda: town.readies() > readies, SETTLES_WITHIN_SECONDS), town.log.read_text()[-2000:]
    return service


def _run_until(town: Town, claim: Callable[[], bool]) -> None:
    with _started(town) as service:
        done = wait_until(claim, SETTLES_WITHIN_SECONDS)
        service.send_signal(signal.SIGTERM)
    assert done, town.log.read_text()[-2000:]
