"""By what the dates of open cases were counted, and all of them counted again where that reads otherwise now.

A release that mends a rule, a number that the council sets anew, a closure day in the settings: a case would learn of it only
with its next event, and its people would go by a date that no rule gives. A rule that begins on a day judges no case that came
before it (`applies_from`): only what was written wrongly, or is the council's own, moves a date here.
"""

import hashlib
from datetime import datetime

from sqlmodel import select

from casework.acting import Acting
from casework.decisions.duties import SERVICE
from casework.office import Office
from casework.recounting import recount_open_cases
from procedures.terms import Procedure
from storage.tables import CountedByRow
from storage.unit_of_work import Memory, UnitOfWork

DAYS = "days"
"""The part that is no procedure: which days count."""


async def count_by_what_holds_now(memory: Memory, office: Office, now: datetime) -> int:
    """Count all open cases again if a rule or a day has changed since that was last done; return how many dates moved.

    What moved is noted on its case and told to its owner, with what changed (`recount_open_cases`). Where nothing has changed
    it reads one small table.
    """
    holds = what_holds(office)
    async with memory.reading() as uow:
        if not _changed(await _known(uow), holds):
            return 0
    async with memory.unit_of_work() as uow:
        known = await _known(uow)
        changed = _changed(known, holds)
        moved = await recount_open_cases(uow, Acting(SERVICE, office, now), _why(changed, is_first=not known)) if changed else []
        for part in changed:
            row = known.get(part) or CountedByRow(part=part, version="", since=now)
            row.version, row.since = holds[part], now
            uow.add(row)
    return len(moved)


def what_holds(office: Office) -> dict[str, str]:
    """The rules of each procedure of this nation as they read now, and the days that count: a digest of each."""
    rules = {
        procedure.value: repr(
            [rule for rule in office.rulebook.clocks if (rule.nation, rule.procedure) == (office.nation, procedure)]
        )
        for procedure in Procedure
    }
    days = [(one.nation, one.known_from, one.known_until, sorted(one.holidays)) for one in (office.calendar, office.open_days)]
    return {part: hashlib.sha256(words.encode()).hexdigest() for part, words in {**rules, DAYS: repr(days)}.items()}


async def _known(uow: UnitOfWork) -> dict[str, CountedByRow]:
    return {row.part: row for row in await uow.exec(select(CountedByRow))}


def _changed(known: dict[str, CountedByRow], holds: dict[str, str]) -> list[str]:
    return [part for part, version in holds.items() if part not in known or known[part].version != version]


def _why(changed: list[str], *, is_first: bool) -> str:
    """What changed, for the record and for the owners."""
    if is_first:
        return "counted by the rules of this version"
    procedures = ", ".join(part.replace("_", " ") for part in changed if part != DAYS)
    parts = [f"the rules have changed ({procedures})"] if procedures else []
    return " and ".join([*parts, *(["the days that count have changed"] if DAYS in changed else [])])
