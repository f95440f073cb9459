"""By what the dates of open cases were counted, and all of them counted again where that reads otherwise now.

A release that mends a rule, a number that the council sets anew, a closure day in the settings: a case would learn of it only
with its next event, and its people would go by a date that no rule gives. A rule that begins on a day judges no case that came
before it (`applies_from`): only what was written wrongly, or is the council's own, moves a date here.
"""

import hashlib
from dataclasses import replace
from datetime import datetime

from sqlmodel import select

from casework.acting import Acting
from casework.decisions.duties import SERVICE
from casework.office import Office
from casework.recounting import recount_open_cases
from procedures.clock_rules import ClockRule
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
        known = await _known(uow)
    changed = _changed(known, holds)
    if not changed:
        return 0
    rows = [CountedByRow(part=part, version=holds[part], since=now) for part in changed]
    return len(await recount_open_cases(memory, Acting(SERVICE, office, now), _why(changed, is_first=not known), rows))


def what_holds(office: Office) -> dict[str, str]:
    """The rules of each procedure of this nation as they count now, and the days that count: a digest of each."""
    rules = {
        procedure.value: repr(
            [_counts(rule) for rule in office.rulebook.clocks if (rule.nation, rule.procedure) == (office.nation, procedure)]
        )
        for procedure in Procedure
    }
    days = [(one.nation, one.known_from, one.known_until, sorted(one.holidays)) for one in (office.calendar, office.open_days)]
    return {part: hashlib.sha256(words.encode()).hexdigest() for part, words in {**rules, DAYS: repr(days)}.items()}


def _counts(rule: ClockRule) -> ClockRule:
    """A rule without what moves no date: its sentence, its notes, its source. A spelling that was mended counts nothing anew."""
    extension = replace(rule.extension, authority="", only_if="") if rule.extension else None
    return replace(rule, authority="", check=False, plain="", note="", extension=extension)


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
