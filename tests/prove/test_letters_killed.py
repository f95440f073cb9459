"""The collected letters are filed by a process that is killed again and again; each is one row of the ledger in the end."""

import random
import subprocess
import sys
from collections import Counter

import pytest
from sqlmodel import select

from intake.reception import Reception
from storage.tables import ArrivalRow, CaseRow, LedgerResult
from storage.unit_of_work import open_memory
from tests.casework.rooms import MONDAY, OFFICE
from tests.desk.letters import BOUNDARY, DOOR, NAMES, OURS, arrivals
from tests.prove.running import PROJECT

pytestmark = pytest.mark.prove

KILLS = 15


def filing(url: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.prove.filing_letters", url]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    return process


async def test_after_fifteen_kills_each_letter_is_one_row_and_stays_one(database_url: str) -> None:
    chance = random.Random(11)  # the instants of the kills, the same in every run
    killed = 0
    for _ in range(KILLS):
        with filing(database_url) as process:
            try:
                process.wait(chance.uniform(0.02, 0.4))
            except subprocess.TimeoutExpired:
                process.kill()
                killed += 1
    with filing(database_url) as process:
        assert process.wait(240) == 0

    memory = open_memory(database_url)
    again = await Reception(memory, lambda: OFFICE, BOUNDARY, OURS).admit(arrivals(), MONDAY)
    async with memory.reading() as uow:
        rows = (await uow.exec(select(ArrivalRow))).all()
        cases = len((await uow.exec(select(CaseRow))).all())
    await memory.close()
    assert killed > KILLS // 2
    assert {one.result for one in again} == {None}
    assert Counter(row.position for row in rows) == Counter(range(1, len(NAMES) + 1))
    assert {row.door for row in rows} == {DOOR}
    assert cases == sum(row.result is LedgerResult.OPENED for row in rows)
